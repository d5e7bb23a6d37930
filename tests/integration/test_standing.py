"""How a case stands in law: rights with reasons from filing on, facts told by buyer and officer, all of it anew."""

import json
from collections.abc import Callable
from datetime import datetime
from time import process_time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from complaints.actions import standing
from complaints.actions.filing import start_draft
from complaints.actions.standing import NotARight, judge_right, reassess_next, tell_facts
from complaints.models import Complaint, ComplaintRight, LegalBasis
from complaints.rules.law_facts import REMEDIES_OF, TELLABLE
from complaints.selectors import law_facts
from complaints.states import Channel, Problem
from complaints.views.law_note import law_note
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import NotFound
from microguard.dashboard.legal import law_panel
from microguard.events.actions import first_broken_link
from microguard.events.models import Event
from microguard.law.basis import basis_of, version_on
from microguard.law.rights import assess
from microguard.law.vocabulary import BadFacts
from microguard.law.words import ANSWERS, NUMBERS
from tests.cases import a_draft, a_filed_complaint, an_open_dispute
from tests.clock import MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.people import Office, chen, lin, zhang
from tests.visitors import a_browser, at_desk

MONDAY = MONDAY_MORNING.date()


def rights_of(complaint: Complaint) -> dict[str, str]:
    return dict(complaint.rights.values_list("right", "source"))


def told(complaint: Complaint, name: str = "complaint.facts_told") -> list[dict[str, Any]]:
    return list(Event.objects.filter(chain=complaint.chain, name=name).values_list("facts", flat=True))


# --- at filing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", Problem.values)
def test_every_problem_in_every_place_files_and_gets_its_rights_with_a_reason(db: None, problem: str) -> None:
    for channel in ("", *Channel.values):
        complaint = a_filed_complaint(problem=problem, channel=channel)

        found = assess(law_facts(complaint, on=MONDAY), MONDAY)

        assert rights_of(complaint) == {right.right: "DERIVED" for right in found.rights}
        assert all(all(right.because) for right in found.rights)
        # What is wrong was not said: no right follows from it, an officer may add one.
        assert bool(found.rights) == (problem != Problem.OTHER)


def test_the_basis_is_kept_with_the_rules_it_rests_on(db: None) -> None:
    complaint = a_filed_complaint(problem="NOT_DELIVERED")

    kept = complaint.basis

    assert (kept.found, kept.claim, kept.rule, kept.question, kept.reason) == ("FULL", "REFUND", "refund", "", "")
    assert (kept.rules_version, kept.rules_as_of_date) == (version_on(MONDAY), MONDAY)


def test_a_draft_stands_nowhere_yet(db: None) -> None:
    draft = a_draft()

    assert not LegalBasis.objects.exists()
    with pytest.raises(NotFound):
        tell_facts(complaint_id=draft.pk, answers={}, by=zhang(), at=MONDAY_NOON)


# --- what is told ----------------------------------------------------------------------------------------------


def test_what_the_buyer_tells_changes_rights_and_basis_and_leaves_no_answer_on_the_chain(db: None) -> None:
    complaint = a_filed_complaint(problem="UNSAFE_FOOD")
    assert complaint.basis.found == "CONDITIONAL"

    answers = {"test_result": "below_standard", "bodily_harm": "yes"}
    tell_facts(complaint_id=complaint.pk, answers=answers, by=zhang(), at=MONDAY_NOON)

    after = Complaint.by_pk(complaint.pk)
    assert after.told_facts == answers
    assert after.basis.found == "FULL"
    assert rights_of(after) == dict.fromkeys(("safety", "knowledge", "compensation"), "DERIVED")
    assert told(after) == [{"fields": ["bodily_harm", "test_result"]}]
    event = Event.objects.get(chain=after.chain, name="complaint.facts_told")
    assert (event.actor, event.at) == ("complainant", MONDAY_NOON)
    assert first_broken_link(after.chain) is None


def test_not_known_takes_an_answer_back_and_the_others_stay(office: Office) -> None:
    complaint = a_filed_complaint()
    tell_facts(
        complaint_id=complaint.pk,
        answers={"contact": "blocked", "defect_when": "later"},
        by=office.li,
        at=MONDAY_NOON,
    )

    tell_facts(complaint_id=complaint.pk, answers={"contact": "unknown"}, by=office.li, at=MONDAY_NOON)

    assert Complaint.by_pk(complaint.pk).told_facts == {"defect_when": "later"}
    assert told(complaint)[1] == {"fields": ["contact"]}


