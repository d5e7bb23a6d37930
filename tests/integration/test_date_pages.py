"""How a date was computed: whose page it is, what it says of stored dates, and the rules that anybody may try out."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from complaints.actions.decision import ask_information
from complaints.models import Complaint
from complaints.states import Side
from disputes.models import Dispute
from disputes.selectors import turns
from disputes.selectors.cases import SHOWN_TO
from microguard.core.clock import CHINA
from microguard.deadlines.actions import start
from microguard.deadlines.legislation import OPERATORS, legislation
from microguard.deadlines.models import Deadline
from tests.cases import a_filed_complaint, a_signed_dispute, an_invited_dispute
from tests.clock import MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office
from tests.visitors import a_browser, at_desk, sentences

BEFORE_THE_HOLIDAYS = datetime(2026, 9, 24, 10, 5, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _monday_noon(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.OPERATOR = "consumer_association"
    clock_at(MONDAY_NOON)


def clock(case: Complaint | Dispute, rule: str) -> Deadline:
    return Deadline.objects.filter(case_id=case.case_id, rule=rule).latest("pk")


def number_of(case: Complaint | Dispute) -> str:
    return str(case.number if isinstance(case, Complaint) else case.complaint.number)


def address(case: Complaint | Dispute, deadline: Deadline, language: str = "/en") -> str:
    return f"{language}/c/{number_of(case)}/deadlines/{deadline.pk}/"


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


# --- whose page it is ---


@pytest.mark.parametrize("phone", ["", LIN_PHONE], ids=["nobody", "somebody else"])
def test_a_date_of_a_case_that_is_not_yours_looks_like_one_that_does_not_exist(phone: str, office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    browser = a_browser(phone=phone)

    path, nowhere = (
        f"{number_of(dispute)}/deadlines/{clock(dispute, 'respondent.answer').pk}/",
        "nowhere/deadlines/1/",
    )
    answer, missing = browser.get(f"/en/c/{path}"), browser.get(f"/en/c/{nowhere}")

    assert (answer.status_code, missing.status_code) == (404, 404)
    assert answer.text.replace(path, nowhere) == missing.text


@pytest.mark.parametrize(
    ("rule", "buyer", "seller"),
    [
        ("respondent.answer", 200, 200),
        ("complaint.acceptance", 200, 404),
        ("first.contact", 200, 404),
        ("complaint.acceptance.target", 404, 404),
        ("respondent.reminder", 404, 404),
    ],
)
def test_a_party_is_told_of_the_clocks_that_its_case_page_shows(
    rule: str, buyer: int, seller: int, office: Office
) -> None:
    dispute = an_invited_dispute(officer=office.li)
    path = address(dispute, clock(dispute, rule))

    answers = [a_browser(phone=phone).get(path).status_code for phone in (ZHANG_PHONE, CHEN_PHONE)]

    assert answers == [buyer, seller]
    assert at_desk(office.li_officer).get(path).status_code == 200


def test_the_regulator_outside_is_told_no_clock_of_the_offices_own(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    browser = at_desk(office.sun_regulator)

    own, shared = (clock(dispute, rule) for rule in ("respondent.reminder", "respondent.answer"))

    assert [browser.get(address(dispute, found)).status_code for found in (own, shared)] == [404, 200]


def test_a_clock_of_another_case_is_not_found_under_this_one(office: Office) -> None:
    mine, other = a_filed_complaint(), an_invited_dispute(officer=office.li)

    path = f"/en/c/{mine.number}/deadlines/{clock(other, 'respondent.answer').pk}/"

    assert a_browser(phone=ZHANG_PHONE).get(path).status_code == 404


@pytest.mark.parametrize("key", ["0", "999999", "9" * 40, "9" * 5000, "x"])
def test_a_clock_that_never_was_is_not_found(key: str, office: Office) -> None:
    complaint = a_filed_complaint()

    assert a_browser(phone=ZHANG_PHONE).get(f"/c/{complaint.number}/deadlines/{key}/").status_code == 404


def test_every_clock_that_a_turn_names_can_be_explained_to_whom_it_is_shown() -> None:
    source = Path(turns.__file__).read_text(encoding="utf-8")
    named = {key for key in legislation().keys if f'"{key}"' in source}

    assert len(named) >= 8
    assert named <= set(SHOWN_TO[Side.COMPLAINANT]) == set(SHOWN_TO[Side.OFFICE])
    assert {rule for rule in named if not rule.startswith("complaint.")} <= set(SHOWN_TO[Side.RESPONDENT])


# --- the ways there ---


@pytest.mark.parametrize("phone", [ZHANG_PHONE, CHEN_PHONE], ids=["buyer", "seller"])
def test_the_date_in_the_banner_leads_to_its_computation(phone: str, office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    page = a_browser(phone=phone).get(f"/en/c/{dispute.complaint.number}/")

    path = address(dispute, clock(dispute, "respondent.answer"))
    assert f'<a class="why" href="{path}">How this date was computed</a>' in page.text


def test_the_time_to_reconsider_and_the_payment_lead_to_their_computations(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)
    browser = a_browser(phone=ZHANG_PHONE)

    case_page = browser.get(f"/en/c/{dispute.complaint.number}/").text
    payment_page = browser.get(f"/en/c/{dispute.complaint.number}/performance/").text

    assert f'href="{address(dispute, clock(dispute, "settlement.cooling_off"))}"' in case_page
    assert f'href="{address(dispute, clock(dispute, "settlement.performance"))}"' in payment_page


def test_every_clock_at_the_desk_leads_to_its_computation(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    browser = at_desk(office.li_officer)

    page = browser.get(f"/en/desk/complaints/complaint/{dispute.complaint_id}/change/").text

    for deadline in Deadline.objects.filter(case_id=dispute.complaint_id):
        assert f'<a href="{address(dispute, deadline)}">' in page


# --- what it says ---


def test_the_page_tells_rule_basis_days_end_and_what_follows(db: None) -> None:
    complaint = a_filed_complaint(BEFORE_THE_HOLIDAYS)
    path = address(complaint, clock(complaint, "complaint.acceptance"))

    page = words(a_browser(phone=ZHANG_PHONE).get(path))

    for said in (
        "by Mon 12 Oct, midnight Beijing time",
        "7 working days from: receipt of the complaint, Thu 24 Sep 2026 10:05",
        "our own rule (policy)",
        "Sat 10 Oct working day 6: a weekend that is worked (notice for 2026)",
        "late from Tue 13 Oct 2026 00:00 on",
        "the consumer is told, the supervisor is alarmed and it counts as late",
        "since 2020-01-01",
        "complaint.acceptance@2020-01-01/consumer_association",
    ):
        assert said in page


def test_a_statutory_clock_shows_article_quotation_and_earlier_versions(settings: Any, office: Office) -> None:
    settings.OPERATOR = "market_regulator"
    dispute = an_invited_dispute(officer=office.li)

    page = words(a_browser(phone=ZHANG_PHONE).get(address(dispute, clock(dispute, "mediation.term"))))

    for said in (
        "the law Measures for Handling Complaints and Reports (SAMR Order 121) art. 23(1)(5)",
        "自投诉受理之日起六十日内",
        "2020-01-01 to 2024-06-30 · 45 working days",
        "Stands still during a test or an appraisal",
        "provisional",
    ):
        assert said in page


def test_a_date_brought_forward_says_so_and_why(office: Office) -> None:
    complaint = a_filed_complaint()
    late = datetime(2026, 11, 27, 9, 0, tzinfo=CHINA)
    ask_information(complaint_id=complaint.pk, question="请补充付款截图，谢谢您。", by=office.li, at=late)

    page = words(a_browser(phone=ZHANG_PHONE).get(address(complaint, clock(complaint, "complaint.correction"))))

    assert (
        "Counted as below, this term would end by Fri 4 Dec, midnight Beijing time; in this case it ends by "
        "Tue 1 Dec, midnight Beijing time. It was brought forward because “Decision on acceptance” does not wait: "
        "that is due by Wed 2 Dec, midnight Beijing time."
    ) in page
    assert "In time until midnight at the end of Tue 1 Dec" in page
    assert "In time until midnight at the end of Fri 4 Dec" not in page


def test_an_agreed_date_is_not_made_to_look_counted(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)

    page = words(a_browser(phone=ZHANG_PHONE).get(address(dispute, clock(dispute, "settlement.performance"))))

    assert "Both sides agreed on this date in their agreement." in page
    assert "Day by day" not in page
    assert "hours" not in page.replace("Opening hours", "")


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"due_at": MONDAY_NOON}, "It was brought forward when the term started."),
        ({"due_at": datetime(2027, 3, 1, tzinfo=CHINA)}, "It was put off by a decision in this case."),
        (
            {"due_at": datetime(2027, 1, 25, tzinfo=CHINA), "provisional": True},
            "It was counted before the holiday notice was issued, and was kept.",
        ),
    ],
    ids=["earlier", "later", "counted by another calendar"],
)
def test_no_stored_date_differs_from_the_count_without_a_word(
    columns: dict[str, Any], why: str, office: Office
) -> None:
    dispute = an_invited_dispute(officer=office.li)
    deadline = clock(dispute, "respondent.answer")
    Deadline.objects.filter(pk=deadline.pk).update(**columns)

    page = words(a_browser(phone=ZHANG_PHONE).get(address(dispute, deadline)))

    assert "Counted as below, this term would end by Mon 7 Dec, midnight Beijing time; in this case" in page
    assert why in page


def test_a_clock_as_counted_has_nothing_to_excuse(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    page = a_browser(phone=ZHANG_PHONE).get(address(dispute, clock(dispute, "respondent.answer")))

    assert page.context["difference"] == ""
    assert "Counted as below" not in page.text


def test_a_version_that_is_no_longer_known_is_owned_up_to(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    deadline = clock(dispute, "respondent.answer")
    Deadline.objects.filter(pk=deadline.pk).update(rule_version="respondent.answer@1999-01-01/nobody")

    page = a_browser(phone=ZHANG_PHONE).get(address(dispute, deadline))

    assert page.status_code == 200
    assert "The version of the rule by which this date was counted is no longer in our data." in page.text


def test_every_clock_of_every_operator_can_be_told(settings: Any, office: Office) -> None:
    complaint = a_filed_complaint()
    browser = at_desk(office.li_officer)

    for operator in OPERATORS:
        settings.OPERATOR = operator
        for version in legislation().clocks_of(operator, MONDAY_NOON.date()):
            deadline = start(version.key, complaint, at=TUESDAY_MORNING, subject=f"{operator[:8]}/{version.key}")
            for language in ("", "/en"):
                page = browser.get(address(complaint, deadline, language))
                assert page.status_code == 200, version.id
                assert page.context["difference"] == "" or version.key == "settlement.performance"


@pytest.mark.parametrize(
    ("rule", "most"), [("mediation.term", 6), ("complaint.correction", 7)], ids=["as counted", "brought forward"]
)
def test_the_page_asks_few_questions_of_the_database(
    rule: str, most: int, office: Office, django_assert_max_num_queries: Any
) -> None:
    dispute = an_invited_dispute(officer=office.li)
    if rule == "complaint.correction":
        start(rule, dispute, at=MONDAY_MORNING, not_after=MONDAY_NOON)
    browser, path = a_browser(phone=ZHANG_PHONE), address(dispute, clock(dispute, rule))

    with django_assert_max_num_queries(most):
        page = browser.get(path)

    assert page.status_code == 200


# --- the rules that anybody may try out ---


@pytest.mark.parametrize(
    ("operator", "rule", "day", "until", "version"),
    [
        ("market_regulator", "complaint.acceptance", "2026-09-24", "by Mon 12 Oct", "SAMR Order 121) art. 15"),
        ("market_regulator", "mediation.term", "2024-06-28", "by Fri 30 Aug", "SAMR Order 20) art. 21"),
        ("consumer_association", "mediation.term", "2026-08-03", "by Thu 8 Oct", "No law sets this time limit."),
        ("consumer_association", "settlement.cooling_off", "2026-11-25", "by Thu 26 Nov", "No law sets"),
    ],
)
def test_anybody_may_count_a_rule_from_a_day(
    operator: str, rule: str, day: str, until: str, version: str, client: Client, db: None, settings: Any
) -> None:
    settings.OPERATOR = operator

    page = client.get("/en/rules/", {"rule": rule, "from": day})

    assert page.status_code == 200
    tried = words(page).partition("Time limits in force")[0]
    assert f"{until}, midnight Beijing time" in tried
    assert version in tried
    assert f'value="{day}"' in page.text
    assert f'value="{rule}" selected' in page.text


@pytest.mark.parametrize(
    ("rule", "day", "sentence"),
    [
        ("complaint.acceptance", "2026-02-30", "Enter a day that exists, for example 2026-11-25."),
        ("complaint.acceptance", "yesterday", "Enter a day that exists, for example 2026-11-25."),
        ("complaint.acceptance", "9" * 5000, "Enter a day that exists, for example 2026-11-25."),
        ("complaint.acceptance", "\x00", "Enter a day that exists, for example 2026-11-25."),
        ("complaint.acceptance", "1999-01-01", "This time limit is not in force on that day. Choose another day."),
        ("mediation.term", "2076-12-01", "Our calendars do not reach to that day. Choose another one."),
        ("mediation.term", "9999-12-31", "Our calendars do not reach to that day. Choose another one."),
        ("clue.check", "2026-11-25", "Choose one of the time limits in the list."),
        ("no.rule", "2026-11-25", "Choose one of the time limits in the list."),
        ("", "2026-11-25", "Choose one of the time limits in the list."),
    ],
)
def test_what_cannot_be_counted_gets_one_sentence_and_keeps_what_was_chosen(
    rule: str, day: str, sentence: str, client: Client, db: None
) -> None:
    page = client.get("/en/rules/", {"rule": rule, "from": day})

    assert page.status_code == 422
    assert sentences(page) == [sentence]
    assert page.context["chosen"] == rule
    assert page.context["day"] == day
    assert "Time limits in force" in page.text


def test_without_a_day_a_rule_is_counted_from_today(client: Client, db: None) -> None:
    page = client.get("/en/rules/", {"rule": "first.contact"})

    assert "by Wed 25 Nov, midnight Beijing time" in page.text


def test_trying_a_rule_out_asks_the_database_for_the_calendar_only(
    client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):  # whether a newer notice is loaded, and which; the test sets the clock
        client.get("/rules/", {"rule": "mediation.term", "from": "2026-08-03"})


@pytest.mark.parametrize("language", ["", "/en"])
def test_each_rule_opens_to_its_text_its_versions_and_what_follows(
    language: str, client: Client, db: None, settings: Any
) -> None:
    settings.OPERATOR = "market_regulator"

    page = words(client.get(f"{language}/rules/"))

    assert "自收到投诉之日起七个工作日内" in page
    order_20 = "第十四条" if not language else "SAMR Order 20) art. 14"
    assert order_20 in page
    for version in legislation().clocks_of("market_regulator", MONDAY_NOON.date()):
        assert (version.at_lapse.en if language else version.at_lapse.zh) in page
