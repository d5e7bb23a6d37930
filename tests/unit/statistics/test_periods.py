"""Periods are whole days in China."""

from datetime import date, datetime

import pytest

from microguard.core.clock import CHINA
from microguard.statistics.periods import Period, last_month, last_twelve_months


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 1), date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 11, 30), date(2026, 10, 1), date(2026, 10, 31)),
        (date(2027, 1, 15), date(2026, 12, 1), date(2026, 12, 31)),
        (date(2027, 3, 31), date(2027, 2, 1), date(2027, 2, 28)),
        (date(2028, 3, 1), date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_last_month_is_the_whole_calendar_month_before(today: date, first: date, last: date) -> None:
    assert last_month(today) == Period(first, last)


def test_a_period_runs_from_midnight_to_midnight_in_china() -> None:
    october = Period(date(2026, 10, 1), date(2026, 10, 31))

    assert october.begins_at == datetime(2026, 10, 1, tzinfo=CHINA)
    assert october.ends_at == datetime(2026, 11, 1, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 23), date(2025, 11, 24)),
        (date(2026, 12, 31), date(2026, 1, 1)),
        (date(2027, 2, 28), date(2026, 3, 1)),
        (date(2028, 2, 28), date(2027, 3, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2028, 3, 1), date(2027, 3, 2)),
    ],
)
def test_twelve_months_end_today_and_leave_out_the_same_day_a_year_ago(today: date, first: date) -> None:
    assert last_twelve_months(today) == Period(first, today)
