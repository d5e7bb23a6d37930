"""The desk: what each of the office sees on it, and what they can do from it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from complaints.models import Complaint
from complaints.states import State as ComplaintState
from disputes.actions.mediation import (
    NotAMediator,
    answer_mediation,
    ask_for_mediation,
    assign_mediator,
    declare_impartiality,
    post_message,
    propose,
)
from disputes.actions.negotiation import make_offer
from disputes.actions.performance import report_performance
from disputes.models import Dispute, Invitation
from disputes.rules.terms import Terms
from disputes.selectors.cases import CaseFile
from disputes.selectors.docket import docket
from disputes.selectors.turns import next_action
from disputes.states import Outcome, State
from microguard.accounts.actors import actor_of
from microguard.accounts.models import Membership, User
from microguard.accounts.policies import NotAllowed
from microguard.accounts.roles import Role
from microguard.core.digests import canonical
from microguard.dashboard.docket import complaint_words, day_of_desk, dispute_words, pressing, with_facts
from microguard.deadlines.actions import lapse_next
from microguard.events.models import Event
from microguard.notifications.models import Attempt, Dispatch
from tests.cases import (
    a_dispute_to_sign,
    a_filed_complaint,
    a_picture,
    a_signed_dispute,
    an_answered_dispute,
    an_invited_dispute,
    an_open_dispute,
)
from tests.clock import MONDAY_MORNING, MONDAY_NOON
from tests.people import Office, chen, zhang
from tests.visitors import at_desk

DAY = "/en/desk/"
PHONE_PAGE = "/en/desk/complaints/complaint/phone/"
CAKE = {
    "source": "PHONE",
    "complainant_name": "刘五",
    "phone": "136 0000 0004",
    "division": "440300",
    "seller_kind": "wechat_id",
    "seller": "cakes_2026",
    "item": "生日蛋糕",
    "amount_fen": "268",
    "paid_date": "2026-11-23",
    "paid_by": "WECHAT_TRANSFER",
    "problem": "NOT_AS_DESCRIBED",
    "story": "蛋糕上的字写错了，卖家当场同意退款。",
    "key": "told-by-phone-1",
}


@pytest.fixture(autouse=True)
def _monday_noon(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


def workbench_of(complaint: Complaint, part: str = "change/") -> str:
    return f"/en/desk/complaints/complaint/{complaint.pk}/{part}"


def asked_mediation(office: Office) -> Dispute:
    """Both agree to mediation; nobody mediates yet."""
    dispute = an_answered_dispute(officer=office.li)
    ask_for_mediation(dispute_id=dispute.pk, by=zhang(), at=MONDAY_MORNING)
    return answer_mediation(dispute_id=dispute.pk, consents=True, by=chen(), at=MONDAY_MORNING)


def mediated(office: Office) -> Dispute:
    """Wang mediates."""
    dispute = asked_mediation(office)
    assign_mediator(dispute_id=dispute.pk, mediator_id=office.wang_mediator.pk, by=office.zhao, at=MONDAY_MORNING)
    declare_impartiality(dispute_id=dispute.pk, by=office.wang, at=MONDAY_MORNING)
    return Dispute.by_pk(dispute.pk)


# --- my day ---


def test_the_day_names_overdue_and_today_in_words(office: Office) -> None:
    overdue = a_filed_complaint(MONDAY_NOON - timedelta(days=30))
    while lapse_next(at=MONDAY_NOON):
        pass

    page = at_desk(office.li_officer).get(DAY)

    row = page.context["listings"][0].rows[0]
    assert (row.number, row.urgency, row.rule) == (overdue.number, "overdue", "Decision on acceptance")
    assert "· overdue" in page.text
    assert [counter["number"] for counter in page.context["counters"]] == [1, 0, 0, 0]


def test_what_ends_tonight_is_due_today(office: Office) -> None:
    a_filed_complaint(MONDAY_NOON - timedelta(days=3), problem="UNSAFE_FOOD")

    day = day_of_desk(office.li, at=MONDAY_NOON, after={})

    assert day["listings"][0].rows[0].urgency == "today"
    assert [counter["number"] for counter in day["counters"][:2]] == [0, 1]


@pytest.mark.parametrize("person", ["li_officer", "wang_mediator", "zhao_supervisor"])
def test_sixty_cases_cost_no_more_queries_than_the_budget(
    office: Office, person: str, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _number in range(30):
        a_filed_complaint()
        an_invited_dispute(officer=office.li)
    mediated(office)
    asked_mediation(office)
    browser = at_desk(getattr(office, person))

    with django_assert_max_num_queries(12):
        page = browser.get(DAY)

    assert len(page.context["listings"][0].rows) == 25


def test_more_goes_on_where_the_first_page_ended(office: Office) -> None:
    filed = {a_filed_complaint(MONDAY_MORNING + timedelta(minutes=number)).number for number in range(27)}

    first = day_of_desk(office.li, at=MONDAY_NOON, after={})["listings"][0]
    second = day_of_desk(office.li, at=MONDAY_NOON, after={"complaints": first.older})["listings"][0]

    assert (len(first.rows), len(second.rows), second.older) == (25, 2, "")
    assert {row.number for row in first.rows + second.rows} == filed


@pytest.mark.parametrize("bent", ["x", "_", "2026_1", "2026-11-23T00:00:00_1", "_99999999999999999999"])
def test_a_bent_paging_key_starts_at_the_top(office: Office, bent: str) -> None:
    a_filed_complaint()

    listing = day_of_desk(office.li, at=MONDAY_NOON, after={"complaints": bent})["listings"][0]

    assert len(listing.rows) == 1


def test_messages_of_parties_are_new_until_the_mediator_writes(office: Office) -> None:
    dispute = mediated(office)
    for number, text in enumerate(("在吗？", "我想退一半。")):
        post_message(dispute_id=dispute.pk, text=text, key=str(number), by=zhang(), at=MONDAY_MORNING)

    before = day_of_desk(office.wang, at=MONDAY_NOON, after={})
    post_message(dispute_id=dispute.pk, text="收到。", key="w", by=office.wang, at=MONDAY_NOON)
    after = day_of_desk(office.wang, at=MONDAY_NOON, after={})

    assert [day["counters"][2]["number"] for day in (before, after)] == [2, 0]
    assert [day["listings"][1].rows[0].has_news for day in (before, after)] == [True, False]


def test_the_rows_use_the_words_of_the_case_page(office: Office) -> None:
    a_filed_complaint()
    an_open_dispute(officer=office.li)
    an_invited_dispute(officer=office.li)
    talking = an_invited_dispute(officer=office.li)
    make_offer(dispute_id=talking.pk, terms=Terms(6_400, 7), by=chen(), at=MONDAY_MORNING)
    asked = an_answered_dispute(officer=office.li)
    ask_for_mediation(dispute_id=asked.pk, by=zhang(), at=MONDAY_MORNING)
    refused = an_answered_dispute(officer=office.li)
    ask_for_mediation(dispute_id=refused.pk, by=zhang(), at=MONDAY_MORNING)
    answer_mediation(dispute_id=refused.pk, consents=False, by=chen(), at=MONDAY_MORNING)
    asked_mediation(office)
    mediated(office)
    proposed = mediated(office)
    propose(dispute_id=proposed.pk, terms=Terms(6_400, 7, note="各让一步。"), by=office.wang, at=MONDAY_MORNING)
    a_dispute_to_sign(officer=office.li)
    a_signed_dispute(officer=office.li)
    paid = a_signed_dispute(officer=office.li)
    report_performance(dispute_id=paid.pk, proof=a_picture(), by=chen(), at=MONDAY_MORNING)

    said = [
        (dispute_words(row)[1], next_action(CaseFile(row.complaint, Dispute.by_pk(row.pk), "OFFICE")).sentence)
        for row in with_facts(pressing(docket(), "complaint_id"))
    ] + [
        (complaint_words(row)[1], next_action(CaseFile(row, None, "OFFICE")).sentence)
        for row in Complaint.objects.filter(state=ComplaintState.FILED)
    ]

    assert [str(words) for words, _sentence in said] == [str(sentence) for _words, sentence in said]
    assert len({str(words) for words, _sentence in said}) == 12


def test_a_mediator_takes_a_case_from_the_list(office: Office) -> None:
    dispute = asked_mediation(office)
    browser = at_desk(office.wang_mediator)
    take = browser.get(DAY).context["listings"][2].rows[0].take_url

    browser.post(take)
    browser.post(workbench_of(dispute.complaint, "do/declare/"))

    assert Dispute.by_pk(dispute.pk).state == State.MEDIATION
    assert dispute.assignments.get(ended_at__isnull=True).mediator == office.wang_mediator


def test_a_mediator_cannot_take_the_case_of_another(office: Office) -> None:
    dispute = mediated(office)
    other = User.objects.create(username="hu", name="胡")
    Membership.objects.create(user=other, role=Role.MEDIATOR)
    from_outside = at_desk(other)

    page = from_outside.post(workbench_of(dispute.complaint, "do/take/"), follow=True)

    assert "no longer possible" in page.text
    assert dispute.assignments.get(ended_at__isnull=True).mediator == office.wang_mediator


def test_taking_and_giving_are_two_rights(office: Office) -> None:
    dispute = mediated(office)
    other = User.objects.create(username="hu", name="胡")
    Membership.objects.create(user=other, role=Role.MEDIATOR)

    with pytest.raises(NotAMediator):
        assign_mediator(dispute_id=dispute.pk, mediator_id=other.pk, by=actor_of(other), at=MONDAY_NOON)
    with pytest.raises(NotAllowed):
        assign_mediator(dispute_id=dispute.pk, mediator_id=other.pk, by=office.wang, at=MONDAY_NOON)


# --- the workbench ---


def test_an_officer_asks_then_accepts_with_a_new_seller(office: Office) -> None:
    complaint = a_filed_complaint()
    browser = at_desk(office.li_officer)

    browser.post(workbench_of(complaint, "do/ask/"), {"question": "请补充付款截图，要看得到收款人。"})
    asked = Complaint.by_pk(complaint.pk).state
    browser.post(workbench_of(complaint, "do/accept/"), {"merchant": "new"})

    assert (asked, Complaint.by_pk(complaint.pk).state) == (
        ComplaintState.NEEDS_INFORMATION,
        ComplaintState.ACCEPTED,
    )


def test_a_known_handle_is_offered_and_can_be_chosen(office: Office) -> None:
    known = an_open_dispute(officer=office.li).complaint.merchant_id
    complaint = a_filed_complaint()
    browser = at_desk(office.li_officer)

    page = browser.get(workbench_of(complaint, "do/accept/"))
    browser.post(workbench_of(complaint, "do/accept/"), {"merchant": str(known)})

    assert f"S-{known} · WeChat ID sh***6" in page.text
    assert Complaint.by_pk(complaint.pk).merchant_id == known


def test_a_refusal_stands_beside_the_answers(office: Office) -> None:
    complaint = a_filed_complaint()

    page = at_desk(office.li_officer).post(
        workbench_of(complaint, "do/decline/"), {"ground": "TOO_OLD", "reason": "太久"}
    )

    assert page.status_code == 422
    assert "at least 10 characters" in page.text
    assert "太久" in page.text
    assert Complaint.by_pk(complaint.pk).state == ComplaintState.FILED


def test_only_what_is_possible_now_is_offered(office: Office) -> None:
    complaint = a_filed_complaint()
    at_mediation = mediated(office)

    def offered(user: User, case: Complaint) -> list[str]:
        return [deed["slug"] for deed in at_desk(user).get(workbench_of(case)).context["deeds"]]

    assert offered(office.li_officer, complaint) == ["accept", "ask", "trace", "settle", "decline"]
    assert offered(office.he_clerk, complaint) == []
    assert offered(office.wang_mediator, at_mediation.complaint) == [
        "message",
        "propose",
        "settle",
        "stop",
        "seller",
        "close",
    ]
    assert offered(office.zhao_supervisor, at_mediation.complaint) == [
        *("assign", "settle", "stop", "seller", "apart", "close"),
    ]


def test_the_sellers_link_is_shown_once_and_works(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li)
    browser = at_desk(office.li_officer)

    page = browser.post(workbench_of(dispute.complaint, "do/link/"))
    again = browser.get(workbench_of(dispute.complaint))
    path = page.context["invitation"].split("/r/")[1].split("/")[0]

    assert page.context["invitation"].startswith("张*")
    assert Client().get(f"/r/{path}/").status_code == 200
    assert (again.context["invitation"], Invitation.objects.count()) == ("", 1)


def test_the_mediator_writes_proposes_and_closes(office: Office) -> None:
    dispute = mediated(office)
    browser = at_desk(office.wang_mediator)
    form = {"amount_fen": "64", "pay_within_days": "7", "reasons": "鞋子确有问题，双方各让一步。"}

    for _twice in range(2):
        browser.post(workbench_of(dispute.complaint, "do/message/"), {"text": "两位好。", "key": "one-press"})
    browser.post(workbench_of(dispute.complaint, "do/propose/"), form)
    browser.post(
        workbench_of(dispute.complaint, "do/close/"), {"outcome": "NO_AGREEMENT", "note": "双方没有谈成。"}
    )

    closed = Dispute.by_pk(dispute.pk)
    assert (closed.messages.count(), closed.proposals.get().amount_fen) == (1, 6_400)
    assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.NO_AGREEMENT)


def test_a_supervisor_assigns_a_mediator(office: Office) -> None:
    dispute = asked_mediation(office)

    at_desk(office.zhao_supervisor).post(
        workbench_of(dispute.complaint, "do/assign/"), {"mediator": office.wang_mediator.pk}
    )

    assert dispute.assignments.get().mediator == office.wang_mediator


def test_phone_numbers_are_hidden_until_somebody_looks_and_that_is_recorded(office: Office) -> None:
    complaint = a_filed_complaint()
    browser = at_desk(office.li_officer)

    hidden = browser.get(workbench_of(complaint))
    shown = browser.post(workbench_of(complaint, "reveal/"))

    assert "13800000001" not in hidden.text
    assert "13800000001" in shown.text
    looked = Event.objects.get(chain=complaint.chain, name="identity.revealed")
    assert looked.actor == f"user:{office.li_officer.pk}"
    assert b"138" not in canonical(looked.facts)


def test_every_clock_says_on_what_it_rests(office: Office) -> None:
    complaint = a_filed_complaint()

    page = at_desk(office.li_officer).get(workbench_of(complaint))

    lines = {line.title: line for line in page.context["clocks"]}
    assert str(lines["Decision on acceptance"].basis) == "policy"
    assert str(lines["Decision on acceptance"].status) == "running"


def test_the_desk_says_which_regulator_is_competent_and_what_to_find_out_first(office: Office) -> None:
    complaint = a_filed_complaint(channel="MOMENTS")

    page = at_desk(office.li_officer).get(workbench_of(complaint))

    (place,) = page.context["competent"].places
    assert (place.seat, place.name) == ("the seller's domicile", "")
    assert place.provision == "SAMR Order 121, art. 13; Civil Code, art. 25"
    assert "First find out who and where the seller is." in page.text
    assert "Advice only: nothing is sent on by it." in page.text


def test_without_a_channel_the_regulator_depends_on_where_the_deal_was_made(office: Office) -> None:
    page = at_desk(office.li_officer).get(workbench_of(a_filed_complaint()))

    advice = page.context["competent"]
    assert [place.name for place in advice.places] == ["", ""]
    assert any("Say where the deal was made" in point for point in advice.places[0].open_points)
    assert "SAMR Order 121, art. 14" in advice.choice


def test_the_least_the_buyer_would_take_is_for_the_assigned_mediator_only(office: Office) -> None:
    dispute = mediated(office)
    Complaint.objects.filter(pk=dispute.complaint_id).update(minimum_yuan="77.70")

    seen = [
        "77.70" in at_desk(user).get(workbench_of(dispute.complaint)).text
        for user in (office.wang_mediator, office.li_officer, office.zhao_supervisor)
    ]

    assert seen == [True, False, False]


def test_a_draft_and_an_unknown_case_look_the_same(office: Office) -> None:
    browser = at_desk(office.li_officer)

    answers = [
        browser.get(f"/en/desk/complaints/complaint/{pk}/change/").status_code for pk in (99, "9" * 30, "x")
    ]

    assert answers == [404, 404, 404]


# --- told by phone ---


def test_a_matter_told_by_phone_is_closed_by_one_press(office: Office) -> None:
    browser = at_desk(office.wang_mediator)

    for _twice in range(2):
        page = browser.post(PHONE_PAGE, CAKE | {"settle": "1", "note": "电话里当场退款。"}, follow=True)

    complaint = Complaint.objects.get()
    assert (complaint.source, complaint.dispute.outcome) == ("PHONE", Outcome.PERFORMED)
    assert complaint.dispute.recovered_fen == 26_800
    assert f"{complaint.number} · Filed and closed as settled." in page.text


def test_a_matter_may_be_filed_only(office: Office) -> None:
    at_desk(office.he_clerk).post(PHONE_PAGE, CAKE | {"file": "1"})

    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.phone) == (ComplaintState.FILED, "13600000004")
    assert [claim.amount_fen for claim in complaint.claims.all()] == [26_800]


@pytest.mark.parametrize("source", ["LETTER", "WINDOW", "WORK_ORDER"])
def test_a_matter_that_was_sent_or_brought_keeps_its_source(office: Office, source: str) -> None:
    browser = at_desk(office.he_clerk)
    browser.post(PHONE_PAGE, CAKE | {"source": source, "file": "1"})

    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.source) == (ComplaintState.FILED, source)
    assert str(complaint.get_source_display()) in browser.get("/en/desk/complaints/complaint/").text


def test_the_page_for_the_telephone_offers_the_other_ways_but_not_the_web(office: Office) -> None:
    page = at_desk(office.he_clerk).get(PHONE_PAGE).text

    assert '<option value="PHONE" selected>' in page
    assert "service window or a work order" in page
    assert 'value="LETTER"' in page
    assert 'value="WEB"' not in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"source": "WEB"}, "Select a valid choice. WEB is not one of the available choices."),
        ({"phone": "1360000"}, "Phone number must be 11 digits. You entered 7."),
        ({"paid_date": "2026-11-24"}, "Date paid must be today (2026-11-23) or earlier."),
        ({"story": "坏了"}, "Describe what happened in at least 10 characters."),
        ({"seller_kind": "phone", "seller": "13600000004"}, "Buyer and seller have the same number. Check both."),
        ({"amount_fen": "12a"}, "Amount must be a number with up to 2 decimals."),
        ({"note": "退"}, "Write in a few words how it ended."),
    ],
)
def test_a_wrong_answer_keeps_all_others(office: Office, wrong: dict[str, str], sentence: str) -> None:
    posted = CAKE | {"settle": "1", "note": "电话里当场退款。"} | wrong

    page = at_desk(office.wang_mediator).post(PHONE_PAGE, posted)

    assert page.status_code == 422
    assert sentence in page.text
    assert "cakes_2026" in page.text or "seller" in wrong
    assert not Complaint.objects.exists()


# --- who sees what ---


@pytest.mark.parametrize(
    ("person", "pages"),
    [
        ("li_officer", {"complaints", "disputes", "merchants", "events", "notifications"}),
        ("wang_mediator", {"complaints", "disputes", "merchants", "events"}),
        ("he_clerk", {"complaints", "disputes", "merchants", "notifications"}),
        (
            "zhao_supervisor",
            {"complaints", "disputes", "merchants", "events", "notifications", "jurisdictions"},
        ),
        ("chen_operator", {"notifications", "jurisdictions"}),
        ("zhou_auditor", {"events"}),
        ("qian_security", {"accounts"}),
        ("sun_regulator", set()),
    ],
)
def test_each_role_opens_its_own_lists(office: Office, person: str, pages: set[str]) -> None:
    browser = at_desk(getattr(office, person))
    lists = {
        "complaints": "complaint",
        "disputes": "dispute",
        "merchants": "merchant",
        "events": "event",
        "notifications": "dispatch",
        "jurisdictions": "office",
        "accounts": "user",
    }

    opened = {app for app, model in lists.items() if browser.get(f"/en/desk/{app}/{model}/").status_code == 200}

    assert opened == pages


def test_a_list_pages_by_key_and_never_counts(
    office: Office, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _number in range(52):
        a_filed_complaint()
    browser = at_desk(office.li_officer)

    with django_assert_max_num_queries(6) as captured:
        first = browser.get("/en/desk/complaints/complaint/")
    second = browser.get("/en/desk/complaints/complaint/" + first.context["cl"].older_query)

    assert not [query for query in captured.captured_queries if "COUNT(" in query["sql"]]
    assert [len(page.context["cl"].result_list) for page in (first, second)] == [50, 2]


def test_a_case_is_found_by_its_whole_number_only(office: Office) -> None:
    complaint = a_filed_complaint()
    browser = at_desk(office.li_officer)

    found = [
        len(browser.get("/en/desk/complaints/complaint/", {"q": text}).context["cl"].result_list)
        for text in (complaint.number.lower(), complaint.number[:7], "张三")
    ]

    assert found == [1, 0, 0]


def test_the_operator_reads_why_a_message_did_not_go_but_no_code(office: Office) -> None:
    dispatch = Dispatch.objects.create(
        effect_key="code:1",
        notice="code",
        channel="SMS",
        address="13800000001",
        subject="",
        body="您的验证码是 424242",
        secret=True,
        created_at=MONDAY_MORNING,
        due_at=MONDAY_NOON,
    )
    Attempt.objects.create(
        dispatch=dispatch, number=1, started_at=MONDAY_MORNING, outcome="refused_by_the_gateway"
    )

    page = at_desk(office.chen_operator).get(f"/en/desk/notifications/dispatch/{dispatch.pk}/change/")

    assert "refused_by_the_gateway" in page.text
    assert "424242" not in page.text
    assert "13800000001" not in page.text


def test_the_security_administrator_gives_a_role_and_it_is_recorded(office: Office) -> None:
    person = office.he_clerk
    membership = person.memberships.get()
    form = {
        "username": person.username,
        "name": "何",
        "is_active": "on",
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": membership.pk,
        "memberships-0-user": person.pk,
        "memberships-0-role": "intake_clerk",
        "memberships-1-user": person.pk,
        "memberships-1-role": "mediator",
    }

    at_desk(office.qian_security).post(f"/en/desk/accounts/user/{person.pk}/change/", form)

    changed = Event.objects.get(chain=f"user/{person.pk}")
    assert (changed.name, changed.facts["roles"]) == ("staff.changed", ["intake_clerk", "mediator"])


def test_a_seller_is_found_by_one_exact_handle_which_stays_masked(office: Office) -> None:
    an_open_dispute(officer=office.li)
    browser = at_desk(office.li_officer)

    pages = [browser.get("/en/desk/merchants/merchant/", {"q": text}) for text in ("Shoes_2026", "shoes")]

    assert [len(page.context["cl"].result_list) for page in pages] == [1, 0]
    assert "sh***6" in pages[0].text
    assert ">shoes_2026" not in pages[0].text


def test_the_desk_speaks_both_languages_and_is_the_only_place_with_a_looser_policy(office: Office) -> None:
    browser = at_desk(office.li_officer)

    desk, home = browser.get("/desk/"), browser.get("/")

    with translation.override("en"):
        assert reverse("admin:index") in desk.text
    assert "'unsafe-eval'" in desk.headers["Content-Security-Policy"]
    assert "unsafe" not in home.headers["Content-Security-Policy"]
