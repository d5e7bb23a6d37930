"""Ends of terms: units, suspensions, provisional dates, and a brute-force count that must agree."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import pytest
from chinese_calendar.constants import holidays, workdays
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microguard.deadlines.calendar import CHINA, ONE_DAY, OutsideCalendar, shipped_calendar
from microguard.deadlines.legislation import RuleVersion, Unit, in_force
from microguard.deadlines.terms import BadSuspension, Suspension, Term, compute

FRIDAY = date(2026, 6, 5)
MONDAY = date(2026, 6, 8)
LAST_OFFICIAL_DAY = date(2026, 12, 31)


def clock(value: int, unit: Unit) -> RuleVersion:
    some_clock = in_force("first.contact", "consumer_association", FRIDAY)
    return replace(some_clock, value=value, unit=unit)


def end_of(value: int, unit: Unit, started: date | datetime, *suspended: Suspension) -> Term:
    return compute(clock(value, unit), started, shipped_calendar(), suspended)


def june(day: int) -> date:
    return date(2026, 6, day)


def test_the_day_of_the_event_does_not_count() -> None:
    assert end_of(1, Unit.WORKING_DAYS, MONDAY).due_strict == june(9)
    assert end_of(1, Unit.CALENDAR_DAYS, MONDAY).due_strict == june(9)


def test_the_term_is_over_at_midnight_after_its_last_day() -> None:
    term = end_of(1, Unit.CALENDAR_DAYS, FRIDAY)

    assert (term.due_strict, term.due_rolled) == (june(6), MONDAY)
    assert term.due_at.isoformat() == "2026-06-09T00:00:00+08:00"


def test_an_instant_counts_from_its_day_in_china() -> None:
    late_on_sunday_in_london = datetime(2026, 6, 7, 23, 30, tzinfo=UTC)

    assert end_of(1, Unit.WORKING_DAYS, late_on_sunday_in_london).due_strict == june(9)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        end_of(1, Unit.WORKING_DAYS, datetime(2026, 6, 8, 9))  # noqa: DTZ001 - refused for just this


@pytest.mark.parametrize(
    ("started", "months", "due_strict"),
    [("2026-01-31", 1, "2026-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2026-06-08", 24, "2028-06-08")],
    ids=["no corresponding day", "leap year", "over years"],
)
def test_months_end_on_the_corresponding_day(started: str, months: int, due_strict: str) -> None:
    """Civil Code art. 202."""
    term = end_of(months, Unit.MONTHS, date.fromisoformat(started))

    assert term.due_strict == date.fromisoformat(due_strict)


def test_hours_run_through_the_night_and_the_weekend() -> None:
    term = end_of(48, Unit.HOURS, datetime(2026, 6, 5, 17, 45, tzinfo=CHINA))

    assert term == (june(7), june(7), datetime(2026, 6, 7, 17, 45, tzinfo=CHINA), False)


def test_a_day_without_a_time_starts_hours_at_its_first_instant() -> None:
    assert end_of(48, Unit.HOURS, FRIDAY).due_at == datetime(2026, 6, 7, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("unit", "suspended", "due_strict"),
    [
        # without any suspension five working days end on 15 June, five calendar days on 13 June
        (Unit.WORKING_DAYS, (june(10), june(11)), june(16)),
        (Unit.WORKING_DAYS, (june(13), june(15)), june(15)),
        (Unit.WORKING_DAYS, (june(15), june(17)), june(17)),
        (Unit.WORKING_DAYS, (june(16), june(30)), june(15)),
        (Unit.WORKING_DAYS, (june(1), june(10)), june(16)),
        (Unit.WORKING_DAYS, (june(1), june(9)), june(15)),
        (Unit.CALENDAR_DAYS, (june(10), june(11)), june(14)),
        (Unit.CALENDAR_DAYS, (june(13), june(20)), june(20)),
        (Unit.CALENDAR_DAYS, (june(14), june(20)), june(13)),
    ],
    ids=[
        "one working day",
        "a weekend takes nothing away",
        "the last day is suspended",
        "after the end",
        "from before the start",
        "over before it could count",
        "one calendar day",
        "from the last calendar day on",
        "after the last calendar day",
    ],
)
def test_suspended_days_are_not_counted(unit: Unit, suspended: Suspension, due_strict: date) -> None:
    assert end_of(5, unit, MONDAY, suspended).due_strict == due_strict


def test_hours_stand_still_on_suspended_days() -> None:
    friday_evening = datetime(2026, 6, 5, 18, 30, tzinfo=CHINA)

    term = end_of(24, Unit.HOURS, friday_evening, (june(6), june(8)))

    assert term.due_at == datetime(2026, 6, 8, 18, 30, tzinfo=CHINA)


def test_suspensions_may_come_in_any_order_and_meet() -> None:
    in_order = end_of(5, Unit.WORKING_DAYS, MONDAY, (june(9), june(10)), (june(10), june(12)))
    reversed_order = end_of(5, Unit.WORKING_DAYS, MONDAY, (june(10), june(12)), (june(9), june(10)))

    assert in_order == reversed_order
    assert in_order.due_strict == june(18)


@pytest.mark.parametrize(
    "suspended",
    [
        [(june(10), june(10))],
        [(june(11), june(10))],
        [(june(9), june(12)), (june(11), june(13))],
        [(june(9), june(12)), (june(9), june(10))],
    ],
    ids=["empty", "backwards", "overlapping", "one inside the other"],
)
def test_a_suspension_that_makes_no_sense_is_refused(suspended: list[Suspension]) -> None:
    with pytest.raises(BadSuspension):
        end_of(5, Unit.WORKING_DAYS, MONDAY, *suspended)


def test_a_suspension_that_was_over_before_the_first_calendar_year_changes_nothing() -> None:
    new_year, in_2019 = date(2020, 1, 1), (date(2019, 12, 1), date(2019, 12, 31))

    assert end_of(1, Unit.WORKING_DAYS, new_year, in_2019) == end_of(1, Unit.WORKING_DAYS, new_year)


def test_a_date_outside_the_calendar_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        end_of(5, Unit.CALENDAR_DAYS, date(2019, 12, 1))
    with pytest.raises(OutsideCalendar):
        end_of(5, Unit.HOURS, date(9999, 12, 31))
    with pytest.raises(OutsideCalendar):
        end_of(48, Unit.HOURS, date(2019, 12, 31))
    with pytest.raises(OutsideCalendar):
        end_of(5, Unit.CALENDAR_DAYS, MONDAY, (june(9), date(9999, 12, 31)))


@pytest.mark.parametrize(
    ("value", "unit", "started", "due_rolled", "provisional"),
    [
        (1, Unit.WORKING_DAYS, "2026-12-30", "2026-12-31", False),
        (1, Unit.WORKING_DAYS, "2026-12-31", "2027-01-04", True),
        (2, Unit.CALENDAR_DAYS, "2026-12-29", "2026-12-31", False),
        (1, Unit.CALENDAR_DAYS, "2026-12-31", "2027-01-04", True),
        (23, Unit.HOURS, "2026-12-31", "2026-12-31", False),
        (24, Unit.HOURS, "2026-12-31", "2027-01-01", True),
    ],
)
def test_a_term_is_provisional_once_it_touches_a_year_without_a_notice(
    value: int, unit: Unit, started: str, due_rolled: str, provisional: bool
) -> None:
    term = end_of(value, unit, date.fromisoformat(started))

    assert (term.due_rolled.isoformat(), term.provisional) == (due_rolled, provisional)


class Case(NamedTuple):
    """One term to be computed twice."""

    unit: Unit
    value: int
    started: datetime
    suspended: tuple[Suspension, ...]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Terms of 2020 to 2028 with up to three suspensions, which may begin early, meet, or come too late."""
    unit = draw(st.sampled_from(Unit))
    longest = {Unit.WORKING_DAYS: 90, Unit.CALENDAR_DAYS: 120, Unit.HOURS: 400, Unit.MONTHS: 14}[unit]
    day = draw(st.dates(date(2020, 1, 1), date(2028, 12, 31)))
    hour, minute = draw(st.integers(0, 23)), draw(st.sampled_from((0, 15, 30, 45)))
    spans: list[Suspension] = []
    first = day + ONE_DAY * draw(st.integers(-20, 15 if unit is Unit.HOURS else 60))
    for length, gap in draw(st.lists(st.tuples(st.integers(1, 25), st.integers(0, 30)), max_size=3)):
        spans.append((first, first + ONE_DAY * length))
        first += ONE_DAY * (length + gap)
    started = datetime.combine(day, time(hour, minute), CHINA)
    return Case(unit, draw(st.integers(1, longest)), started, tuple(spans))