def test_the_same_answers_again_are_no_news(db: None) -> None:
    complaint = a_filed_complaint()
    for _twice in range(2):
        tell_facts(complaint_id=complaint.pk, answers={"contact": "blocked"}, by=zhang(), at=MONDAY_NOON)

    assert len(told(complaint)) == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"contact": "somewhere"},
        {"facts": "他叫张三"},
        {"story": "x"},
        {"refunded_cny": -1},
        {"refunded_cny": float("nan")},
        {"problem": "deposit"},
        {"test_result": {"a": 1}},
        {"contact": "unknown", "no_such_question": "unknown"},
        {"more_facts": {"contact": "blocked"}},
    ],
    ids=str,
)
def test_what_is_not_of_the_vocabulary_is_refused_with_a_sentence_and_nothing_changes(
    db: None, answers: dict[str, Any]
) -> None:
    complaint = a_filed_complaint()

    with pytest.raises(BadFacts) as refused:
        tell_facts(complaint_id=complaint.pk, answers=answers, by=zhang(), at=MONDAY_NOON)

    assert refused.value.message
    assert Complaint.by_pk(complaint.pk).told_facts == {}
    assert told(complaint) == []


def test_every_question_answered_at_once_fits(office: Office) -> None:
    everything: dict[str, Any] = {
        fact: list(ANSWERS[fact])[:12]
        if fact in {"problem", "evidence", "paths_tried", "false_claim"}
        else ANSWERS[fact][0]
        for fact in ANSWERS
    } | dict.fromkeys(NUMBERS, 365)
    complaint = a_filed_complaint()

    tell_facts(complaint_id=complaint.pk, answers=everything, by=office.li, at=MONDAY_NOON)

    assert set(Complaint.by_pk(complaint.pk).told_facts) == set(TELLABLE)


@pytest.mark.parametrize("words", ['{"contact": "他拉黑我"}', '{"contact": "ZHANG"}', '["blocked"]', '"blocked"'])
def test_the_database_itself_takes_codes_only(db: None, words: str) -> None:
    complaint = a_filed_complaint()

    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(told_facts=json.loads(words))


def test_the_database_itself_limits_what_is_told(db: None) -> None:
    complaint = a_filed_complaint()

    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(told_facts={"contact": "a" * 2_000})


def test_neither_the_seller_nor_a_stranger_tells_anything(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li)

    for somebody in (chen(), lin()):
        with pytest.raises(NotAllowed):
            tell_facts(
                complaint_id=dispute.complaint_id, answers={"contact": "blocked"}, by=somebody, at=MONDAY_NOON
            )


# --- what an officer decides -----------------------------------------------------------------------------------


def test_an_officer_confirms_removes_and_adds_a_right(office: Office) -> None:
    complaint = a_filed_complaint()  # shoes that came apart
    assert rights_of(complaint) == {"fair_trade": "DERIVED"}

    for right, verdict in (("fair_trade", "CONFIRMED"), ("safety", "CONFIRMED"), ("safety", "REMOVED")):
        judge_right(complaint_id=complaint.pk, right=right, verdict=verdict, by=office.li, at=MONDAY_NOON)

    assert rights_of(complaint) == {"fair_trade": "CONFIRMED", "safety": "REMOVED"}
    judged = complaint.rights.get(right="fair_trade")
    assert (judged.decided_at, judged.decided_by) == (MONDAY_NOON, office.li.reference)
    assert told(complaint, "complaint.right_judged") == [
        {"right": "fair_trade", "verdict": "CONFIRMED"},
        {"right": "safety", "verdict": "CONFIRMED"},
        {"right": "safety", "verdict": "REMOVED"},
    ]


def test_the_rules_do_not_overrule_an_officer(office: Office) -> None:
    complaint = a_filed_complaint()
    judge_right(complaint_id=complaint.pk, right="safety", verdict="REMOVED", by=office.li, at=MONDAY_NOON)
    judge_right(complaint_id=complaint.pk, right="choice", verdict="CONFIRMED", by=office.li, at=MONDAY_NOON)

    tell_facts(complaint_id=complaint.pk, answers={"bodily_harm": "yes"}, by=zhang(), at=TUESDAY_MORNING)

    assert rights_of(complaint) == {
        "safety": "REMOVED",
        "choice": "CONFIRMED",
        "fair_trade": "DERIVED",
        "compensation": "DERIVED",
    }


@pytest.mark.parametrize(("right", "verdict"), [("liberty", "CONFIRMED"), ("safety", "DERIVED"), ("", "")])
def test_a_right_that_the_law_does_not_know_is_refused(office: Office, right: str, verdict: str) -> None:
    complaint = a_filed_complaint()

    with pytest.raises(NotARight):
        judge_right(complaint_id=complaint.pk, right=right, verdict=verdict, by=office.li, at=MONDAY_NOON)


