"""Clocks that stand still, run again, are extended, and warn before their end."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from complaints.models.complaint import COMPLAINANT
from disputes.actions.appraisal import let_term_run, stop_term
from disputes.models import Dispute
from disputes.models.dispute import RESPONDENT
from microguard.accounts.policies import NotAllowed
from microguard.core.clock import CHINA
from microguard.deadlines.actions import OPEN, catch_up, due, lapse_next, meet, reckon, start, warn_next
from microguard.deadlines.changes import NoClock, NotExtendable, NotSuspendable, extend, resume, suspend
from microguard.deadlines.ends import suspensions_of, term_of
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.models import Deadline, Extension, Suspension
from microguard.deadlines.terms import BadSuspension, compute
from microguard.events.actions import deliver_next, first_broken_link
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.cases import a_filed_complaint, a_signed_dispute, an_open_dispute
from tests.clock import A_DAY, A_SECOND, MONDAY_MORNING, TUESDAY_MORNING
from tests.people import Office, chen, zhang
from tests.stages import a_mediation, a_negotiation

TERM = "mediation.term"
MONDAY = MONDAY_MORNING.date()
# Sixty days after 23 November end on Friday 22 January.
TERM_ENDS = datetime(2027, 1, 23, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _association(settings: Any) -> None:
    settings.OPERATOR = "consumer_association"


@pytest.fixture
def dispute(office: Office) -> Dispute:
    return an_open_dispute(officer=office.li)


def clock_of(rule: str) -> Deadline:
    return Deadline.objects.filter(rule=rule).latest("pk")


def facts(ending: str) -> list[Event]:
    return list(Event.objects.filter(name__endswith=ending).order_by("pk"))


def sweep(at: datetime) -> None:
    for step in (lapse_next, warn_next):
        while step(at=at):
            continue


def stop(dispute: Dispute, by: Any, day: date, at: datetime) -> Suspension:
    return stop_term(dispute_id=dispute.pk, reason="appraisal", since=day, by=by, at=at)


# --- standing still -----------------------------------------------------------------------------------------


def test_days_of_an_appraisal_do_not_count(dispute: Dispute, office: Office) -> None:
    assert due(TERM, dispute) == TERM_ENDS

    stop(dispute, office.li, MONDAY + A_DAY, TUESDAY_MORNING)
    let_term_run(dispute_id=dispute.pk, until=MONDAY + 31 * A_DAY, by=office.li, at=MONDAY_MORNING + 31 * A_DAY)

    # Thirty days later is Sunday 21 February, and that is in no notice yet: 22 February.
    term = clock_of(TERM)
    assert (term.due_strict_date, term.due_at) == (date(2027, 2, 21), datetime(2027, 2, 23, tzinfo=CHINA))
    suspended = [(date(2026, 11, 24), date(2026, 12, 24))]
    assert suspensions_of(term) == suspended
    assert term_of(term, work_calendar()).due_at == term.due_at


def test_while_it_stands_still_a_clock_neither_lapses_nor_warns_nor_is_due(
    dispute: Dispute, office: Office
) -> None:
    stop(dispute, office.li, MONDAY, MONDAY_MORNING)

    sweep(TERM_ENDS + 100 * A_DAY)
    catch_up(dispute, at=TERM_ENDS + 100 * A_DAY)

    assert clock_of(TERM).lapsed_at is None
    assert (facts(f"{TERM}.lapsed"), facts(f"{TERM}.ending")) == ([], [])
    assert due(TERM, dispute) is None


def test_what_is_met_while_the_clock_stands_still_is_in_time(dispute: Dispute, office: Office) -> None:
    stop(dispute, office.li, MONDAY, MONDAY_MORNING)

    assert meet(TERM, dispute, at=TERM_ENDS + A_DAY) is True


def test_a_clock_lapses_at_its_new_end_and_not_a_second_before(dispute: Dispute, office: Office) -> None:
    stop(dispute, office.li, MONDAY + A_DAY, TUESDAY_MORNING)
    at = MONDAY_MORNING + 11 * A_DAY
    let_term_run(dispute_id=dispute.pk, until=at.date(), by=office.li, at=at)
    end = clock_of(TERM).due_at
    assert end == datetime(2027, 2, 2, tzinfo=CHINA)

    sweep(end - A_SECOND)
    assert facts(f"{TERM}.lapsed") == []
    sweep(end)

    assert [datetime.fromisoformat(lapse.facts["due_at"]) for lapse in facts(f"{TERM}.lapsed")] == [end]


def test_an_end_that_has_passed_by_the_time_it_runs_again_lapses_then(dispute: Dispute, office: Office) -> None:
    stop(dispute, office.li, MONDAY + A_DAY, TUESDAY_MORNING)
    late = TERM_ENDS + 30 * A_DAY

    let_term_run(dispute_id=dispute.pk, until=MONDAY + 2 * A_DAY, by=office.li, at=late)
    catch_up(dispute, at=late)

    assert clock_of(TERM).lapsed_at == late


def test_a_second_appraisal_adds_to_the_first(dispute: Dispute, office: Office) -> None:
    for first, until in ((1, 4), (4, 9)):
        at = MONDAY_MORNING + until * A_DAY
        stop(dispute, office.li, MONDAY + first * A_DAY, at)
        let_term_run(dispute_id=dispute.pk, until=MONDAY + until * A_DAY, by=office.li, at=at)

    assert suspensions_of(clock_of(TERM)) == [
        (date(2026, 11, 24), date(2026, 11, 27)),
        (date(2026, 11, 27), date(2026, 12, 2)),
    ]
    assert clock_of(TERM).due_strict_date == date(2027, 1, 30)


def test_stopping_and_running_again_are_facts_of_the_case(dispute: Dispute, office: Office) -> None:
    stop(dispute, office.li, MONDAY, TUESDAY_MORNING)
    let_term_run(dispute_id=dispute.pk, until=MONDAY + A_DAY, by=office.zhao, at=TUESDAY_MORNING)

    stopped, running = facts(f"{TERM}.suspended")[0], facts(f"{TERM}.resumed")[0]
    assert (stopped.chain, stopped.actor, stopped.facts) == (
        dispute.chain,
        office.li.reference,
        {"ground": "appraisal", "since": "2026-11-23"},
    )
    assert (running.actor, running.facts["until"]) == (office.zhao.reference, "2026-11-24")
    kept = Suspension.objects.get()
    assert (kept.started_at, kept.started_by) == (TUESDAY_MORNING, office.li.reference)
    assert (kept.ended_at, kept.ended_by) == (TUESDAY_MORNING, office.zhao.reference)
    assert first_broken_link(dispute.chain) is None


def test_both_sides_are_told(office: Office) -> None:
    dispute = a_mediation(office)
    while deliver_next(at=MONDAY_MORNING):
        continue

    stop(dispute, office.wang, MONDAY, MONDAY_MORNING)
    while deliver_next(at=MONDAY_MORNING):
        continue

    told = Dispatch.objects.filter(notice=f"{TERM}.suspended:other_party").values_list("recipient", flat=True)
    assert sorted(told) == ["complainant", "respondent"]


@pytest.mark.parametrize(
    ("days", "at"),
    [(-1, 0), (1, 0), (61, 61)],
    ids=["before the term", "tomorrow", "after its last day"],
)
def test_a_day_that_is_not_in_the_term_or_not_there_yet_stops_nothing(
    dispute: Dispute, office: Office, days: int, at: int
) -> None:
    with pytest.raises(BadSuspension):
        suspend(
            TERM,
            dispute,
            reason="appraisal",
            since=MONDAY + days * A_DAY,
            by=office.li,
            at=MONDAY_MORNING + at * A_DAY,
        )

    assert not Suspension.objects.exists()


def test_a_day_of_an_earlier_appraisal_is_not_suspended_twice(dispute: Dispute, office: Office) -> None:
    at = MONDAY_MORNING + 10 * A_DAY
    stop(dispute, office.li, MONDAY, at)
    let_term_run(dispute_id=dispute.pk, until=MONDAY + 5 * A_DAY, by=office.li, at=at)

    with pytest.raises(BadSuspension):
        stop(dispute, office.li, MONDAY + 4 * A_DAY, at)


@pytest.mark.parametrize("days", [0, 2], ids=["on the day it stopped", "tomorrow"])
def test_it_runs_again_from_a_later_day_that_is_there(dispute: Dispute, office: Office, days: int) -> None:
    stop(dispute, office.li, MONDAY, TUESDAY_MORNING)

    with pytest.raises(BadSuspension):
        resume(TERM, dispute, until=MONDAY + days * A_DAY, by=office.li, at=TUESDAY_MORNING)


def test_only_a_reason_of_the_law_data_stops_a_clock_and_only_once(dispute: Dispute, office: Office) -> None:
    complaint = a_filed_complaint()
    with pytest.raises(NotSuspendable):
        suspend(TERM, dispute, reason="holiday", since=MONDAY, by=office.li, at=MONDAY_MORNING)
    with pytest.raises(NotSuspendable):
        suspend("first.contact", complaint, reason="appraisal", since=MONDAY, by=office.li, at=MONDAY_MORNING)
    with pytest.raises(NoClock):
        suspend(TERM, complaint, reason="appraisal", since=MONDAY, by=office.li, at=MONDAY_MORNING)
    with pytest.raises(NotSuspendable):
        resume(TERM, dispute, until=MONDAY, by=office.li, at=MONDAY_MORNING)
    stop(dispute, office.li, MONDAY, MONDAY_MORNING)

    with pytest.raises(NotSuspendable):
        stop(dispute, office.li, MONDAY, MONDAY_MORNING)


def test_only_the_mediator_of_the_case_an_officer_or_a_supervisor_stops_it(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li)

    for stranger in (zhang(), chen(), office.wang, office.sun):
        with pytest.raises(NotAllowed):
            stop(dispute, stranger, MONDAY, MONDAY_MORNING)

    assert stop(a_mediation(office), office.wang, MONDAY, MONDAY_MORNING).reason == "appraisal"


# --- what determines an end is stored -----------------------------------------------------------------------


def test_every_end_can_be_reckoned_again_from_what_is_stored(office: Office) -> None:
    a_signed_dispute(officer=office.li)
    a_mediation(office)
    correction = a_filed_complaint()
    start("complaint.correction", correction, at=MONDAY_MORNING, not_after=MONDAY_MORNING + A_DAY)

    clocks = list(Deadline.objects.all())

    assert {"settlement.performance", "complaint.correction", TERM} <= {clock.rule for clock in clocks}
    for clock in clocks:
        term = term_of(clock, work_calendar())
        assert (term.due_strict, term.due_rolled, term.due_at, term.provisional) == (
            clock.due_strict_date,
            clock.due_rolled_date,
            clock.due_at,
            clock.provisional,
        ), clock


# --- extension ----------------------------------------------------------------------------------------------


def test_negotiation_goes_on_for_longer_once_if_both_agree(office: Office) -> None:
    dispute = a_negotiation(office)
    assert clock_of("negotiation.term").due_strict_date == date(2026, 12, 3)

    extend("negotiation.term", dispute, asked_by=RESPONDENT, by=COMPLAINANT, at=TUESDAY_MORNING)

    term = clock_of("negotiation.term")
    assert term.due_strict_date == date(2026, 12, 8)
    assert term.rule_version == "negotiation.term.extended@2020-01-01/consumer_association"
    assert term_of(term, work_calendar()).due_at == term.due_at
    kept = Extension.objects.get()
    assert (kept.asked_by, kept.approved_by, kept.approved_at) == ("respondent", "complainant", TUESDAY_MORNING)
    assert facts("negotiation.term.extended")[0].facts["asked_by"] == "respondent"
    with pytest.raises(NotExtendable):
        extend("negotiation.term", dispute, asked_by=COMPLAINANT, by=RESPONDENT, at=TUESDAY_MORNING)


def test_an_extended_negotiation_still_leads_to_mediation_at_its_end(office: Office) -> None:
    dispute = a_negotiation(office)
    extend("negotiation.term", dispute, asked_by=RESPONDENT, by=COMPLAINANT, at=TUESDAY_MORNING)

    sweep(clock_of("negotiation.term").due_at)

    dispute.refresh_from_db()
    assert dispute.state == "MEDIATION_OFFERED"


def test_one_side_alone_or_the_office_cannot_extend_negotiation(office: Office) -> None:
    dispute = a_negotiation(office)

    for asked_by, by in ((COMPLAINANT, COMPLAINANT), (COMPLAINANT, office.zhao), (office.li, office.zhao)):
        with pytest.raises(NotExtendable):
            extend("negotiation.term", dispute, asked_by=asked_by, by=by, at=TUESDAY_MORNING)


def test_the_check_of_a_clue_is_extended_by_a_supervisor_who_is_not_the_one_who_asks(
    office: Office, settings: Any
) -> None:
    settings.OPERATOR = "market_regulator"
    case = a_filed_complaint()
    start("clue.check", case, at=MONDAY_MORNING)

    for asked_by, by in ((office.li, office.li), (office.zhao, office.zhao), (office.zhao, office.li)):
        with pytest.raises(NotExtendable):
            extend("clue.check", case, asked_by=asked_by, by=by, at=TUESDAY_MORNING)
    extend("clue.check", case, asked_by=office.li, by=office.zhao, at=TUESDAY_MORNING)

    clock = clock_of("clue.check")
    whole = reckon("clue.check.extended", at=MONDAY_MORNING)
    assert (clock.due_at, clock.article) == (whole["due_at"], "SAMR-2-18")


def test_suspended_days_count_in_an_extended_term_too(office: Office, settings: Any) -> None:
    settings.OPERATOR = "market_regulator"
    case = a_filed_complaint()
    start("clue.check", case, at=MONDAY_MORNING)
    suspend("clue.check", case, reason="appraisal", since=MONDAY + A_DAY, by=office.li, at=TUESDAY_MORNING)
    resume("clue.check", case, until=MONDAY + 4 * A_DAY, by=office.li, at=MONDAY_MORNING + 4 * A_DAY)

    extend("clue.check", case, asked_by=office.li, by=office.zhao, at=MONDAY_MORNING + 4 * A_DAY)

    last_day = clock_of("clue.check").due_strict_date
    assert work_calendar().working_days_between(MONDAY + A_DAY, last_day + A_DAY) == 30 + 3


# --- alarms before the end ----------------------------------------------------------------------------------


def alarms(at: datetime) -> list[int]:
    sweep(at)
    return [alarm.facts["days_before"] for alarm in facts(f"{TERM}.ending")]


def test_mediation_warns_fifteen_five_and_one_day_before_its_last_day(dispute: Dispute) -> None:
    last_day = datetime(2027, 1, 22, tzinfo=CHINA)

    assert alarms(last_day - 15 * A_DAY - A_SECOND) == []
    assert alarms(last_day - 15 * A_DAY) == [15]
    assert alarms(last_day - 14 * A_DAY) == [15]
    assert alarms(last_day - 5 * A_DAY) == [15, 5]
    assert alarms(last_day - A_DAY) == [15, 5, 1]
    assert alarms(last_day + 10 * A_DAY) == [15, 5, 1]
    assert facts(f"{TERM}.ending")[0].chain == dispute.chain


def test_after_an_outage_only_the_alarm_that_is_still_true_is_raised(dispute: Dispute) -> None:
    assert alarms(TERM_ENDS - 4 * A_DAY) == [5]
    assert alarms(TERM_ENDS - 2 * A_DAY) == [5, 1]


def test_no_alarm_comes_after_the_end(dispute: Dispute) -> None:
    assert alarms(TERM_ENDS) == []


def test_an_alarm_that_was_raised_is_not_repeated_when_the_end_moves(dispute: Dispute, office: Office) -> None:
    at = TERM_ENDS - 10 * A_DAY
    assert alarms(at) == [15]
    stop(dispute, office.li, at.date(), at)
    let_term_run(dispute_id=dispute.pk, until=at.date() + 20 * A_DAY, by=office.li, at=at + 20 * A_DAY)

    last_day = clock_of(TERM).due_strict_date
    assert last_day == date(2027, 2, 11)
    assert alarms(datetime(2027, 2, 5, tzinfo=CHINA)) == [15]
    assert alarms(datetime(2027, 2, 6, tzinfo=CHINA)) == [15, 5]


def test_alarms_go_to_who_has_the_case_in_hand_and_to_the_supervisors(office: Office) -> None:
    an_open_dispute(officer=office.li)
    a_mediation(office)
    while deliver_next(at=MONDAY_MORNING):
        continue

    sweep(TERM_ENDS - 15 * A_DAY)
    while deliver_next(at=TERM_ENDS - 15 * A_DAY):
        continue

    told = Dispatch.objects.filter(notice__startswith=f"{TERM}.ending").values_list("recipient", flat=True)
    officer, mediator, supervisor = (
        f"user:{user.pk}" for user in (office.li_officer, office.wang_mediator, office.zhao_supervisor)
    )
    assert sorted(told) == sorted([officer, mediator, supervisor, supervisor])


def test_a_clock_without_alarms_in_the_law_data_raises_none(office: Office) -> None:
    a_filed_complaint()

    assert Deadline.objects.filter(OPEN, alarm_days__isnull=False).count() == 0


def test_computing_with_suspensions_is_what_the_clock_does(dispute: Dispute, office: Office) -> None:
    from microguard.deadlines.ends import version_for

    at = MONDAY_MORNING + timedelta(days=40)
    stop(dispute, office.li, MONDAY + 17 * A_DAY, at)
    let_term_run(dispute_id=dispute.pk, until=MONDAY + 38 * A_DAY, by=office.li, at=at)

    term = clock_of(TERM)
    computed = compute(
        version_for(term), term.started_at, work_calendar(), [(MONDAY + 17 * A_DAY, MONDAY + 38 * A_DAY)]
    )
    assert term.due_at == computed.due_at
