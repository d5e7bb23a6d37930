"""Holiday notices as the State Council words them, written from days: for the years that ship, and invented ones."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from microguard.deadlines.calendar import CalendarYear
from microguard.deadlines.loaded_years import Paper

WEEKDAYS = "一二三四五六日"
A_DAY = timedelta(days=1)


def spans_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """The days as spans of days that follow one another."""
    ordered = sorted(days)
    breaks = [0, *(n for n, (a, b) in enumerate(pairwise(ordered), 1) if b - a != A_DAY), len(ordered)]
    return [(ordered[a], ordered[b - 1]) for a, b in pairwise(breaks)]


def wording_of(day: date, year: int, *, brackets: str = "周") -> str:
    """A day as notices write it: with its year only where that is not the notice's own."""
    weekday = f"（{brackets}{WEEKDAYS[day.weekday()]}）" if brackets else ""
    return f"{f'{day.year}年' if day.year != year else ''}{day.month}月{day.day}日{weekday}"


def sentence_of(first: date, last: date, worked: Iterable[date], year: int, *, brackets: str = "周") -> str:
    """The sentence about one holiday."""
    length = (last - first).days + 1
    if first == last:
        off = f"{wording_of(first, year, brackets=brackets)}放假，共1天。"
    else:
        # "4月4日至6日", "1月31日至2月6日", "2022年12月31日至2023年1月2日"
        start = wording_of(first, year, brackets=brackets)
        end = wording_of(last, year if first.year == year else first.year, brackets=brackets)
        end = end.removeprefix(f"{first.month}月") if first.month == last.month else end
        off = f"{start}至{end}放假调休，共{length}天。"
    named = "、".join(wording_of(day, year, brackets=brackets) for day in sorted(worked))
    return f"{off}{named}上班。" if named else off


def notice_text(year: int, rest: Iterable[date], worked: Iterable[date], *, brackets: str = "周") -> str:
    """A whole notice that frees and moves these days; each make-up day stands with the holiday that it is nearest to."""
    spans = spans_of(rest)
    near: dict[tuple[date, date], list[date]] = {span: [] for span in spans}
    for day in worked:
        near[min(spans, key=lambda span: min(abs(day - span[0]), abs(day - span[1])))].append(day)
    numbered = [
        f"{'一二三四五六七八九十'[n % 10]}、节日：{sentence_of(*span, near[span], year, brackets=brackets)}"
        for n, span in enumerate(spans)
    ]
    return "\n".join(
        [
            f"国务院办公厅关于{year}年部分节假日安排的通知",
            "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：",
            f"经国务院批准，现将{year}年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。",
            *numbered,
            "节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。",
            "国务院办公厅",
            f"{year - 1}年11月4日",
        ]
    )


def text_of_year(year: CalendarYear) -> str:
    """The notice of a year that is known."""
    return notice_text(year.year, year.rest_days, year.make_up_days)


def days(first: str, last: str) -> set[date]:
    """Every day from first to last."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return {begin + A_DAY * n for n in range((end - begin).days + 1)}


# Invented: the notice of 2027 was not known when this was written. It frees the last day of 2026, makes the
# Saturday before it a working day, and gives the mediation terms of late November 2026 a Friday off at their end.
OFF_2027 = (
    days("2026-12-31", "2027-01-03")
    | days("2027-01-22", "2027-01-22")
    | days("2027-02-05", "2027-02-13")
    | days("2027-04-03", "2027-04-05")
    | days("2027-05-01", "2027-05-05")
    | days("2027-06-09", "2027-06-09")
    | days("2027-09-15", "2027-09-15")
    | days("2027-10-01", "2027-10-07")
)
WORKED_2027 = {date(2026, 12, 26), date(2027, 2, 14), date(2027, 5, 8), date(2027, 9, 26)}


def notice_of_2027(**changed: object) -> Paper:
    """The invented notice of 2027, as an operator enters it in November 2026."""
    entered = {
        "year": 2027,
        "title": "国务院办公厅关于2027年部分节假日安排的通知",
        "number": "国办发明电〔2026〕9号",
        "issued": date(2026, 11, 20),
        "text": notice_text(2027, OFF_2027, WORKED_2027),
    }
    return Paper(**{**entered, **changed})  # type: ignore[arg-type]
