"""Clocks start, are met, and lapse at their exact instant, whether or not a worker is alive."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from complaints.actions.decision import accept_complaint
from complaints.models import Complaint
from complaints.states import State as ComplaintState
from disputes.models import Dispute
from disputes.states import State
from microguard.accounts.actors import SYSTEM
from microguard.core.clock import CHINA
from microguard.deadlines import consequences
from microguard.deadlines.actions import RETRY, catch_up, due, lapse_next, meet, open_deadlines, start
from microguard.deadlines.models import Deadline
from microguard.events.actions import first_broken_link, record
from microguard.events.models import Event
from tests.cases import a_filed_complaint, a_seller, a_signed_dispute, an_invited_dispute, an_open_dispute
from tests.clock import A_DAY, A_SECOND, ACCEPTANCE_ENDS, MONDAY_MORNING, TUESDAY_MORNING
from tests.people import Office, hire_office
from tests.stages import a_mediation, a_negotiation, a_settlement_in_force, an_offered_mediation
from tests.threads import at_once

OPERATORS = ("consumer_association", "market_regulator", "mediation_organisation")
A_YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def _association(settings: Any) -> None:
    settings.OPERATOR = "consumer_association"


def sweep(at: datetime) -> None:
    while lapse_next(at=at):
        continue


def running(case: Any) -> set[str]:
    return set(open_deadlines(case).values_list("rule", flat=True))


def clock_of(rule: str) -> Deadline:
    return Deadline.objects.filter(rule=rule).latest("pk")


def facts(*names: str) -> list[str]:
    return list(Event.objects.filter(name__in=names).order_by("pk").values_list("name", flat=True))


def lapses() -> list[str]:
    return list(Event.objects.filter(name__endswith=".lapsed").order_by("pk").values_list("name", flat=True))


# --- which clocks start -------------------------------------------------------------------------------------

FILED = {"first.contact", "complaint.acceptance.target", "complaint.acceptance"}


@pytest.mark.parametrize(
    ("operator", "clocks"),
    [
        ("consumer_association", FILED),
        ("mediation_organisation", FILED),
        # A web filing is no official receipt: the regulator's statutory term has not begun.
        ("market_regulator", FILED - {"complaint.acceptance"}),
    ],
)
def test_filing_starts_the_clocks_of_this_operator(
    office: Office, settings: Any, operator: str, clocks: set[str]
) -> None:
    settings.OPERATOR = operator

    assert running(a_filed_complaint()) == clocks
    assert running(a_filed_complaint(problem="UNSAFE_FOOD")) == {*clocks, "safety.triage"}


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_clock_of_a_case_rests_on_the_version_of_its_operator(
    office: Office, settings: Any, operator: str
) -> None:
    settings.OPERATOR = operator
    an_invited_dispute(officer=office.li)

    clocks = list(Deadline.objects.all())

    assert len(clocks) >= 5
    assert {clock.rule_version.rpartition("/")[2] for clock in clocks} == {operator}
    statutory = {clock.rule for clock in clocks if clock.basis == "STATUTORY"}
    assert statutory == ({"mediation.term"} if operator == "market_regulator" else set())
    assert {bool(clock.article) for clock in clocks if clock.basis == "STATUTORY"} <= {True}


@pytest.mark.parametrize(
    ("operator", "reminder", "answer"),
    [
        ("consumer_association", date(2026, 11, 26), date(2026, 12, 7)),
        ("mediation_organisation", date(2026, 11, 26), date(2026, 12, 7)),
        ("market_regulator", date(2026, 11, 25), date(2026, 11, 30)),
    ],
)
def test_the_sellers_terms_are_those_of_the_operator(
    office: Office, settings: Any, operator: str, reminder: date, answer: date
) -> None:
    settings.OPERATOR = operator
    an_invited_dispute(officer=office.li)

    assert clock_of("respondent.reminder").due_rolled_date == reminder
    assert clock_of("respondent.answer").due_rolled_date == answer


def test_a_clock_that_runs_is_not_started_again(office: Office) -> None:
    from django.db import IntegrityError

    complaint = a_filed_complaint()

    with pytest.raises(IntegrityError, match="deadlines_deadline_one_open"):
        start("complaint.acceptance", complaint, at=TUESDAY_MORNING)


# --- the exact instant --------------------------------------------------------------------------------------


def test_acceptance_lapses_at_midnight_after_its_last_day_and_not_a_second_before(office: Office) -> None:
    complaint = a_filed_complaint()
    assert due("complaint.acceptance", complaint) == ACCEPTANCE_ENDS

    sweep(ACCEPTANCE_ENDS - A_SECOND)
    assert "complaint.acceptance.lapsed" not in lapses()
    sweep(ACCEPTANCE_ENDS)

    assert lapses().count("complaint.acceptance.lapsed") == 1
    assert clock_of("complaint.acceptance").lapsed_at == ACCEPTANCE_ENDS
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.FILED  # never accepted, and never ended, by silence


def test_the_lapse_tells_when_the_term_ended_however_late_the_sweep_comes(office: Office) -> None:
    complaint = a_filed_complaint()

    sweep(ACCEPTANCE_ENDS + 3 * A_DAY)

    lapse = Event.objects.get(chain=complaint.chain, name="complaint.acceptance.lapsed")
    assert datetime.fromisoformat(lapse.facts["due_at"]) == ACCEPTANCE_ENDS
    assert lapse.at == ACCEPTANCE_ENDS + 3 * A_DAY
    assert lapse.actor == "system"


def test_a_decision_in_the_last_second_is_in_time_however_late_the_sweep_comes(office: Office) -> None:
    complaint = a_filed_complaint()

    accept_complaint(complaint_id=complaint.pk, by=office.li, at=ACCEPTANCE_ENDS - A_SECOND)
    sweep(ACCEPTANCE_ENDS + 30 * A_DAY)

    assert clock_of("complaint.acceptance").met_at == ACCEPTANCE_ENDS - A_SECOND
    assert "complaint.acceptance.lapsed" not in lapses()


def test_a_term_is_met_before_its_end_and_lapses_when_it_is_met_at_its_end(office: Office) -> None:
    one, other = a_filed_complaint(), a_filed_complaint()

    assert meet("complaint.acceptance", one, at=ACCEPTANCE_ENDS - A_SECOND) is True
    assert meet("complaint.acceptance", other, at=ACCEPTANCE_ENDS) is False
    assert meet("complaint.acceptance", other, at=ACCEPTANCE_ENDS) is False

    assert Event.objects.get(name="complaint.acceptance.lapsed").chain == other.chain


@pytest.mark.parametrize("late", [timedelta(0), A_SECOND], ids=["at the instant", "a second after"])
def test_a_late_decision_counts_as_late_without_any_worker(office: Office, late: timedelta) -> None:
    complaint = a_filed_complaint()

    accept_complaint(complaint_id=complaint.pk, by=office.li, at=ACCEPTANCE_ENDS + late)

    clock = clock_of("complaint.acceptance")
    assert (clock.met_at, clock.lapsed_at) == (None, ACCEPTANCE_ENDS + late)
    assert facts("complaint.acceptance.lapsed", "complaint.accepted") == [
        "complaint.acceptance.lapsed",
        "complaint.accepted",
    ]


def test_two_sweeps_at_once_lapse_each_clock_once(committed: None) -> None:
    hire_office()
    cases = [a_filed_complaint() for _ in range(4)]

    at_once(*[lambda: sweep(ACCEPTANCE_ENDS)] * 3)

    assert len(lapses()) == Deadline.objects.filter(lapsed_at__isnull=False).count() == 3 * len(cases)
    assert {first_broken_link(case.chain) for case in cases} == {None}


def test_a_decision_and_the_sweep_at_the_same_moment_agree(committed: None) -> None:
    office = hire_office()
    complaint = a_filed_complaint()

    at_once(
        lambda: sweep(ACCEPTANCE_ENDS),
        lambda: accept_complaint(complaint_id=complaint.pk, by=office.li, at=ACCEPTANCE_ENDS),
    )

    assert facts("complaint.acceptance.lapsed", "complaint.accepted") == [
        "complaint.acceptance.lapsed",
        "complaint.accepted",
    ]


# --- the sweep ----------------------------------------------------------------------------------------------


def test_after_an_outage_the_clocks_lapse_in_the_order_in_which_they_ran_out(office: Office) -> None:
    second = a_filed_complaint(at=TUESDAY_MORNING)
    first = a_filed_complaint(at=MONDAY_MORNING)

    sweep(MONDAY_MORNING + 60 * A_DAY)

    swept = list(Event.objects.filter(name__endswith=".lapsed").order_by("pk").values_list("chain", "name"))
    assert swept == [
        (first.chain, "first.contact.lapsed"),
        (second.chain, "first.contact.lapsed"),
        (first.chain, "complaint.acceptance.target.lapsed"),
        (second.chain, "complaint.acceptance.target.lapsed"),
        (first.chain, "complaint.acceptance.lapsed"),
        (second.chain, "complaint.acceptance.lapsed"),
    ]


def test_a_clock_that_a_late_sweep_starts_gives_its_people_the_whole_term(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    swept_at = MONDAY_MORNING + 300 * A_DAY

    sweep(swept_at)

    assert lapses() == ["respondent.reminder.lapsed", "respondent.answer.lapsed", "mediation.term.lapsed"]
    assert running(dispute) == {"mediation.consent"}
    assert due("mediation.consent", dispute) == datetime(2027, 9, 25, tzinfo=CHINA)
    sweep(datetime(2027, 9, 25, tzinfo=CHINA))
    assert lapses()[-1] == "mediation.consent.lapsed"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the consequence of a rule fail: `failing("first.contact")`."""
    monkeypatch.setattr(consequences, "_consequences", dict(consequences._consequences))

    def fail(rule: str) -> None:
        def consequence(deadline: Deadline, at: datetime) -> None:
            record("thing.half_done", deadline, by=SYSTEM, at=at)
            raise ValueError("a bug")

        consequences._consequences[rule] = consequence

    return fail


