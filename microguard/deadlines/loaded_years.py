"""The calendar as it stands now: the years that ship with the release, and those that an operator has loaded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from time import monotonic
from typing import NamedTuple

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microguard.accounts import policies
from microguard.accounts.actors import SYSTEM, Actor
from microguard.core.clock import CHINA, day_of
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.deadlines.calendar import (
    FIXED_HOLIDAYS,
    CalendarYear,
    Notice,
    WorkCalendar,
    shipped_calendar,
)
from microguard.deadlines.models import HolidayNotice
from microguard.deadlines.notice_text import Arrangement, parse
from microguard.events import actions as events
from microguard.events.models import Event

CHECKED_EVERY = 2.0  # seconds
YEARLY = "部分节假日安排的通知"
NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}〔(\d{4})〕\d{1,4}号(?:（[^（）]{1,10}）)?")
BRACKETS = str.maketrans("[]［］【】", "〔〕〔〕〔〕")


class BadNotice(Refusal):
    """A notice that cannot be loaded; `field` is the field of the form that has to be put right."""

    code = "bad_notice"

    def __init__(self, field: str, code: str, message: Promise, **values: object) -> None:
        super().__init__(message, code=code, **values)
        self.field = field


@dataclass(frozen=True)
class Calendars:
    """The chain of facts about the calendar."""

    chain: str = "calendars"


class Paper(NamedTuple):
    """A notice as it was entered: what stands above it, and its text."""

    year: int
    title: str
    number: str
    issued: date
    text: str


class _Seen(NamedTuple):
    """A calendar with the newest row that is in it, and when that was looked up."""

    calendar: WorkCalendar
    newest: int
    checked: float


_seen: _Seen | None = None


def work_calendar(*, fresh: bool = False) -> WorkCalendar:
    """Return the calendar of the shipped files and of every notice that was loaded.

    Every process learns of a new row without a restart: it asks for the newest one at most once in two seconds,
    so that a case with five clocks, or a town of a million, costs one small query and not one a clock. A clock
    that is started meanwhile by the older calendar is no loss: it says so in `calendar_edition`, and the next
    bell counts it anew. `fresh` asks in any case; not to be used while a row is being added, for a calendar that
    is rolled back would stay in mind.
    """
    global _seen
    moment = monotonic()
    if _seen is not None and not fresh and moment - _seen.checked < CHECKED_EVERY:
        return _seen.calendar
    newest = HolidayNotice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if _seen is None or _seen.newest != newest:
        rows = HolidayNotice.objects.filter(pk__lte=newest).order_by("pk")
        _seen = _Seen(with_notices(shipped_calendar(), rows), newest, moment)
    else:
        _seen = _seen._replace(checked=moment)
    return _seen.calendar


def forget() -> None:
    """Let the next call ask the database again."""
    global _seen
    _seen = None


def with_notices(calendar: WorkCalendar, rows: Iterable[HolidayNotice]) -> WorkCalendar:
    """Return the calendar with further notices, each over those before it.

    A notice that ships by now in a file of the release, checked against other calendars, is taken from there.
    """
    years = {year.year: year for year in calendar.years}
    shipped = {notice.number for year in calendar.years for notice in year.notices}
    for row in rows:
        if row.number not in shipped:
            before = years.get(row.year) or CalendarYear(row.year, (), frozenset(), frozenset())
            notice = Notice(row.title, row.number, row.issued_date)
            years[row.year] = before.amended(notice, frozenset(row.rest_days), frozenset(row.make_up_days))
    return WorkCalendar(years.values())


def missing_year(calendar: WorkCalendar, *, on: date) -> int | None:
    """Return the year whose notice should be known by this day: from 1 December that is the next one."""
    wanted = on.year + (on.month == 12)
    return wanted if calendar.known_until.year < wanted else None


def read_paper(paper: Paper, calendar: WorkCalendar, *, by: Actor, at: datetime) -> HolidayNotice:
    """Return the notice as the row that loading it would add, checked against the calendar, and write nothing.

    :raises BadNotice: for what stands above the text
    :raises microguard.deadlines.notice_text.BadNoticeText: for the text
    """
    known = calendar.year(paper.year)
    title = " ".join(paper.title.split())
    number = _number(paper, on=day_of(at))
    _check_year(paper.year, title, calendar)
    _check_not_loaded(number, title, known, calendar)
    found = parse(paper.text, year=paper.year, freed=known.rest_days if known else frozenset())
    if known is None:
        _check_complete(paper.year, found)
    return HolidayNotice(
        year=paper.year,
        title=title,
        number=number,
        issued_date=paper.issued,
        rest_days=sorted(found.rest_days),
        make_up_days=sorted(found.make_up_days),
        loaded_at=at,
        loaded_by=by.reference,
    )


@transaction.atomic
def load_notice(*, paper: Paper, by: Actor, at: datetime) -> HolidayNotice:
    """Load the notice of a year, or one that amends it. Running clocks follow (recomputation.py).

    This function will add one row or, refusing, nothing.

    :raises microguard.accounts.policies.NotAllowed: unless the actor may load calendars
    :raises BadNotice, microguard.deadlines.notice_text.BadNoticeText: for the first thing that is wrong
    """
    hold(Calendars.chain)
    policies.require(by, "calendar.load")
    notice = read_paper(paper, work_calendar(fresh=True), by=by, at=at)
    notice.save(force_insert=True)
    events.record("calendar.loaded", Calendars(), by=by, at=at, notice=notice.pk, year=notice.year)
    return notice


@transaction.atomic
def alarm_missing_year(*, at: datetime) -> bool:
    """Alarm the operators, once a day, while a notice is missing that should be known by now.

    This function will record one event a day at most; returns whether it did.
    """
    today = day_of(at)
    year = missing_year(work_calendar(), on=today)
    if year is None:
        return False
    hold(Calendars.chain)
    if Event.objects.filter(name="calendar.missing", at__gte=datetime.combine(today, time.min, CHINA)).exists():
        return False
    events.record("calendar.missing", Calendars(), by=SYSTEM, at=at, year=year)
    return True


def _number(paper: Paper, *, on: date) -> str:
    """Return the number of the notice in its usual form.  :raises BadNotice:"""
    number = "".join(paper.number.split()).translate(BRACKETS)
    found = NUMBER.fullmatch(number)
    if found is None:
        raise BadNotice(
            "number", "bad_number", _("Enter the number as it stands there, like 国办发明电〔2025〕7号.")
        )
    if paper.issued > on:
        raise BadNotice("issued", "not_issued", _("The notice cannot have been issued after today."))
    if int(found[1]) != paper.issued.year:
        raise BadNotice("issued", "bad_number", _("The number and the date of issue name different years."))
    return number


def _check_year(year: int, title: str, calendar: WorkCalendar) -> None:
    following = calendar.known_until.year + 1
    if calendar.year(year) is None and year != following:
        raise BadNotice("year", "wrong_year", _("Load the notice of {year} first."), year=str(following))
    found = re.search(r"(\d{4})年", title)
    if found is None or int(found[1]) != year:
        raise BadNotice("title", "wrong_year", _("This is not the title of a notice for {year}."), year=str(year))


def _check_not_loaded(number: str, title: str, known: CalendarYear | None, calendar: WorkCalendar) -> None:
    """Refuse what is known; a known year takes only notices that amend it."""
    if any(number == notice.number for year in calendar.years for notice in year.notices):
        raise BadNotice("number", "already_loaded", _("This notice is loaded already: {number}."), number=number)
    if known and title.endswith(YEARLY):
        raise BadNotice(
            "title",
            "already_loaded",
            _("The notice of {year} is loaded already. Only one that amends it can follow."),
            year=str(known.year),
        )


def _check_complete(year: int, found: Arrangement) -> None:
    """Refuse half a notice: its year would be official with working days that are none."""
    missing = {date(year, month, day) for month, day in FIXED_HOLIDAYS} - found.rest_days
    if missing:
        raise BadNotice(
            "text",
            "incomplete",
            _("A part of the notice is missing: it does not say that {day} is off."),
            day=min(missing).isoformat(),
        )
