"""What a holiday notice arranges, read from its text as pasted: no Django models, no clock.

Understood are the sentences of the State Council's yearly notices ("春节：2月15日（周日）至23日（周一）放假调休，
共9天。2月14日（周六）上班。") and plain rows ("2027-01-01 off", "2027-01-03,work"). Notices repeat themselves:
weekdays in brackets, totals of days. Whatever does not fit is refused with its row, so that a slip of the hand
is found before anybody's date moves by it.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal
from microguard.deadlines.calendar import SATURDAY

LONGEST = 20_000  # characters; a notice has about six hundred
LONGEST_SHOWN = 40
DECEMBER = 12
WEEKDAYS = "一二三四五六日"

DAY = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:\([^()]*\))?"
SPAN = rf"{DAY}(?:[至到~-]{DAY})?"
# One arrangement: its days, whether they are off or worked, and the remarks that notices add.
CLAUSE = re.compile(
    rf"(?P<days>{SPAN}(?:[、,和及]{SPAN})*)"
    r"(?:(?P<off>放假(?:调休)?)(?P<length>\d+天)?(?P<remarks>(?:,?(?:共\d+天|与周末连休|不调休))*)|(?:正常|照常)?上班)[,;]?"
)
ONE_DAY_OF_TEXT = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
HEADING = re.compile(r"(?:\(?\d{1,2}[.、)])?\D*")  # "一、元旦:", "1.元旦:"
DATED = re.compile(r"\d月|\d日|\d{4}-\d")
SIGNED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
ABOUT_YEAR = re.compile(r"(?:关于|现将|调整|延长)\D{0,4}(\d{4})年")
ROW = re.compile(r"(?P<day>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[\s,;]+(?P<word>[^\s,;]+)(?:[\s,;].*)?")
ROW_BEGINS = re.compile(r"\d{4}[-/.]")
ROW_HEADING = re.compile(r"(?:date|day|日期)[\s,;]", re.IGNORECASE)
OFF = frozenset({"off", "rest", "holiday", "放假", "休息", "休"})
WORK = frozenset({"work", "workday", "working", "上班", "班"})


class BadNoticeText(Refusal):
    """The text of a notice cannot be taken as it stands; `code` says why."""

    code = "bad_notice_text"


class Arrangement(NamedTuple):
    """The days that a notice frees, and the weekend days that it makes working days."""

    rest_days: frozenset[date]
    make_up_days: frozenset[date]


def parse(text: str, *, year: int, freed: frozenset[date] = frozenset()) -> Arrangement:
    """Return what the notice for this year arranges.

    `freed` are days that earlier notices of the year set free: only these may become working days again
    without lying on a weekend.

    :raises BadNoticeText: with one sentence that names the row, for the first thing that is wrong
    """
    if len(text) > LONGEST:
        raise BadNoticeText(_("This text is too long for a notice. Paste the notice only."), code="too_long")
    reader = _Reader(year, freed)
    for number, line in enumerate(text.splitlines(), start=1):
        reader.read(number, line)
    found = Arrangement(frozenset(reader.off), frozenset(reader.work))
    if not found.rest_days and not found.make_up_days:
        raise BadNoticeText(_("No day off and no working day was found in this text."), code="nothing_found")
    return found


class _Reader:
    """The days found so far; the row being read is kept for the sentence of a refusal."""

    def __init__(self, year: int, freed: frozenset[date]) -> None:
        self.year = year
        self.freed = freed
        self.off: set[date] = set()
        self.work: set[date] = set()
        self.row = 0
        self.shown = ""

    def refuse(self, code: str, sentence: Promise, **values: object) -> BadNoticeText:
        """Return the refusal for the row being read."""
        return BadNoticeText(sentence, code=code, n=self.row, text=self.shown, **values)

    def not_understood(self) -> BadNoticeText:
        """Return the refusal of a row whose date says nothing."""
        return self.refuse("not_understood", _("Row {n}: date not understood: {text}."))

    def read(self, number: int, line: str) -> None:
        """Take in one line of the text.  :raises BadNoticeText:"""
        line = line.strip()
        self.row = number
        self.shown = line.rstrip("。；;") if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"
        plain = unicodedata.normalize("NFKC", line.replace('"', ""))
        if ROW_BEGINS.match(plain):
            self._read_row(plain)
        elif not ROW_HEADING.match(plain):
            for sentence in re.split("[。;]|如下:", re.sub(r"\s", "", plain)):
                self._read_sentence(sentence)

    def _read_row(self, line: str) -> None:
        found = ROW.fullmatch(line)
        if found is None:
            raise self.not_understood()
        year, month, day = (int(part) for part in re.split(r"[-/.]", found["day"]))
        word = found["word"].lower()
        if word not in OFF | WORK:
            raise self.refuse("off_or_work", _("Row {n}: write off or work after the date: {text}."))
        self._take(self._date(year, month, day), worked=word in WORK)

    def _read_sentence(self, sentence: str) -> None:
        """Take in a sentence; one without a date arranges nothing, nor does one that only encourages.

        The notice of 2024 encourages employers to give the eve of the Spring Festival: a working day.
        """
        about = ABOUT_YEAR.search(sentence)
        if about and int(about[1]) != self.year:
            raise self.refuse(
                "wrong_year",
                _("Row {n}: this is about {found}, not {year}: {text}."),
                found=about[1],
                year=str(self.year),
            )
        if not DATED.search(sentence) or "鼓励" in sentence or SIGNED.fullmatch(sentence):
            return
        place = len(HEADING.match(sentence)[0])  # type: ignore[index]
        while place < len(sentence):
            clause = CLAUSE.match(sentence, place)
            if clause is None:
                raise self.not_understood()
            self._read_clause(clause)
            place = clause.end()

    def _read_clause(self, clause: "re.Match[str]") -> None:
        days = list(self._days_of(clause["days"]))
        for total in re.findall(r"\d+", f"{clause['length'] or ''} {clause['remarks'] or ''}"):
            if int(total) != len(days):
                raise self.refuse(
                    "wrong_total",
                    _("Row {n}: the days from first to last are {found}, the notice says {total}: {text}."),
                    found=str(len(days)),
                    total=total,
                )
        for day in days:
            self._take(day, worked=clause["off"] is None)

    def _days_of(self, text: str) -> Iterator[date]:
        """Return each day that the spans name."""
        before: date | None = None
        for span in re.findall(SPAN, text):
            named = list(ONE_DAY_OF_TEXT.finditer(span))
            first = last = self._named(named[0], before)
            if len(named) > 1:
                last = self._named(named[1], first, last_of_span=True)
            if last < first:
                raise self.refuse("backwards", _("Row {n}: the days end before they begin: {text}."))
            before = last
            self._within(first)
            self._within(last)
            for ordinal in range(first.toordinal(), last.toordinal() + 1):
                yield date.fromordinal(ordinal)

    def _named(self, found: "re.Match[str]", before: date | None, *, last_of_span: bool = False) -> date:
        """Return the day that the text names; what it leaves out is that of the day before it."""
        written_year, written_month, written_day, brackets = found.groups()
        if written_month is None and before is None:
            raise self.not_understood()
        month = int(written_month) if written_month else before.month  # type: ignore[union-attr]
        year = int(written_year) if written_year else self.year
        if written_year is None and before is not None and (last_of_span or month == before.month):
            year = before.year + (last_of_span and month < before.month)
        day = self._date(year, month, int(written_day))
        weekday = WEEKDAY.search(brackets or "")
        if weekday and WEEKDAYS.index(weekday[1].replace("天", "日")) != day.weekday():
            raise self.refuse(
                "wrong_weekday",
                _("Row {n}: {day} does not fall on the weekday in brackets: {text}."),
                day=day.isoformat(),
            )
        return day

    def _date(self, year: int, month: int, day: int) -> date:
        try:
            return date(year, month, day)
        except ValueError as error:
            raise self.refuse("no_such_day", _("Row {n}: there is no such day: {text}.")) from error

    def _within(self, day: date) -> None:
        """Refuse a day that the year's notice cannot arrange: that of 2019 reached back to 29 December 2018."""
        if day.year != self.year and (day.year, day.month) != (self.year - 1, DECEMBER):
            raise self.refuse(
                "wrong_year",
                _("Row {n}: {day} belongs neither to {year} nor to the December before it: {text}."),
                day=day.isoformat(),
                year=str(self.year),
            )

    def _take(self, day: date, *, worked: bool) -> None:
        """Note the day as off or worked."""
        self._within(day)
        if day in (self.work if worked else self.off):
            raise self.refuse("twice", _("Row {n}: {day} stands there twice."), day=day.isoformat())
        if day in (self.off if worked else self.work):
            raise self.refuse(
                "off_and_worked", _("Row {n}: {day} is both a day off and a working day."), day=day.isoformat()
            )
        if worked and day.weekday() < SATURDAY and day not in self.freed:
            raise self.refuse(
                "no_weekend",
                _("Row {n}: {day} is no weekend day, so it cannot be a make-up working day."),
                day=day.isoformat(),
            )
        (self.work if worked else self.off).add(day)
