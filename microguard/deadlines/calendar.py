"""Working days in China, counted from the State Council's yearly notices: no Django, no clock.

A year counts as known only when its notice is named. Later days are counted on a provisional calendar, and
every result says so. The files that ship hold the years up to the release; those that an operator loads after
it are rows (loaded_years.py).
"""

import tomllib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from microguard.law.reading import LawDataError

CHINA = ZoneInfo("Asia/Shanghai")
DATA = Path(__file__).parent / "data" / "calendars"

# Statutory holidays with a fixed date (rules on public holidays of 2024-11-10): the only ones that can
# be known before the notice, since the others follow the moon and the rest is arranged year by year.
FIXED_HOLIDAYS = {
    (1, 1): "元旦",
    **dict.fromkeys([(5, 1), (5, 2)], "劳动节"),
    **dict.fromkeys([(10, 1), (10, 2), (10, 3)], "国庆节"),
}
# Far beyond any term; a day after it is an input error and not a date to be counted.
PROVISIONAL_YEARS = 50
SATURDAY = 5
ONE_DAY = timedelta(days=1)


class CalendarError(LawDataError):
    """A calendar file is malformed; the sentence names the file and what is wrong."""


class OutsideCalendar(ValueError):
    """The day lies before the first calendar year or too far in the future."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day.isoformat()} lies outside the calendar")
        self.day = day


class Notice(NamedTuple):
    """The notice by which the State Council set a year's days; `number` is empty where it is not certain."""

    title: str
    number: str
    issued: date


class ReckonedDay(NamedTuple):
    """A day that was counted to; `official` is False where a year without a notice was touched."""

    day: date
    official: bool


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's notices with the days they free and the weekend days they make working days.

    `holidays` names the holiday of each day off, as far as the notice's file does.
    """

    year: int
    notices: tuple[Notice, ...]
    rest_days: frozenset[date]
    make_up_days: frozenset[date]
    holidays: dict[date, str] = field(default_factory=dict, compare=False)

    def amended(self, notice: Notice, rest_days: frozenset[date], make_up_days: frozenset[date]) -> "CalendarYear":
        """Return the year as a further notice leaves it: the days it names are as it says, the others stay."""
        return CalendarYear(
            self.year,
            (*self.notices, notice),
            (self.rest_days - make_up_days) | rest_days,
            (self.make_up_days - rest_days) | make_up_days,
            self.holidays,
        )


class WorkCalendar:
    """Counts working days in constant time: one running count a day and one list of working days."""

    def __init__(self, years: Iterable[CalendarYear]) -> None:
        """Build the tables from the official years.

        :raises CalendarError: when there is no year, a year is missing in between, or two contradict
        """
        self.years = tuple(sorted(years, key=lambda year: year.year))
        if not self.years:
            raise CalendarError("There is no calendar year at all.")
        numbers = [year.year for year in self.years]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise CalendarError(f"The calendar years {numbers} do not follow one another without a gap.")
        self.first_day = date(numbers[0], 1, 1)
        self.known_until = date(numbers[-1], 12, 31)
        self.last_day = date(numbers[-1] + PROVISIONAL_YEARS, 12, 31)
        self._build(self._set_by_notice())

    @property
    def edition(self) -> int:
        """How many notices the calendar rests on: it grows with each, so a date tells what it was counted by."""
        return sum(len(year.notices) for year in self.years)

    def year(self, number: int) -> CalendarYear | None:
        """Return the year if a notice has set its days."""
        return next((year for year in self.years if year.year == number), None)

    def _set_by_notice(self) -> dict[date, bool]:
        """Return the days that notices name: True where worked. A later notice may re-arrange December."""
        named: dict[date, bool] = {}
        for year in self.years:
            named.update(dict.fromkeys(year.rest_days, False))
            named.update(dict.fromkeys(year.make_up_days, True))
        return named

    def _build(self, named: dict[date, bool]) -> None:
        """Fill the list of working days and, for each day, how many of them lie before it."""
        self._first = self.first_day.toordinal()
        self._working: list[date] = []
        self._before = array("l", [0])
        for ordinal in range(self._first, self.last_day.toordinal() + 1):
            day = date.fromordinal(ordinal)
            worked = day.weekday() < SATURDAY
            if day > self.known_until:
                worked = worked and (day.month, day.day) not in FIXED_HOLIDAYS
            if named.get(day, worked):
                self._working.append(day)
            self._before.append(len(self._working))

    def place_of(self, day: date) -> int:
        """Return the day's place in the tables.

        :raises OutsideCalendar: when no table covers the day
        """
        place = day.toordinal() - self._first
        if not 0 <= place < len(self._before) - 1:
            raise OutsideCalendar(day)
        return place

    def is_official(self, day: date) -> bool:
        """Whether a notice of the State Council covers the day.  :raises OutsideCalendar:"""
        self.place_of(day)
        return day <= self.known_until

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked; after `known_until` this is provisional.  :raises OutsideCalendar:"""
        place = self.place_of(day)
        return self._before[place + 1] > self._before[place]

    def working_days_between(self, first: date, until: date) -> int:
        """Return how many working days lie from `first` (included) to `until` (excluded)."""
        return self._before[self.place_of(until)] - self._before[self.place_of(first)]

    def add_working_days(self, start: date, working_days: int) -> ReckonedDay:
        """Return the working day that many after `start`, or before it when negative; `start` is not counted.

        :raises OutsideCalendar: when start or result is not covered
        :raises ValueError: for zero, which names no day
        """
        place = self.place_of(start)
        if working_days > 0:
            index = self._before[place + 1] + working_days - 1
        elif working_days < 0:
            index = self._before[place] + working_days
        else:
            raise ValueError("zero working days name no day")
        if not 0 <= index < len(self._working):
            raise OutsideCalendar(start)
        day = self._working[index]
        return ReckonedDay(day, max(day, start) <= self.known_until)

    def roll_forward(self, day: date) -> ReckonedDay:
        """Return the first working day on or after the day.  :raises OutsideCalendar:"""
        index = self._before[self.place_of(day)]
        if index == len(self._working):
            raise OutsideCalendar(day)
        rolled = self._working[index]
        return ReckonedDay(rolled, rolled <= self.known_until)


