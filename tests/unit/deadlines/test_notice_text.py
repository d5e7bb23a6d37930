"""Reading holiday notices: the sentences of 2020 to 2026 give the days of the files, and whatever does not fit is refused."""

from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microguard.deadlines.calendar import CalendarYear, shipped_calendar
from microguard.deadlines.notice_text import LONGEST, Arrangement, BadNoticeText, parse
from tests.notices import days, notice_text, text_of_year

YEARS = shipped_calendar().years
SPRING_2020 = "\n".join(f"{day.isoformat()} off" for day in sorted(days("2020-01-31", "2020-02-02")))


def iso(*dates: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in dates)


def code_of(text: str, year: int = 2026) -> str:
    with pytest.raises(BadNoticeText) as refusal:
        parse(text, year=year)
    return refusal.value.code


# --- the years that ship --------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS, ids=lambda year: str(year.year))
def test_the_notice_of_a_year_that_ships_gives_the_days_of_its_file(year: CalendarYear) -> None:
    assert parse(text_of_year(year), year=year.year) == Arrangement(year.rest_days, year.make_up_days)


@pytest.mark.parametrize("brackets", ["星期", ""], ids=["weekdays in full", "no weekdays"])
@pytest.mark.parametrize("year", YEARS, ids=lambda year: str(year.year))
def test_weekdays_may_be_written_in_full_or_left_out(year: CalendarYear, brackets: str) -> None:
    text = notice_text(year.year, year.rest_days, year.make_up_days, brackets=brackets)

    assert parse(text, year=year.year) == Arrangement(year.rest_days, year.make_up_days)


def test_the_spring_festival_that_was_made_longer_is_taken_as_rows() -> None:
    """2020: first to 30 January, with 1 February worked; then to 2 February."""
    first = parse("春节：1月24日至30日放假调休，共7天。1月19日（星期日）、2月1日（星期六）上班。", year=2020)
    longer = parse(SPRING_2020, year=2020)

    year = CalendarYear(2020, (), *first).amended(shipped_calendar().years[0].notices[1], *longer)

    assert year.rest_days == days("2020-01-24", "2020-02-02")
    assert year.make_up_days == iso("2020-01-19")


@pytest.mark.parametrize(
    ("year", "sentence", "off", "worked"),
    [
        # The forms that differ from "off … to …, … days".
        (2020, "一、元旦：2020年1月1日放假，共1天。", iso("2020-01-01"), iso()),
        (2024, "一、元旦：1月1日放假，与周末连休。", iso("2024-01-01"), iso()),
        (
            2024,
            "二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。"
            "鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。",
            frozenset(days("2024-02-10", "2024-02-17")),
            iso("2024-02-04", "2024-02-18"),
        ),
        (2025, "一、元旦：1月1日（周三）放假1天，不调休。", iso("2025-01-01"), iso()),
        (
            2025,
            "二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。",
            frozenset(days("2025-01-28", "2025-02-04")),
            iso("2025-01-26", "2025-02-08"),
        ),
        (
            2026,
            "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。",
            iso("2026-01-01", "2026-01-02", "2026-01-03"),
            iso("2026-01-04"),
        ),
        # Two years that meet in one holiday, and a working day of the December before.
        (
            2023,
            "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。",
            iso("2022-12-31", "2023-01-01", "2023-01-02"),
            iso(),
        ),
        (
            2023,
            "一、元旦：2022年12月31日至1月2日放假，共3天。",
            iso("2022-12-31", "2023-01-01", "2023-01-02"),
            iso(),
        ),
        (
            2019,
            "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。",
            iso("2018-12-30", "2018-12-31", "2019-01-01"),
            iso("2018-12-29"),
        ),
        # Without line breaks, with other punctuation and spaces, as copies from the web come.
        (2026, "放假安排通知如下：一、元旦：1月1日至3日放假，共3天；1月4日上班。", frozenset(days("2026-01-01", "2026-01-03")), iso("2026-01-04")),
        (2026, "1. 元旦: 1 月 1 日 (周四) ～ 3 日 放假,1月4日（周日）照常上班", frozenset(days("2026-01-01", "2026-01-03")), iso("2026-01-04")),
        (2026, "国庆：９月２０日、１０月１０日上班。", iso(), iso("2026-09-20", "2026-10-10")),
        (2022, "春节：1月29日、30日上班。", iso(), iso("2022-01-29", "2022-01-30")),
        # Rows and CSV.
        (2027, "2027-01-01 off\n2027-01-03 work", iso("2027-01-01"), iso("2027-01-03")),
        (2027, 'date,kind,name\n2027/1/1,off,元旦\n\n"2027-01-03";上班', iso("2027-01-01"), iso("2027-01-03")),
    ],
)  # fmt: skip
def test_a_sentence_is_understood(year: int, sentence: str, off: frozenset[date], worked: frozenset[date]) -> None:
    assert parse(sentence, year=year) == Arrangement(off, worked)


