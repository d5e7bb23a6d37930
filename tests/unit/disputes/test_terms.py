"""When money is due and from when a proposal may be accepted: arithmetic of instants."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disputes.rules.terms import REFLECTION, may_accept, payment_due
from microguard.core.clock import CHINA
from tests.clock import A_SECOND, MONDAY_MORNING

START = datetime(2020, 1, 1, tzinfo=CHINA)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=7_000)).map(lambda after: START + after)
DAYS = st.integers(1, 60)


def in_china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("agreed", "days", "due"),
    [
        ("2026-11-23T09:00", 7, "2026-12-01"),
        ("2026-11-23T00:00", 7, "2026-12-01"),
        ("2026-11-23T23:59:59", 7, "2026-12-01"),
        ("2026-12-31T12:00", 1, "2027-01-02"),
        ("2028-02-28T12:00", 1, "2028-03-01"),
    ],
)
def test_the_day_of_the_agreement_does_not_count(agreed: str, days: int, due: str) -> None:
    assert payment_due(in_china(agreed), days) == in_china(due)


@given(INSTANTS, DAYS)
def test_it_is_due_at_a_midnight_after_that_many_whole_days(agreed: datetime, days: int) -> None:
    due = payment_due(agreed, days)

    assert due.timetz() == time(tzinfo=CHINA)
    assert timedelta(days=days) < due - agreed <= timedelta(days=days + 1)


@given(INSTANTS, INSTANTS, DAYS)
def test_who_agrees_later_never_pays_earlier(one: datetime, other: datetime, days: int) -> None:
    earlier, later = sorted((one, other))

    assert payment_due(earlier, days) <= payment_due(later, days) < payment_due(later, days + 1)


def test_the_wall_clock_given_decides_the_day() -> None:
    late = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # already Tuesday in Beijing

    assert payment_due(late.astimezone(CHINA), 1) == datetime(2026, 11, 26, tzinfo=CHINA)


def test_a_proposal_is_accepted_after_a_day_or_when_the_party_waives_it() -> None:
    almost = MONDAY_MORNING + REFLECTION - A_SECOND

    assert not may_accept(MONDAY_MORNING, almost, waived=False)
    assert may_accept(MONDAY_MORNING, MONDAY_MORNING + REFLECTION, waived=False)
    assert may_accept(MONDAY_MORNING, MONDAY_MORNING, waived=True)
