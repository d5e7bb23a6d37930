"""Under a market regulator the policy clocks before mediation leave enough of the statutory term."""

from datetime import date, timedelta

import pytest

from microguard.deadlines.calendar import ONE_DAY, shipped_calendar
from microguard.deadlines.legislation import in_force
from microguard.deadlines.terms import Term, compute

REGULATOR = "market_regulator"
DAYS_OF_2026 = [date(2026, 1, 1) + ONE_DAY * number for number in range(365)]


def term_of(clock: str, started: date) -> Term:
    return compute(in_force(clock, REGULATOR, started), started, shipped_calendar())


def days_left_for_mediation(accepted: date) -> int:
    """Return the days of the mediation term that follow the last preliminary, at everyone's slowest.

    The seller is invited on the day of acceptance and stays silent to the end of the answer's term. Mediation
    is offered on the day that this is recorded, and the parties take the whole term of consent. From the day
    after it to the strict last day of the mediation term, both included, there is mediation. Negotiation and
    the choice of the mediator run beside this and take nothing away.
    """
    silence_recorded = term_of("respondent.answer", accepted).due_at.date()
    consent_ends = term_of("mediation.consent", silence_recorded).due_rolled
    return (term_of("mediation.term", accepted).due_strict - consent_ends).days


@pytest.mark.parametrize("accepted", DAYS_OF_2026, ids=date.isoformat)
def test_at_least_thirty_days_are_left_for_every_acceptance_date(accepted: date) -> None:
    assert days_left_for_mediation(accepted) >= 30


def test_at_least_thirty_days_are_left_when_acceptance_takes_its_whole_term() -> None:
    received = [date(2025, 12, 1) + timedelta(days=number) for number in range(396)]
    latest = {term_of("complaint.acceptance", day).due_rolled for day in received}

    shortest = min(days_left_for_mediation(accepted) for accepted in latest if accepted.year == 2026)

    assert shortest >= 30
