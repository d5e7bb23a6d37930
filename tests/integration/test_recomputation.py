"""When a year's holidays become official: the running clocks are counted anew, and their people are told."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from complaints.actions.decision import ask_information
from complaints.models import Complaint
from disputes.models import Dispute
from microguard.accounts.actors import Actor, actor_of
from microguard.core.clock import CHINA
from microguard.deadlines import recomputation
from microguard.deadlines.actions import OPEN, lapse_next, meet
from microguard.deadlines.calendar import shipped_calendar
from microguard.deadlines.loaded_years import load_notice, read_paper, with_notices, work_calendar
from microguard.deadlines.models import Deadline
from microguard.deadlines.recomputation import preview, recompute_next, waiting
from microguard.events.actions import deliver_next, first_broken_link
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.cases import a_filed_complaint, a_signed_dispute, an_invited_dispute, an_open_dispute
from tests.clock import A_DAY, A_SECOND, MONDAY_MORNING, TUESDAY_MORNING
from tests.notices import notice_of_2027
from tests.people import CHEN_PHONE, ZHANG_PHONE, Office, hire_office
from tests.threads import at_once

# The invented notice frees the last day of the month and makes Saturday the 26th a working day.
FILED_IN_DECEMBER = datetime(2026, 12, 22, 9, 0, tzinfo=CHINA)


@pytest.fixture
def operator(office: Office) -> Actor:
    return actor_of(office.chen_operator)


def load(by: Actor, at: datetime = TUESDAY_MORNING, **changed: Any) -> None:
    load_notice(paper=notice_of_2027(**changed), by=by, at=at)


def recompute(at: datetime = TUESDAY_MORNING) -> None:
    while recompute_next(at=at):
        continue


def clock_of(rule: str) -> Deadline:
    return Deadline.objects.filter(rule=rule).latest("pk")


def ends() -> dict[tuple[int, str], tuple[datetime, bool]]:
    rows = Deadline.objects.filter(OPEN).values_list("case_id", "rule", "due_at", "provisional")
    return {(case, rule): (due_at, provisional) for case, rule, due_at, provisional in rows}


def recomputed() -> list[tuple[str, str]]:
    found = Event.objects.filter(name="deadline.recomputed").order_by("pk")
    return [(event.chain, event.facts["rule"]) for event in found]


# --- dates ----------------------------------------------------------------------------------------------


def test_a_term_into_2027_moves_and_becomes_official_when_the_year_is_loaded(
    office: Office, operator: Actor
) -> None:
    """Sixty days from Monday 23 November end on Friday 22 January, which the notice frees."""
    dispute = an_open_dispute(officer=office.li)
    before = clock_of("mediation.term")
    assert (before.due_rolled_date, before.provisional) == (date(2027, 1, 22), True)

    load(operator)
    recompute()

    term = clock_of("mediation.term")
    assert (term.due_strict_date, term.due_rolled_date, term.provisional) == (
        date(2027, 1, 22),
        date(2027, 1, 25),
        False,
    )
    assert term.due_at == datetime(2027, 1, 26, tzinfo=CHINA)
    event = Event.objects.get(name="deadline.recomputed", chain=dispute.chain)
    assert event.facts == {
        "rule": "mediation.term",
        "rule_version": term.rule_version,
        "clock_of": dispute.chain,
        "due_at": "2027-01-26T00:00:00+08:00",
        "due_before": before.due_at.isoformat(),
        "official": True,
        "calendar_edition": shipped_calendar().edition + 1,
    }
    assert (event.actor, event.at, first_broken_link(dispute.chain)) == ("system", TUESDAY_MORNING, None)


def test_a_december_date_moves_when_the_next_year_is_loaded(operator: Actor) -> None:
    """It makes Saturday 26 December a working day: the third working day after Wednesday 23 is no longer Monday."""
    complaint = a_filed_complaint(FILED_IN_DECEMBER + timedelta(days=1))
    assert clock_of("complaint.acceptance.target").due_rolled_date == date(2026, 12, 28)

    load(operator, at=FILED_IN_DECEMBER + 2 * A_DAY)
    recompute(at=FILED_IN_DECEMBER + 2 * A_DAY)

    assert clock_of("complaint.acceptance.target").due_rolled_date == date(2026, 12, 26)
    assert (complaint.chain, "complaint.acceptance.target") in recomputed()


def test_a_term_that_stays_and_was_official_leaves_no_event(operator: Actor) -> None:
    a_filed_complaint()
    before = ends()

    load(operator)
    recompute()

    assert (ends(), recomputed()) == (before, [])
    assert set(Deadline.objects.values_list("calendar_edition", flat=True)) == {shipped_calendar().edition + 1}


def test_agreed_ends_and_those_brought_forward_stay(office: Office, operator: Actor) -> None:
    """A payment is due when it was agreed; what is asked of a buyer stays a working day before the decision."""
    a_signed_dispute(officer=office.li, at=datetime(2026, 12, 22, 9, 0, tzinfo=CHINA))
    complaint = a_filed_complaint(FILED_IN_DECEMBER)
    ask_information(
        complaint_id=complaint.pk,
        question="请补充付款截图，谢谢。",
        by=office.li,
        at=FILED_IN_DECEMBER + 6 * A_DAY,
    )
    payment, correction = clock_of("settlement.performance"), clock_of("complaint.correction")
    assert payment.calendar_edition is None
    assert correction.not_after == correction.due_at

    load(operator, at=FILED_IN_DECEMBER + 7 * A_DAY)
    recompute(at=FILED_IN_DECEMBER + 7 * A_DAY)

    assert clock_of("settlement.performance").due_at == payment.due_at
    assert clock_of("complaint.correction").due_at == correction.due_at


def test_what_had_run_out_before_the_notice_is_late_whatever_it_says(office: Office, operator: Actor) -> None:
    """The policy term ended on 22 January; the notice that would have moved it comes on the 23rd."""
    an_open_dispute(officer=office.li)
    end = clock_of("mediation.term").due_at

    load(operator, at=end)
    recompute(at=end)
    lapse_next(at=end)

    term = clock_of("mediation.term")
    assert (term.due_at, term.lapsed_at) == (end, end)


def test_a_statutory_term_that_only_alarmed_is_moved_and_lapses_at_its_official_end(
    office: Office, operator: Actor, settings: Any
) -> None:
    settings.OPERATOR = "market_regulator"
    an_open_dispute(officer=office.li)
    end = clock_of("mediation.term").due_at
    while lapse_next(at=end):
        continue
    assert clock_of("mediation.term").alarmed_at == end

    load(operator, at=end + A_SECOND)
    recompute(at=end + A_SECOND)
    official = clock_of("mediation.term").due_at
    while lapse_next(at=official):
        continue

    assert official == datetime(2027, 1, 26, tzinfo=CHINA)
    assert clock_of("mediation.term").lapsed_at == official


# --- preview and saving ---------------------------------------------------------------------------------


def test_the_preview_is_what_saving_does(office: Office, operator: Actor) -> None:
    for day in range(12):
        an_open_dispute(officer=office.li, at=MONDAY_MORNING + day * A_DAY)
        a_filed_complaint(FILED_IN_DECEMBER + day * timedelta(hours=9))
    at = FILED_IN_DECEMBER + 5 * A_DAY
    while lapse_next(at=at):
        continue
    calendar = with_notices(work_calendar(), [read_paper(notice_of_2027(), work_calendar(), by=operator, at=at)])
    before = ends()

    promised = preview(calendar, at=at)
    assert ends() == before
    load(operator, at=at)
    recompute(at=at)

    kept = {(change.deadline.case_id, change.deadline.rule): change.term for change in promised}
    assert {key: (term.due_at, term.provisional) for key, term in kept.items()} == {
        key: end for key, end in ends().items() if end != before[key]
    }
    assert sorted(recomputed()) == sorted((f"case/{case}", rule) for case, rule in kept)
    assert any(change.moves for change in promised)
    assert not all(change.moves for change in promised)


# --- telling the parties --------------------------------------------------------------------------------


def messages() -> list[tuple[str, str, str]]:
    while deliver_next(at=MONDAY_MORNING + 60 * A_DAY):
        continue
    found = Dispatch.objects.filter(notice="deadline.recomputed:parties").order_by("pk")
    return [(message.recipient, message.address, message.subject) for message in found]


def test_both_parties_are_told_of_the_new_date_in_plain_words(office: Office, operator: Actor) -> None:
    dispute = an_invited_dispute(officer=office.li)
    load(operator)
    recompute()

    number = dispute.complaint.number
    said = f"{number}有一个日期变了：“调解期限”从1月22日（周五）改为1月25日（周一）。"
    assert messages() == [("complainant", ZHANG_PHONE, said), ("respondent", CHEN_PHONE, said)]
    message = Dispatch.objects.filter(notice="deadline.recomputed:parties").latest("pk")
    assert f"/c/{number}/" in message.body


def test_a_date_that_stays_is_told_as_confirmed(office: Office, operator: Actor) -> None:
    an_open_dispute(officer=office.li, at=MONDAY_MORNING + 3 * A_DAY)
    load(operator, at=MONDAY_MORNING + 4 * A_DAY)
    recompute(at=MONDAY_MORNING + 4 * A_DAY)

    ((_recipient, _address, subject),) = messages()
    assert subject.endswith("的一个日期已经确定：“调解期限”，1月25日（周一）。")


def test_nobody_is_told_of_what_only_the_office_has_to_keep(operator: Actor) -> None:
    """Of four terms that move, the buyer waits for one: the decision on acceptance."""
    a_filed_complaint(FILED_IN_DECEMBER + A_DAY, problem="UNSAFE_FOOD")
    load(operator, at=FILED_IN_DECEMBER + A_DAY)
    recompute(at=FILED_IN_DECEMBER + A_DAY)

    moved = {rule for _chain, rule in recomputed()}
    assert moved == {"complaint.acceptance.target", "complaint.acceptance"}
    assert [(who, "是否接收办理" in subject) for who, _address, subject in messages()] == [("complainant", True)]


# --- at any size, whoever dies --------------------------------------------------------------------------


def test_what_one_worker_leaves_the_next_one_does(
    office: Office, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputation, "BATCH", 2)
    for _number in range(5):
        an_open_dispute(officer=office.li)
    load(operator)

    assert recompute_next(at=TUESDAY_MORNING) == 2  # and then the worker dies
    assert (len(recomputed()), waiting(work_calendar(), at=TUESDAY_MORNING).count()) == (2, 3)
    recompute()

    assert len(set(recomputed())) == len(recomputed()) == 5
    assert waiting(work_calendar(), at=TUESDAY_MORNING).count() == 0


def test_a_clock_started_by_an_older_calendar_meanwhile_is_not_forgotten(office: Office, operator: Actor) -> None:
    load(operator)
    recompute()
    late = an_open_dispute(officer=office.li)
    Deadline.objects.filter(rule="mediation.term").update(
        due_at=datetime(2027, 1, 23, tzinfo=CHINA),
        due_rolled_date=date(2027, 1, 22),
        provisional=True,
        calendar_edition=shipped_calendar().edition,
    )

    recompute()

    assert recomputed() == [(late.chain, "mediation.term")]
    assert clock_of("mediation.term").due_rolled_date == date(2027, 1, 25)


def test_a_clock_whose_rule_is_no_longer_known_keeps_its_day(office: Office, operator: Actor) -> None:
    an_open_dispute(officer=office.li)
    Deadline.objects.filter(rule="mediation.term").update(rule_version="mediation.term@1999-01-01/nobody")
    before = clock_of("mediation.term").due_at
    load(operator)
    recompute()

    assert clock_of("mediation.term").due_at == before
    assert recomputed() == []


def test_two_workers_and_a_party_at_once_move_each_clock_once(committed: None) -> None:
    office = hire_office()
    cases = [an_open_dispute(officer=office.li) for _number in range(6)]
    load(actor_of(office.chen_operator))

    def keep_one() -> None:
        from django.db import transaction

        with transaction.atomic():
            dispute: Dispute = Dispute.objects.lock(pk=cases[0].pk)
            meet("mediation.term", dispute, at=TUESDAY_MORNING)

    at_once(recompute, recompute, keep_one)

    moved = recomputed()
    assert len(set(moved)) == len(moved)
    assert {chain for chain, _rule in moved} >= {case.chain for case in cases[1:]}
    running = Deadline.objects.filter(OPEN, rule="mediation.term")
    assert set(running.values_list("due_rolled_date", flat=True)) == {date(2027, 1, 25)}
    assert {first_broken_link(case.chain) for case in cases} == {None}
    assert Complaint.objects.count() == 6