def read_year(path: Path) -> CalendarYear:
    """Read and check one year's file.

    :raises CalendarError: with one sentence that names the file
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CalendarError(f"{path.name}: this is not TOML ({error}).") from error
    try:
        return _year_from(content)
    except CalendarError as error:
        raise CalendarError(f"{path.name}: {error}") from error


def _year_from(content: dict[str, Any]) -> CalendarYear:
    """Check a file's content and return it as a year."""
    if set(content) != {"year", "status", "notices", "off", "work"}:
        raise CalendarError("a year has exactly year, status, notices, off and work.")
    if not _is_year(content["year"]):
        raise CalendarError(f"year is {content['year']!r}, not a year.")
    if content["status"] != "official":
        raise CalendarError(f"status is {content['status']!r}; a year without a notice has no file.")
    notices = _notices_from(content["notices"])
    days_off = {day: name for span in _list(content, "off") for day, name in _days_off(span)}
    make_up_days = frozenset(_day(day) for day in _list(content, "work"))
    _check_days(content["year"], frozenset(days_off), make_up_days)
    named = {day: name for day, name in days_off.items() if name}
    return CalendarYear(content["year"], notices, frozenset(days_off), make_up_days, named)


def _is_year(value: Any) -> bool:
    """Whether the value can be a year of the calendar."""
    return type(value) is int and 1949 < value < 9999 - PROVISIONAL_YEARS


def _notices_from(entries: Any) -> tuple[Notice, ...]:
    """Return the notices; without one a year is not known, whatever days its file lists."""
    if not isinstance(entries, list) or not entries:
        raise CalendarError("no notice is named, so the year is not known.")
    notices = []
    for entry in entries:
        if not isinstance(entry, dict) or not set(entry) <= {"title", "number", "issued"}:
            raise CalendarError("a notice has title, number and issued, nothing else.")
        title, number = entry.get("title"), entry.get("number", "")
        if not isinstance(title, str) or not title or not isinstance(number, str):
            raise CalendarError("a notice needs its title, and its number is a text.")
        notices.append(Notice(title, number, _day(entry.get("issued"))))
    return tuple(notices)


def _list(content: dict[str, Any], field: str) -> list[Any]:
    """Return the field's list, which may not be empty: every notice frees days and moves some."""
    value = content[field]
    if not isinstance(value, list) or not value:
        raise CalendarError(f"{field} lists no day.")
    return value


def _days_off(span: Any) -> list[tuple[date, str]]:
    """Return each day of a span given by its first and last day and, if known, the holiday's name."""
    if not isinstance(span, list) or len(span) not in (2, 3):
        raise CalendarError(f"{span!r} is not a pair of first and last day off, with or without the holiday.")
    first, last, name = _day(span[0]), _day(span[1]), span[2] if len(span) == 3 else ""
    if last < first:
        raise CalendarError(f"the days off from {first} to {last} end before they begin.")
    if not isinstance(name, str):
        raise CalendarError(f"the holiday from {first} to {last} is called {name!r}, which is no name.")
    return [(first + ONE_DAY * number, name) for number in range((last - first).days + 1)]


def _day(value: Any) -> date:
    """Return the value if it is a plain day."""
    if type(value) is not date:
        raise CalendarError(f"{value!r} is not a day such as 2026-10-01.")
    return value


def _check_days(year: int, rest_days: frozenset[date], make_up_days: frozenset[date]) -> None:
    """Check that the days can stand in the year's notice and do not contradict each other."""
    both = rest_days & make_up_days
    if both:
        raise CalendarError(f"{min(both)} is both a day off and a working day.")
    for day in sorted(rest_days | make_up_days):
        # A notice may arrange the December before its year: that of 2023 freed 2022-12-31.
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise CalendarError(f"{day} belongs neither to {year} nor to the December before it.")
    for day in sorted(make_up_days):
        if day.weekday() < SATURDAY:
            raise CalendarError(f"{day} is no weekend day, so it cannot be a make-up working day.")


def load_calendar(folder: Path = DATA) -> WorkCalendar:
    """Read every year of the folder into a calendar.

    :raises CalendarError: with one sentence that names the file
    """
    years = []
    for path in sorted(folder.glob("*.toml")):
        year = read_year(path)
        if path.stem != str(year.year):
            raise CalendarError(f"{path.name}: the file holds the year {year.year}.")
        years.append(year)
    return WorkCalendar(years)


@cache
def shipped_calendar() -> WorkCalendar:
    """Return the calendar of the installed files, read once.

    Pure commands count by it; whatever has a database asks loaded_years.work_calendar().
    """
    return load_calendar()
