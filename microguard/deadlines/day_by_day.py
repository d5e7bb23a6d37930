"""How a date was computed, in the reader's language: the days of an explanation in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import get_language, gettext, ngettext, pgettext

from microguard.core.templatetags.mg import due_day, moment, weekday
from microguard.deadlines.calendar import CHINA, Notice
from microguard.deadlines.counting import counting_of
from microguard.deadlines.explanation import Day, Explanation, Kind, Role, spans_of
from microguard.deadlines.legislation import Unit
from microguard.deadlines.terms import months_later
from microguard.deadlines.wording import holiday_name, suspended_by

# How a line looks: the days that count stand out, the others step back.
LOOKS = {Role.COUNTED: "counted", Role.MOVED_TO: "end", Role.EVENT: "event"}


@dataclass(frozen=True)
class Line:
    """One day, or days told together, in words; `mark` is the number of the counted day or days."""

    first: date
    last: date
    when: str
    mark: str
    words: str
    look: str


@dataclass(frozen=True)
class Account:
    """A computation as a reader follows it: its days, its end, what to know about it, and how days are counted."""

    lines: list[Line]
    due_at: datetime
    end: str
    remarks: list[str]
    ways: list[str]
    notices: list[Notice]


def account_of(explanation: Explanation) -> Account:
    """Return the explanation in words."""
    spans = spans_of(explanation)
    before = [explanation.started_at.date(), *(days[-1].date for days in spans)]
    lines = [_line(explanation, days, earlier) for days, earlier in zip(spans, before, strict=False)]
    return Account(
        lines=lines,
        due_at=explanation.end.due_at,
        end=end_in_words(explanation.end.due_at),
        remarks=_remarks(explanation),
        ways=_ways(explanation),
        notices=_notices(explanation),
    )


def _line(explanation: Explanation, days: Sequence[Day], earlier: date) -> Line:
    first, last = days[0], days[-1]
    ends = last is explanation.last_counted and last.date == explanation.end.due_rolled
    numbers = [str(number) for number in sorted({first.number, last.number}) if number]
    hours = explanation.version.unit is Unit.HOURS
    return Line(
        first=first.date,
        last=last.date,
        when=_when(first.date, last.date, earlier),
        mark="" if hours else "–".join(numbers),
        words=_words(explanation, days),
        look="end" if ends else LOOKS.get(first.role, "idle"),
    )


def _when(first: date, last: date, earlier: date) -> str:
    """Return the day or the span, with the year where it is another than that of the day before."""
    begins = _dated(first) if first.year != earlier.year else weekday(first)
    if first == last:
        return begins
    ends = _dated(last) if last.year != first.year else weekday(last)
    return gettext("{first} to {last}").format(first=begins, last=ends)


def _dated(day: date) -> str:
    return pgettext("day with its year", "{day} {year}").format(day=weekday(day), year=day.year)


def _words(explanation: Explanation, days: Sequence[Day]) -> str:
    """Return what the day or span is to the term, and why."""
    day, role = days[0], days[0].role
    if role is Role.EVENT:
        event = explanation.version.starts_at.in_language(get_language())
        return gettext("{event}: this day itself does not count").format(event=event)
    if role is Role.SUSPENDED:
        ground = suspended_by(explanation.version)
        if not ground:
            return gettext("suspended, not counted")
        return gettext("suspended because of {ground}, not counted").format(ground=ground)
    if role is Role.NOT_WORKED:
        return gettext("{day_off}, not counted").format(day_off=_day_off(day))
    if role is Role.MOVED_OVER:
        return gettext("{day_off}, the end moves on").format(day_off=_day_off(day))
    if role is Role.MOVED_TO:
        return gettext("first working day after that: the end moves to this day")
    if explanation.version.unit is Unit.HOURS:
        return _hours_in_words(explanation, day)
    return _counted_in_words(explanation, days)


def _day_off(day: Day) -> str:
    """Return why the day is off."""
    if day.kind is Kind.WEEKEND:
        return gettext("weekend")
    name = holiday_name(day.holiday) or gettext("public holiday")
    if day.notice is None:
        return gettext("{holiday} (a public holiday by its date)").format(holiday=name)
    return gettext("{holiday} (day off by the notice for {year})").format(holiday=name, year=day.notice)


def _counted_in_words(explanation: Explanation, days: Sequence[Day]) -> str:
    first, last = days[0], days[-1]
    working = explanation.version.unit is Unit.WORKING_DAYS
    if first is not last:
        told = gettext("working days {n} to {m}") if working else gettext("days {n} to {m}")
    else:
        told = gettext("working day {n}") if working else gettext("day {n}")
    words = told.format(n=first.number, m=last.number)
    if working and first.kind is Kind.MAKE_UP:
        words = gettext("{words}: a weekend that is worked (notice for {year})").format(
            words=words, year=first.notice
        )
    if last is not explanation.last_counted:
        return words
    if last.date != explanation.end.due_rolled:
        reason = _day_off(last)
        return gettext("{words}, the last one; but it is off: {reason}").format(words=words, reason=reason)
    return gettext("{words}, the last one").format(words=words)


def _hours_in_words(explanation: Explanation, day: Day) -> str:
    """Return from when to when the hours run on the day, and how many have run by then."""
    assert day.stretch is not None  # set on every day of a term in hours
    begins, until = day.stretch
    run = timedelta()
    for other in explanation.days[: explanation.days.index(day) + 1]:
        if other.role is Role.COUNTED and other.stretch is not None:
            run += other.stretch[1] - other.stretch[0]
    # Clocks show whole minutes, so the seconds of the start are added to what has run.
    start = explanation.started_at
    minutes = int((run + timedelta(seconds=start.second, microseconds=start.microsecond)).total_seconds() // 60)
    if day is explanation.last_counted:
        minutes = explanation.version.value * 60
    midnight = until.date() != begins.date()
    return gettext("from {begins} to {until}; {run} so far").format(
        begins=f"{begins:%H:%M}", until="24:00" if midnight else f"{until:%H:%M}", run=_duration(minutes)
    )


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    whole = ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    odd = ngettext("{n} minute", "{n} minutes", rest).format(n=rest)
    if not rest:
        return whole
    return gettext("{hours} {minutes}").format(hours=whole, minutes=odd) if hours else odd


def end_in_words(due_at: datetime) -> str:
    """Return until when one is in time, and from which instant on it is late."""
    if due_at.astimezone(CHINA).time() == time.min:
        return gettext(
            "In time until midnight at the end of {day}; late from {instant} on (Beijing time)."
        ).format(day=due_day(due_at), instant=moment(due_at))
    return gettext("In time before {instant}; late from then on (Beijing time).").format(instant=moment(due_at))


def _remarks(explanation: Explanation) -> list[str]:
    """Return what is to be known about this end: moved on, shortened month, provisional."""
    version, end, remarks = explanation.version, explanation.end, []
    strict = weekday(end.due_strict)
    if end.due_strict != end.due_rolled:
        rolled = weekday(end.due_rolled)
        remarks.append(
            gettext(
                "Counted out, the term ends on {strict}. We remind by that day; late is what comes after {rolled}."
            ).format(strict=strict, rolled=rolled)
        )
        if version.statutory and explanation.last_counted.kind is Kind.WEEKEND:
            remarks.append(gettext("That an ordinary weekend moves the end as well is our own rule."))
    event_day = explanation.started_at.date()
    if version.unit is Unit.MONTHS and months_later(event_day, version.value).day < event_day.day:
        remarks.append(
            gettext("The last month has no day {n}, so its last day takes that place.").format(n=event_day.day)
        )
    return [*remarks, *(_assumed(explanation, year) for year in explanation.assumed)]


def _assumed(explanation: Explanation, year: int) -> str:
    """Return what a year without a notice does to the date."""
    if explanation.version.unit is Unit.HOURS:
        return gettext(
            "There is no holiday notice for {year} yet, so this date is marked as provisional; hours run through "
            "days off, and no notice moves them."
        ).format(year=year)
    return gettext(
        "There is no holiday notice for {year} yet. Until there is one we take Monday to Friday as worked, "
        "but for the public holidays whose dates are fixed. So this date is provisional."
    ).format(year=year)


def _ways(explanation: Explanation) -> list[str]:
    """Return how days are counted in such a term, each way with the article that says so."""
    unit = explanation.version.unit
    if unit is Unit.HOURS:
        return [gettext("Hours run from the instant of the event, through nights and days off")]
    event = gettext("The day of the event does not count")
    ways = [_by_article(explanation, event, "first_day")]
    if unit is Unit.WORKING_DAYS:
        ways.append(gettext("Weekends and holidays do not count; weekends that are worked in their place do"))
        return ways
    if unit is Unit.MONTHS:
        months = gettext("A month ends on the day with the same number")
        ways.append(_by_article(explanation, months, "months"))
    ways.append(gettext("Every day counts, weekends and holidays too"))
    moved = gettext("A term that would end on a day off ends on the next working day")
    return [*ways, _by_article(explanation, moved, "last_day")]


def _by_article(explanation: Explanation, way: str, point: str) -> str:
    """Return the way of counting with where it stands; a rule of our own counts as that article does."""
    version, language = explanation.version, get_language()
    law = counting_of(version, explanation.started_at.date())
    if law is None or point not in law.articles:
        return way
    provision = f"{law.instrument.in_language(language)} {law.articles[point].in_language(language)}"
    if law.terms_of is not None:
        return gettext("{way} ({provision})").format(way=way, provision=provision)
    return gettext("{way} (as in {provision})").format(way=way, provision=provision)


def _notices(explanation: Explanation) -> list[Notice]:
    """Return the notices by which days off and worked weekends were told apart, if that mattered."""
    if explanation.version.unit is Unit.HOURS:
        return []
    return [notice for year in explanation.notices for notice in year.notices]