def is_worked(day: date) -> bool:
    """A second opinion on working days: another package's tables, and fixed holidays after they end."""
    if day > LAST_OFFICIAL_DAY:
        fixed = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
        return day.weekday() < 5 and (day.month, day.day) not in fixed
    return day in workdays or (day.weekday() < 5 and day not in holidays)


def is_suspended(day: date, suspended: tuple[Suspension, ...]) -> bool:
    return any(first <= day < until for first, until in suspended)


def days_in_months(started: date, months: int) -> int:
    """Count the days to the corresponding day by walking there."""
    day, passed, entered = started, 0, 0
    while True:
        day, passed = day + ONE_DAY, passed + 1
        entered += day.day == 1
        month_ends = (day + ONE_DAY).day == 1
        if entered == months and (day.day == started.day or (month_ends and day.day < started.day)):
            return passed


def brute_force(case: Case) -> Term:
    """Walk by quarters of an hour or day by day, as one would with a finger on a paper calendar."""
    if case.unit is Unit.HOURS:
        at, left = case.started, 4 * case.value
        while left:
            left -= not is_suspended(at.date(), case.suspended)
            at += timedelta(minutes=15)
        return Term(at.date(), at.date(), at, at.date() > LAST_OFFICIAL_DAY)
    day = case.started.date()
    left = days_in_months(day, case.value) if case.unit is Unit.MONTHS else case.value
    while left:
        day += ONE_DAY
        if not is_suspended(day, case.suspended) and (case.unit is not Unit.WORKING_DAYS or is_worked(day)):
            left -= 1
    strict = day
    while not is_worked(day):
        day += ONE_DAY
    midnight = datetime.combine(day + ONE_DAY, time.min, CHINA)
    return Term(strict, day, midnight, day > LAST_OFFICIAL_DAY)


def agrees_with_brute_force(case: Case) -> None:
    term = compute(clock(case.value, case.unit), case.started, shipped_calendar(), case.suspended)

    assert term == brute_force(case)


@settings(max_examples=2_000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_term_agrees_with_a_count_by_hand(case: Case) -> None:
    agrees_with_brute_force(case)


def test_the_triples_reach_every_unit_with_suspensions_that_count() -> None:
    """A count by hand of cases that are all alike would prove nothing."""
    moved: dict[Unit, int] = dict.fromkeys(Unit, 0)

    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    @given(cases())
    def count(case: Case) -> None:
        calm = compute(clock(case.value, case.unit), case.started, shipped_calendar())
        moved[case.unit] += (
            compute(clock(case.value, case.unit), case.started, shipped_calendar(), case.suspended) != calm
        )

    count()

    assert min(moved.values()) >= 15


@pytest.mark.drill
@settings(max_examples=200_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_two_hundred_thousand_terms_agree_with_a_count_by_hand(case: Case) -> None:
    agrees_with_brute_force(case)