def test_a_notice_that_amends_may_take_back_a_day_off() -> None:
    back_to_work = "2026-01-02 work"

    assert code_of(back_to_work) == "no_weekend"
    assert parse(back_to_work, year=2026, freed=iso("2026-01-02")).make_up_days == iso("2026-01-02")


# --- what is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("十月一日放假", "nothing_found"),
        ("元旦：1月1放假", "not_understood"),
        ("元旦：3日放假", "not_understood"),
        ("除1月1日外放假", "not_understood"),
        ("1月1日休业", "not_understood"),
        ("2026-1-x off", "not_understood"),
        ("2026-01-01", "not_understood"),
        ("2026-01-01 perhaps", "off_or_work"),
        ("2月30日放假", "no_such_day"),
        ("13月1日放假", "no_such_day"),
        ("2026-02-30 off", "no_such_day"),
        ("1月1日（周五）放假", "wrong_weekday"),
        ("1月4日（周六）上班", "wrong_weekday"),
        ("1月1日至3日放假，共4天", "wrong_total"),
        ("1月1日放假2天", "wrong_total"),
        ("1月3日至1日放假", "backwards"),
        ("1月1日放假。1月1日放假", "twice"),
        ("1月1日至3日放假。1月3日上班", "off_and_worked"),
        ("1月5日（周一）上班", "no_weekend"),
        ("2025年11月30日上班", "wrong_year"),
        ("2027年1月1日放假", "wrong_year"),
        ("国务院办公厅关于2025年部分节假日安排的通知", "wrong_year"),
        ("现将2025年元旦放假日期通知如下。\n1月1日放假", "wrong_year"),
        ("节假日期间注意安全。", "nothing_found"),
        ("", "nothing_found"),
        ("1月1日放假" * LONGEST, "too_long"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, code: str) -> None:
    assert code_of(text) == code


def test_the_refusal_names_the_row_and_shows_it() -> None:
    with pytest.raises(BadNoticeText) as refusal:
        parse("一、元旦：1月1日放假，共1天。\n\n二、春节：2月15放假。", year=2026)

    assert (refusal.value.values["n"], refusal.value.values["text"]) == (3, "二、春节：2月15放假")


@pytest.mark.parametrize("year", [year for year in YEARS if year.year < 2026], ids=lambda year: str(year.year))
def test_the_notice_of_another_year_is_refused_even_without_its_heading(year: CalendarYear) -> None:
    """The weekdays give it away."""
    body = "\n".join(line for line in text_of_year(year).splitlines() if line[1:2] == "、" and "年" not in line)

    assert code_of(body, 2026) == "wrong_weekday"


def test_ten_megabytes_are_refused_at_once() -> None:
    began = perf_counter()

    assert code_of("1" * 10_000_000) == "too_long"
    assert code_of("1月1日放假，" * 1_666_666) == "too_long"
    assert perf_counter() - began < 0.5


@pytest.mark.parametrize("piece", ["1月1日、", "1月1日至", "(周一", "1日(", "，共1天", "二、", "1"])
def test_the_longest_text_of_repeated_pieces_is_judged_quickly(piece: str) -> None:
    began = perf_counter()

    with pytest.raises(BadNoticeText):
        parse((piece * LONGEST)[:LONGEST], year=2026)
    assert perf_counter() - began < 2


# --- any year that could be arranged --------------------------------------------------------------------


@st.composite
def arrangements(draw: st.DrawFn) -> tuple[int, frozenset[date], frozenset[date]]:
    """A year with spans off, from the December before on, and weekend days that are worked.

    A notice names the December before its year, never its own: one sentence about both could not be read back.
    """
    year = draw(st.integers(2000, 2090))
    first, last = date(year - 1, 12, 1), date(year, 11, 30)
    off: set[date] = set()
    for start in draw(st.lists(st.integers(0, (last - first).days), min_size=1, max_size=9)):
        length = draw(st.integers(1, 9))
        off |= {day for n in range(length) if (day := first + timedelta(days=start + n)) <= last}
    weekends = [
        day
        for n in range((last - first).days + 1)
        if (day := first + timedelta(days=n)).weekday() >= 5 and day not in off
    ]
    return year, frozenset(off), frozenset(draw(st.sets(st.sampled_from(weekends), max_size=9)))


@given(arrangements(), st.sampled_from(["周", "星期", ""]))
def test_what_is_written_is_what_is_read(
    arranged: tuple[int, frozenset[date], frozenset[date]], brackets: str
) -> None:
    year, off, worked = arranged

    assert parse(notice_text(year, off, worked, brackets=brackets), year=year) == Arrangement(off, worked)


@given(arrangements())
def test_rows_say_the_same(arranged: tuple[int, frozenset[date], frozenset[date]]) -> None:
    year, off, worked = arranged
    rows = [*(f"{day},off" for day in off), *(f"{day} 上班" for day in worked)]

    assert parse("\n".join(rows), year=year) == Arrangement(off, worked)


@given(st.text(alphabet="0123456789年月日号至、，。（）周一二六放假上班共天- \nofwrk", max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    said = ""
    try:
        said = str(parse(text, year=2026))
    except BadNoticeText as refusal:
        said = refusal.message
    assert said
