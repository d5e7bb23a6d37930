"""The working-day calendar: official years day by day, the provisional years after them, malformed files."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from microguard.deadlines.calendar import (
    DATA,
    ONE_DAY,
    CalendarError,
    Notice,
    OutsideCalendar,
    WorkCalendar,
    load_calendar,
    shipped_calendar,
)

OFFICIAL_YEARS = range(2020, 2027)
NATIONAL_DAY_EVE = date(2026, 9, 30)
LAST_OFFICIAL_DAY = date(2026, 12, 31)

NOTICE_OF_2027 = """
year = 2027
status = "official"
notices = [{ title = "a notice for 2027", issued = 2026-12-01 }]
off = [[2026-12-31, 2027-01-03]]
work = [2026-12-26]
"""


@pytest.fixture
def calendar() -> WorkCalendar:
    return shipped_calendar()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the installed files that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "calendars"))


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(365 + (year % 4 == 0))]


@pytest.mark.parametrize("year", OFFICIAL_YEARS)
def test_every_day_agrees_with_two_independent_calendars(calendar: WorkCalendar, year: int) -> None:
    china = holidays.country_holidays("CN", years=[year - 1, year, year + 1])

    ours = [day for day in days_of(year) if calendar.is_working_day(day)]

    assert ours == [day for day in days_of(year) if chinese_calendar.is_workday(day)]
    assert ours == [day for day in days_of(year) if china.is_working_day(day)]


def test_where_no_notice_is_known_one_package_refuses_and_the_other_guesses() -> None:
    """Why neither is our calendar: 2027 has no notice yet, and `holidays` says nothing of that."""
    guessed = holidays.country_holidays("CN", years=[2026, 2027])

    with pytest.raises(NotImplementedError, match="2027"):
        chinese_calendar.is_workday(date(2027, 1, 4))
    assert not guessed.is_working_day(date(2027, 2, 8))  # the Spring Festival follows the moon
    assert [day for day in days_of(2027) if day.weekday() > 4 and guessed.is_working_day(day)] == []
    assert shipped_calendar().add_working_days(date(2027, 2, 5), 1) == (date(2027, 2, 8), False)


@pytest.mark.parametrize("year", OFFICIAL_YEARS)
def test_every_year_names_the_notice_it_was_taken_from(calendar: WorkCalendar, year: int) -> None:
    (found,) = (entry for entry in calendar.years if entry.year == year)

    assert str(year) in found.notices[0].title
    assert found.notices[0].number
    assert found.notices[0].issued.year == year - 1


def test_every_day_off_is_called_by_its_holiday(calendar: WorkCalendar) -> None:
    for year in calendar.years:
        assert year.holidays.keys() == year.rest_days
    assert calendar.years[-1].holidays[date(2026, 10, 7)] == "国庆节"


def test_make_up_weekends_count_and_holidays_do_not(calendar: WorkCalendar) -> None:
    """A Monday-to-Friday count says the 9th, one without make-up days the 16th."""
    assert calendar.add_working_days(NATIONAL_DAY_EVE, 7) == (date(2026, 10, 15), True)


def test_counting_back_finds_the_working_day_before(calendar: WorkCalendar) -> None:
    monday_after_the_holidays = date(2026, 10, 8)

    assert calendar.add_working_days(monday_after_the_holidays, -1).day == NATIONAL_DAY_EVE
    assert calendar.add_working_days(date(2026, 10, 3), -1).day == NATIONAL_DAY_EVE


def test_zero_working_days_name_no_day(calendar: WorkCalendar) -> None:
    with pytest.raises(ValueError, match="zero"):
        calendar.add_working_days(NATIONAL_DAY_EVE, 0)


@pytest.mark.parametrize(
    ("day", "rolled"),
    [
        ("2026-10-02", "2026-10-08"),
        ("2026-06-13", "2026-06-15"),
        ("2026-10-10", "2026-10-10"),
        ("2026-09-30", "2026-09-30"),
    ],
    ids=["holiday", "plain Saturday", "make-up Saturday", "working day"],
)
def test_rolling_forward_goes_to_the_first_working_day(calendar: WorkCalendar, day: str, rolled: str) -> None:
    assert calendar.roll_forward(date.fromisoformat(day)).day == date.fromisoformat(rolled)


def test_the_calendar_is_known_to_the_end_of_the_last_notice(calendar: WorkCalendar) -> None:
    assert calendar.known_until == LAST_OFFICIAL_DAY
    assert calendar.is_official(LAST_OFFICIAL_DAY)
    assert not calendar.is_official(LAST_OFFICIAL_DAY + ONE_DAY)


def test_days_beyond_the_last_notice_are_counted_and_flagged(calendar: WorkCalendar) -> None:
    """1 January 2027 is a Friday and a holiday by date; the weekend after it is plain."""
    assert calendar.add_working_days(LAST_OFFICIAL_DAY, 1) == (date(2027, 1, 4), False)
    assert calendar.roll_forward(date(2027, 1, 1)) == (date(2027, 1, 4), False)
    assert calendar.add_working_days(date(2027, 1, 4), -1) == (LAST_OFFICIAL_DAY, False)


def test_the_provisional_calendar_knows_only_holidays_with_a_fixed_date(calendar: WorkCalendar) -> None:
    weekdays = [day for day in days_of(2029) if day.weekday() < 5]

    idle = [day for day in weekdays if not calendar.is_working_day(day)]

    assert idle == [date(2029, month, day) for month, day in [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]]


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2100, 1, 1)], ids=["before", "after"])
def test_a_day_outside_the_calendar_is_refused(calendar: WorkCalendar, day: date) -> None:
    for ask in (calendar.is_working_day, calendar.roll_forward, calendar.is_official):
        with pytest.raises(OutsideCalendar):
            ask(day)
    with pytest.raises(OutsideCalendar):
        calendar.add_working_days(day, 1)


def test_counting_back_past_the_first_year_is_refused(calendar: WorkCalendar) -> None:
    with pytest.raises(OutsideCalendar):
        calendar.add_working_days(date(2020, 1, 3), -2)


def test_an_amending_notice_wins_on_the_days_it_names_and_leaves_the_others(calendar: WorkCalendar) -> None:
    """Invented: the make-up day of 9 May becomes 16 May, and the Friday after Labour Day is off as well."""
    year = next(entry for entry in calendar.years if entry.year == 2026)
    notice = Notice("国务院办公厅关于调整2026年劳动节假期安排的通知", "国办发明电〔2026〕1号", date(2026, 3, 1))

    amended = year.amended(notice, frozenset({date(2026, 5, 8), date(2026, 5, 9)}), frozenset({date(2026, 5, 16)}))
    changed = WorkCalendar([*calendar.years[:-1], amended])

    assert changed.edition == calendar.edition + 1
    assert [day for day in days_of(2026) if changed.is_working_day(day) != calendar.is_working_day(day)] == [
        date(2026, 5, 8),
        date(2026, 5, 9),
        date(2026, 5, 16),
    ]


def test_a_new_notice_makes_its_year_official_and_may_move_days_of_december(folder: Path) -> None:
    (folder / "2027.toml").write_text(NOTICE_OF_2027, encoding="utf-8")

    calendar = load_calendar(folder)

    assert calendar.known_until == date(2027, 12, 31)
    assert calendar.is_working_day(date(2026, 12, 26))
    assert not calendar.is_working_day(LAST_OFFICIAL_DAY)
    assert calendar.add_working_days(date(2026, 12, 30), 1) == (date(2027, 1, 4), True)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("year = 2027", "year = ", "2027.toml: this is not TOML"),
        ("year = 2027", "year = '2027'", "2027.toml: year is '2027', not a year"),
        ("year = 2027", "year = 2028", "2027.toml: 2026-12-26 belongs neither to 2028"),
        ("official", "provisional", "2027.toml: status is 'provisional'"),
        ('title = "a notice for 2027"', 'title = ""', "2027.toml: a notice needs its title"),
        ('[{ title = "a notice for 2027", issued = 2026-12-01 }]', "[]", "2027.toml: no notice is named"),
        ("issued = 2026-12-01", "issued = 'December'", "2027.toml: 'December' is not a day"),
        ("issued =", "published =", "2027.toml: a notice has title, number and issued"),
        ("[[2026-12-31, 2027-01-03]]", "[]", "2027.toml: off lists no day"),
        ("[[2026-12-31, 2027-01-03]]", "[2027-01-01]", "is not a pair of first and last day off"),
        ("[[2026-12-31, 2027-01-03]]", "[[2027-01-03, 2027-01-01]]", "end before they begin"),
        ("2027-01-03]]", "2027-01-03, 7]]", "2027.toml: the holiday from 2026-12-31 to 2027-01-03 is called 7"),
        ("[2026-12-26]", "[2027-01-02]", "2027.toml: 2027-01-02 is both a day off and a working day"),
        ("[2026-12-26]", "[2027-02-08]", "2027.toml: 2027-02-08 is no weekend day"),
        ("[2026-12-26]", "[2026-11-28]", "2027.toml: 2026-11-28 belongs neither to 2027"),
        ("work =", "worked =", "2027.toml: a year has exactly"),
    ],
)
def test_a_malformed_year_is_refused_with_one_sentence(
    folder: Path, before: str, after: str, sentence: str
) -> None:
    assert before in NOTICE_OF_2027
    (folder / "2027.toml").write_text(NOTICE_OF_2027.replace(before, after), encoding="utf-8")

    with pytest.raises(CalendarError) as refusal:
        load_calendar(folder)

    assert sentence in str(refusal.value)


def test_a_file_under_the_wrong_name_is_refused(folder: Path) -> None:
    (folder / "2028.toml").write_text(NOTICE_OF_2027, encoding="utf-8")

    with pytest.raises(CalendarError, match=r"2028\.toml: the file holds the year 2027"):
        load_calendar(folder)


def test_a_year_missing_in_between_is_refused(folder: Path) -> None:
    (folder / "2023.toml").unlink()

    with pytest.raises(CalendarError, match="without a gap"):
        load_calendar(folder)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="no calendar year"):
        load_calendar(tmp_path)