def test_a_buyer_does_not_judge_rights(db: None) -> None:
    complaint = a_filed_complaint()

    with pytest.raises(NotAllowed):
        judge_right(complaint_id=complaint.pk, right="safety", verdict="CONFIRMED", by=zhang(), at=MONDAY_NOON)


# --- at the desk -----------------------------------------------------------------------------------------------


@pytest.fixture
def noon(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


def desk(complaint: Complaint, part: str = "change/") -> str:
    return f"/en/desk/complaints/complaint/{complaint.pk}/{part}"


def test_the_workbench_says_what_may_be_claimed_on_what_and_why(office: Office, noon: None) -> None:
    complaint = a_filed_complaint(problem="COUNTERFEIT", channel="MOMENTS")

    page = at_desk(office.li_officer).get(desk(complaint))

    law = page.context["law"]
    assert [claim["found"] for claim in law["claims"]] == ["Has a basis"]
    assert law["claims"][0]["articles"]
    assert {"Money back"} <= {remedy["title"] for remedy in law["main"]}
    assert [row["title"] for row in law["rights"] if row["source"]] == ["Knowledge", "Fair trade"]
    assert "What the law says" in page.text
    assert "Civil Code, art. 577" in page.text


def test_a_claim_without_a_basis_says_so(office: Office, noon: None) -> None:
    complaint = a_filed_complaint(problem="NOT_DELIVERED")
    complaint.claims.create(kind="REPAIR")

    page = at_desk(office.li_officer).get(desk(complaint))

    assert [claim["found"] for claim in page.context["law"]["claims"]] == ["Has a basis", "No basis found"]
    assert "No basis found" in page.text


def test_an_officer_completes_the_facts_in_words(office: Office, noon: None) -> None:
    complaint, browser = a_filed_complaint(), at_desk(office.li_officer)
    form = browser.get(desk(complaint, "facts/"))
    assert set(form.context["form"].fields) == set(TELLABLE)

    answers = {"contact": "blocked", "false_claim": ["origin", "quality_grade"], "refunded_cny": "12.50"}
    done = browser.post(desk(complaint, "facts/"), answers | {"promised_multiple": "3", "test_result": ""})

    assert done.status_code == 302
    assert Complaint.by_pk(complaint.pk).told_facts == {
        "contact": "blocked",
        "false_claim": ["origin", "quality_grade"],
        "refunded_cny": 12.5,
        "promised_multiple": 3.0,
    }
    page = browser.get(desk(complaint))
    assert {"label": "How much was paid back already", "value": "¥12.50"} in page.context["law"]["told"]
    again = browser.get(desk(complaint, "facts/"))
    assert 'value="12.50"' in again.text


@pytest.mark.parametrize(
    "nasty",
    [{"contact": "'; DROP TABLE"}, {"false_claim": ["x"]}, {"refunded_cny": "x"}, {"promised_multiple": "1e99"}],
    ids=str,
)
def test_a_wrong_answer_at_the_desk_gets_its_sentence(office: Office, noon: None, nasty: dict[str, Any]) -> None:
    complaint = a_filed_complaint()

    page = at_desk(office.li_officer).post(desk(complaint, "facts/"), nasty)

    assert page.status_code == 422
    assert len(page.context["form"].errors) == 1
    assert Complaint.by_pk(complaint.pk).told_facts == {}


def test_an_officer_confirms_at_the_desk_and_a_word_that_is_none_changes_nothing(
    office: Office, noon: None
) -> None:
    complaint, browser = a_filed_complaint(), at_desk(office.li_officer)

    browser.post(desk(complaint, "right/"), {"right": "fair_trade", "verdict": "CONFIRMED"})
    browser.post(desk(complaint, "right/"), {"right": "fair_trade", "verdict": "GUILTY"})

    assert rights_of(complaint) == {"fair_trade": "CONFIRMED"}
    assert "confirmed" in browser.get(desk(complaint)).text


def test_the_clerk_sees_the_rights_and_does_not_judge_them(office: Office, noon: None) -> None:
    complaint, browser = a_filed_complaint(), at_desk(office.he_clerk)

    page = browser.get(desk(complaint))
    browser.post(desk(complaint, "right/"), {"right": "fair_trade", "verdict": "REMOVED"})

    assert "Fair trade" in page.text
    assert 'name="verdict"' not in page.text
    assert rights_of(complaint) == {"fair_trade": "DERIVED"}


def test_rights_are_never_shown_to_the_parties(office: Office, noon: None) -> None:
    complaint = a_filed_complaint()
    judge_right(
        complaint_id=complaint.pk, right="fair_trade", verdict="CONFIRMED", by=office.li, at=MONDAY_MORNING
    )

    page = a_browser(phone=complaint.phone).get(f"/en/c/{complaint.number}/")

    assert page.status_code == 200
    assert "Fair trade" not in page.text
    assert "confirmed" not in page.text.lower()


def test_the_workbench_reads_the_law_without_a_query_of_its_own(
    office: Office, noon: None, django_assert_max_num_queries: Any
) -> None:
    complaint = a_filed_complaint(problem="COUNTERFEIT")
    tell_facts(complaint_id=complaint.pk, answers={"contact": "blocked"}, by=zhang(), at=MONDAY_NOON)
    browser = at_desk(office.li_officer)

    with django_assert_max_num_queries(31):  # as many as without the panel of the law
        browser.get(desk(complaint))


# --- while filing ----------------------------------------------------------------------------------------------


def test_the_question_what_the_buyer_wants_has_the_law_beside_it(db: None, noon: None) -> None:
    draft = a_draft(problem="NOT_DELIVERED")

    page = a_browser(draft=draft).get("/en/file/want/")

    note = page.context["law"]
    assert note.main == ["Money back ¥128.00"]
    assert "Money back ¥128.00" in page.text
    assert "you may usually claim" in page.text
    assert "liable" not in page.text


def test_before_the_problem_is_told_there_is_no_note(db: None, noon: None) -> None:
    draft = start_draft(language="en", at=MONDAY_MORNING)

    page = a_browser(draft=draft).get("/en/file/want/")

    assert page.status_code == 200
    assert page.context["law"] is None


def test_note_and_panel_take_under_two_milliseconds(office: Office) -> None:
    complaint = a_filed_complaint(problem="COUNTERFEIT", channel="WECHAT_SHOP")
    claims = list(complaint.claims.all())
    complaint = Complaint.objects.prefetch_related("rights").get(pk=complaint.pk)

    def best_of(call: Callable[[], object]) -> float:
        taken = []
        for _run in range(20):
            begun = process_time()
            call()
            taken.append(process_time() - begun)
        return min(taken)

    assert best_of(lambda: law_note(complaint, on=MONDAY)) < 0.002
    assert best_of(lambda: assess(law_facts(complaint, on=MONDAY), MONDAY)) < 0.002
    assert best_of(lambda: law_panel(complaint, claims, [], [], office.li, on=MONDAY)) < 0.006


# --- all of it anew ----------------------------------------------------------------------------------------------


def test_new_rules_are_applied_to_all_batch_by_batch_and_a_broken_run_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints = [a_filed_complaint(problem=problem) for problem in Problem.values]
    judge_right(complaint_id=complaints[0].pk, right="safety", verdict="CONFIRMED", by=office.li, at=MONDAY_NOON)
    before = list(LegalBasis.objects.order_by("complaint").values("complaint", "found", "rule", "question"))
    LegalBasis.objects.update(rules_version="old", found="NONE", rule="")
    ComplaintRight.objects.filter(source="DERIVED").delete()
    ComplaintRight.objects.create(complaint=complaints[1], right="personal_data")
    monkeypatch.setattr(standing, "BATCH", 3)

    first = reassess_next(after=0, at=MONDAY_NOON)

    assert first is not None
    assert (first.size, LegalBasis.objects.filter(rules_version="old").count()) == (3, 5)
    batch = first
    while batch := reassess_next(after=batch.last, at=MONDAY_NOON):  # type: ignore[assignment]
        continue
    assert (
        list(LegalBasis.objects.order_by("complaint").values("complaint", "found", "rule", "question")) == before
    )
    assert rights_of(complaints[0])["safety"] == "CONFIRMED"
    assert "personal_data" not in rights_of(complaints[1])
    assert reassess_next(after=0, at=MONDAY_NOON) is None


def test_a_batch_takes_the_same_statements_for_many_as_for_few(
    db: None, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        a_filed_complaint(problem=Problem.values[number % 8])
    LegalBasis.objects.update(rules_version="old")

    with django_assert_max_num_queries(8):
        batch = reassess_next(after=0, at=MONDAY_NOON)

    assert batch is not None
    assert batch.size == 30


def test_the_command_says_how_many_it_did(db: None, noon: None, capsys: pytest.CaptureFixture[str]) -> None:
    a_filed_complaint()
    a_draft()

    call_command("reassess")
    call_command("reassess", all=True)
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    version = version_on(MONDAY)
    assert said == [{"reassessed": 0, "rules_version": version}, {"reassessed": 1, "rules_version": version}]


def test_what_is_kept_is_what_the_assessment_says_now(office: Office) -> None:
    for problem in Problem.values:
        complaint = a_filed_complaint(problem=problem, channel="GROUP")
        whole = assess(law_facts(complaint, on=MONDAY), MONDAY)

        assert complaint.basis.found == basis_of(whole, REMEDIES_OF["REFUND"]).found