def test_one_bad_consequence_does_not_stop_the_sweep(office: Office, failing: Callable[[str], None]) -> None:
    failing("first.contact")
    a_filed_complaint()

    sweep(ACCEPTANCE_ENDS)

    assert lapses() == ["complaint.acceptance.target.lapsed", "complaint.acceptance.lapsed"]
    assert facts("thing.half_done") == []
    assert clock_of("first.contact").retry_at == ACCEPTANCE_ENDS + RETRY


def test_a_failed_consequence_is_tried_again_after_a_pause(office: Office, failing: Callable[[str], None]) -> None:
    failing("first.contact")
    a_filed_complaint()
    sweep(ACCEPTANCE_ENDS)
    del consequences._consequences["first.contact"]

    sweep(ACCEPTANCE_ENDS + RETRY - A_SECOND)
    assert "first.contact.lapsed" not in lapses()
    sweep(ACCEPTANCE_ENDS + RETRY)

    assert lapses()[-1] == "first.contact.lapsed"


@pytest.mark.parametrize(
    "stage",
    [
        lambda office: an_open_dispute(officer=office.li),
        lambda office: an_invited_dispute(officer=office.li),
        a_negotiation,
        an_offered_mediation,
        a_mediation,
        lambda office: a_signed_dispute(officer=office.li),
        a_settlement_in_force,
    ],
    ids=["open", "invited", "negotiation", "mediation offered", "mediation", "signed", "in force"],
)
def test_a_year_of_silence_ends_no_case(office: Office, stage: Callable[[Office], Dispute]) -> None:
    dispute = stage(office)

    sweep(MONDAY_MORNING + A_YEAR)

    dispute.refresh_from_db()
    assert (dispute.state == State.CLOSED, dispute.outcome) == (False, "")
    assert first_broken_link(dispute.chain) is None


