"""How a date was computed: the days told one by one, and an end that is always the computed one."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microguard.deadlines.calendar import CHINA, ONE_DAY, OutsideCalendar, shipped_calendar
from microguard.deadlines.explanation import Day, Explanation, Kind, Role, explain, spans_of
from microguard.deadlines.legislation import RuleVersion, Unit, in_force
from microguard.deadlines.terms import BadSuspension, Suspension, compute

FRIDAY = date(2026, 6, 5)


def clock(value: int, unit: Unit) -> RuleVersion:
    some_clock = in_force("first.contact", "consumer_association", FRIDAY)
    return replace(some_clock, value=value, unit=unit)


def story(value: int, unit: Unit, started: date | datetime, *suspended: Suspension) -> Explanation:
    return explain(clock(value, unit), started, shipped_calendar(), suspended)


def told(days: tuple[Day, ...]) -> list[tuple[str, str, str, int]]:
    return [(day.date.isoformat()[5:], day.role.value, day.holiday or day.kind.value, day.number) for day in days]


def spans(explanation: Explanation) -> list[tuple[str, str, str]]:
    return [
        (f"{days[0].date:%m-%d}", f"{days[-1].date:%m-%d}", days[0].role.value) for days in spans_of(explanation)
    ]


def test_seven_working_days_over_the_holidays_of_october() -> None:
    explanation = story(7, Unit.WORKING_DAYS, date(2026, 9, 24))

    assert told(explanation.days) == [
        ("09-24", "event", "weekday", 0),
        ("09-25", "not_worked", "中秋节", 0),
        ("09-26", "not_worked", "中秋节", 0),
        ("09-27", "not_worked", "中秋节", 0),
        ("09-28", "counted", "weekday", 1),
        ("09-29", "counted", "weekday", 2),
        ("09-30", "counted", "weekday", 3),
        *((f"10-0{day}", "not_worked", "国庆节", 0) for day in range(1, 8)),
        ("10-08", "counted", "weekday", 4),
        ("10-09", "counted", "weekday", 5),
        ("10-10", "counted", "make_up", 6),
        ("10-11", "not_worked", "weekend", 0),
        ("10-12", "counted", "weekday", 7),
    ]
    assert explanation.end.due_at == datetime(2026, 10, 13, tzinfo=CHINA)
    assert {day.notice for day in explanation.days if day.kind in (Kind.HOLIDAY, Kind.MAKE_UP)} == {2026}


def test_a_term_that_would_end_in_a_holiday_moves_over_each_day_of_it() -> None:
    explanation = story(60, Unit.CALENDAR_DAYS, date(2026, 8, 3))

    assert told(explanation.days)[-7:] == [
        ("10-02", "counted", "国庆节", 60),
        *((f"10-0{day}", "moved_over", "国庆节", 0) for day in range(3, 8)),
        ("10-08", "moved_to", "weekday", 0),
    ]
    assert (explanation.end.due_strict, explanation.end.due_rolled) == (date(2026, 10, 2), date(2026, 10, 8))


def test_a_long_term_is_told_by_weeks_and_its_last_day_alone() -> None:
    assert spans(story(60, Unit.CALENDAR_DAYS, date(2026, 8, 3))) == [
        ("08-03", "08-03", "event"),
        ("08-04", "08-09", "counted"),
        *((f"{week[0]}", f"{week[1]}", "counted") for week in [
            ("08-10", "08-16"), ("08-17", "08-23"), ("08-24", "08-30"), ("08-31", "09-06"),
            ("09-07", "09-13"), ("09-14", "09-20"), ("09-21", "09-27"), ("09-28", "10-01"),
        ]),
        ("10-02", "10-02", "counted"),
        ("10-03", "10-07", "moved_over"),
        ("10-08", "10-08", "moved_to"),
    ]  # fmt: skip


def test_in_a_short_term_each_counted_day_stands_alone_and_days_off_together() -> None:
    assert spans(story(3, Unit.WORKING_DAYS, date(2026, 9, 29))) == [
        ("09-29", "09-29", "event"),
        ("09-30", "09-30", "counted"),
        ("10-01", "10-07", "not_worked"),
        ("10-08", "10-08", "counted"),
        ("10-09", "10-09", "counted"),
    ]


def test_suspended_days_name_their_suspension_whatever_the_calendar_says() -> None:
    pause = (date(2026, 6, 12), date(2026, 6, 16))

    explanation = story(5, Unit.WORKING_DAYS, date(2026, 6, 8), pause)

    suspended = [day for day in explanation.days if day.role is Role.SUSPENDED]
    assert [day.date.day for day in suspended] == [12, 13, 14, 15]
    assert {day.suspension for day in suspended} == {pause}
    assert ("06-12", "06-15", "suspended") in spans(explanation)


def test_hours_run_from_their_instant_through_the_night_to_the_same_time() -> None:
    friday_evening = datetime(2026, 6, 5, 18, 30, tzinfo=CHINA)

    explanation = story(24, Unit.HOURS, friday_evening, (date(2026, 6, 6), date(2026, 6, 8)))

    midnights = [datetime(2026, 6, day, tzinfo=CHINA) for day in (6, 7, 8)]
    end = datetime(2026, 6, 8, 18, 30, tzinfo=CHINA)
    assert [(day.role.value, day.stretch) for day in explanation.days] == [
        ("counted", (friday_evening, midnights[0])),
        ("suspended", (midnights[0], midnights[1])),
        ("suspended", (midnights[1], midnights[2])),
        ("counted", (midnights[2], end)),
    ]
    assert explanation.end.due_at == end


def test_before_there_is_a_notice_the_week_and_the_holidays_by_date_are_assumed() -> None:
    explanation = story(2, Unit.WORKING_DAYS, date(2026, 12, 30))

    assert told(explanation.days)[2:] == [
        ("01-01", "not_worked", "元旦", 0),
        ("01-02", "not_worked", "weekend", 0),
        ("01-03", "not_worked", "weekend", 0),
        ("01-04", "counted", "weekday", 2),
    ]
    assert explanation.days[2].notice is None
    assert (explanation.assumed, [year.year for year in explanation.notices]) == ((2027,), [2026])


def test_a_day_of_december_is_told_with_the_notice_of_the_year_after() -> None:
    explanation = story(1, Unit.WORKING_DAYS, date(2022, 12, 30))

    assert {(day.notice, day.holiday) for day in explanation.days[1:4]} == {(2023, "元旦")}
    assert [year.year for year in explanation.notices] == [2022, 2023]


@pytest.mark.parametrize(
    ("started", "suspended", "refusal"),
    [
        (date(2019, 12, 1), (), OutsideCalendar),
        (date(2076, 12, 31), (), OutsideCalendar),
        (FRIDAY, ((date(2026, 6, 8), date(9999, 12, 31)),), OutsideCalendar),
        (FRIDAY, ((date(2026, 6, 8), date(2026, 6, 8)),), BadSuspension),
    ],
)
@pytest.mark.parametrize("unit", Unit)
def test_what_cannot_be_computed_cannot_be_told(
    unit: Unit, started: date, suspended: tuple[Suspension, ...], refusal: type[Exception]
) -> None:
    for told_or_computed in (explain, compute):
        with pytest.raises(refusal):
            told_or_computed(clock(40, unit), started, shipped_calendar(), suspended)


class Case(NamedTuple):
    """One term to be computed and told."""

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
    at = draw(st.sampled_from([time(0), time(9, 30, 17), time(23, 59, 59, 999_999)]))
    spans: list[Suspension] = []
    first = day + ONE_DAY * draw(st.integers(-20, 60))
    for length, gap in draw(st.lists(st.tuples(st.integers(1, 25), st.integers(0, 30)), max_size=3)):
        spans.append((first, first + ONE_DAY * length))
        first += ONE_DAY * (length + gap)
    return Case(unit, draw(st.integers(1, longest)), datetime.combine(day, at, CHINA), tuple(spans))


@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cases())
def test_the_story_ends_where_the_count_ends_and_leaves_out_no_day(case: Case) -> None:
    version = clock(case.value, case.unit)

    explanation = explain(version, case.started, shipped_calendar(), case.suspended)

    assert explanation.end == compute(version, case.started, shipped_calendar(), case.suspended)
    dates = [day.date for day in explanation.days]
    assert dates == [case.started.date() + ONE_DAY * number for number in range(len(dates))]
    counted = [day for day in explanation.days if day.role is Role.COUNTED]
    assert [day.number for day in counted] == list(range(1, len(counted) + 1))
    if case.unit is Unit.WORKING_DAYS:
        assert len(counted) == case.value
        assert {day.kind for day in counted} <= {Kind.WEEKDAY, Kind.MAKE_UP}
    assert [day for span in spans_of(explanation) for day in span] == list(explanation.days)
    assert bool(explanation.assumed) == explanation.end.provisional