# --- terms that rest on a calendar that is not official yet -------------------------------------------------


@pytest.fixture
def provisional(office: Office, settings: Any) -> Dispute:
    """A regulator's case whose statutory mediation term ends in 2027, for which no holidays are set."""
    settings.OPERATOR = "market_regulator"
    dispute = an_open_dispute(officer=office.li)
    term = clock_of("mediation.term")
    assert (term.provisional, term.basis, term.article) == (True, "STATUTORY", "SAMR-121-23")
    return dispute


def test_a_provisional_statutory_term_alarms_once_but_does_not_lapse(provisional: Dispute) -> None:
    end = clock_of("mediation.term").due_at

    for at in (end - A_SECOND, end, end + A_DAY, end + 30 * A_DAY):
        sweep(at)
    catch_up(provisional, at=end + 31 * A_DAY)

    term = clock_of("mediation.term")
    assert (term.alarmed_at, term.lapsed_at) == (end, None)
    assert facts("deadline.provisional_end", "mediation.term.lapsed") == ["deadline.provisional_end"]


def test_what_is_done_after_a_provisional_statutory_end_is_not_late(provisional: Dispute) -> None:
    end = clock_of("mediation.term").due_at

    assert meet("mediation.term", provisional, at=end + A_DAY) is True

    assert clock_of("mediation.term").met_at == end + A_DAY
    assert facts("mediation.term.lapsed") == []


def test_a_provisional_policy_term_lapses(office: Office) -> None:
    an_open_dispute(officer=office.li)
    term = clock_of("mediation.term")
    assert (term.provisional, term.basis) == (True, "POLICY")

    sweep(term.due_at)

    assert facts("mediation.term.lapsed") == ["mediation.term.lapsed"]


def test_the_clocks_of_one_case_do_not_touch_another(office: Office) -> None:
    one, other = a_filed_complaint(), a_filed_complaint()

    accept_complaint(complaint_id=one.pk, by=office.li, at=TUESDAY_MORNING)

    assert running(other) == FILED
    assert running(Complaint.by_pk(one.pk)) == {"mediation.term"}


# --- clocks of sellers --------------------------------------------------------------------------------------


def test_a_clock_about_a_seller_lapses_in_the_sellers_own_chain(db: None) -> None:
    seller, other = a_seller(), a_seller()
    start("platform.answer", seller, at=MONDAY_MORNING)
    start("platform.answer", other, at=MONDAY_MORNING)

    met = meet("platform.answer", other, at=TUESDAY_MORNING)
    sweep(MONDAY_MORNING + A_YEAR)

    assert met
    assert (running(seller), running(other)) == (set(), set())
    lapsed = Event.objects.get(name="platform.answer.lapsed")
    assert lapsed.chain == seller.chain
    assert lapsed.facts["clock_of"] == seller.chain
