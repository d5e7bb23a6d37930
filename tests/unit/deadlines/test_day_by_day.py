"""The days of a term in words, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.utils import translation

from microguard.deadlines.calendar import CHINA, shipped_calendar
from microguard.deadlines.day_by_day import Account, account_of
from microguard.deadlines.explanation import explain
from microguard.deadlines.legislation import RuleVersion, Unit, in_force, legislation
from microguard.deadlines.terms import Suspension
from microguard.deadlines.wording import HOLIDAYS, SUSPENDING, holiday_name

REGULATOR = "market_regulator"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def account(version: RuleVersion, started: date | datetime, *suspended: Suspension) -> Account:
    return account_of(explain(version, started, shipped_calendar(), suspended))


def acceptance(started: date) -> Account:
    return account(in_force("complaint.acceptance", REGULATOR, started), started)


def mediation(started: date, *suspended: Suspension) -> Account:
    return account(in_force("mediation.term", REGULATOR, started), started, *suspended)


def told(account: Account) -> list[str]:
    return [f"{line.mark}|{line.when}|{line.words}" for line in account.lines]


def test_each_day_over_the_holidays_of_october_says_why_it_counts_or_not() -> None:
    assert told(acceptance(date(2026, 9, 24))) == [
        "|Thu 24 Sep|receipt of the complaint: this day itself does not count",
        "|Fri 25 Sep to Sun 27 Sep|Mid-Autumn Festival (day off by the notice for 2026), not counted",
        "1|Mon 28 Sep|working day 1",
        "2|Tue 29 Sep|working day 2",
        "3|Wed 30 Sep|working day 3",
        "|Thu 1 Oct to Wed 7 Oct|National Day (day off by the notice for 2026), not counted",
        "4|Thu 8 Oct|working day 4",
        "5|Fri 9 Oct|working day 5",
        "6|Sat 10 Oct|working day 6: a weekend that is worked (notice for 2026)",
        "|Sun 11 Oct|weekend, not counted",
        "7|Mon 12 Oct|working day 7, the last one",
    ]


def test_the_same_days_are_told_in_plain_chinese() -> None:
    with translation.override("zh-hans"):
        lines = told(acceptance(date(2026, 9, 24)))

    assert lines[:3] == [
        "|9月24日（周四）|收到投诉的当天，不算",
        "|9月25日（周五）至9月27日（周日）|中秋节放假（2026年放假安排），不算",
        "1|9月28日（周一）|第1个工作日",
    ]
    assert lines[-3:] == [
        "6|10月10日（周六）|第6个工作日（调休上班，2026年放假安排）",
        "|10月11日（周日）|周末，不算",
        "7|10月12日（周一）|第7个工作日，最后一天",
    ]


def test_the_end_is_told_with_the_instant_from_which_on_it_is_late() -> None:
    assert acceptance(date(2026, 9, 24)).end == (
        "In time until midnight at the end of Mon 12 Oct; late from Tue 13 Oct 2026 00:00 on (Beijing time)."
    )


def test_an_end_in_a_holiday_moves_on_and_both_dates_are_told() -> None:
    term = mediation(date(2026, 8, 3))

    assert told(term)[-4:] == [
        "56–59|Mon 28 Sep to Thu 1 Oct|days 56 to 59",
        "60|Fri 2 Oct|day 60, the last one; but it is off: National Day (day off by the notice for 2026)",
        "|Sat 3 Oct to Wed 7 Oct|National Day (day off by the notice for 2026), the end moves on",
        "|Thu 8 Oct|first working day after that: the end moves to this day",
    ]
    assert term.remarks == [
        "Counted out, the term ends on Fri 2 Oct. We remind by that day; late is what comes after Thu 8 Oct."
    ]


def test_that_a_plain_weekend_moves_a_statutory_end_is_said_to_be_our_own_rule() -> None:
    over_a_sunday, over_a_holiday = mediation(date(2026, 4, 15)), mediation(date(2026, 8, 3))

    own = "That an ordinary weekend moves the end as well is our own rule."
    assert (own in over_a_sunday.remarks, own in over_a_holiday.remarks) == (True, False)


def test_suspended_days_say_because_of_what() -> None:
    term = mediation(date(2026, 8, 3), (date(2026, 8, 10), date(2026, 8, 20)))

    assert told(term)[2] == (
        "|Mon 10 Aug to Wed 19 Aug|suspended because of a test or an appraisal, not counted"
    )  # fmt: skip


def test_a_year_without_a_notice_is_named_and_the_year_is_told_where_it_changes() -> None:
    term = acceptance(date(2026, 12, 28))

    assert [line.when for line in term.lines[4:6]] == ["Fri 1 Jan 2027", "Sat 2 Jan to Sun 3 Jan"]
    assert term.lines[4].words == "New Year (a public holiday by its date), not counted"
    (remark,) = term.remarks
    assert remark.startswith(
        "There is no holiday notice for 2027 yet. Until there is one we take Monday to Friday"
    )


def test_hours_are_told_from_clock_to_clock_with_what_has_run() -> None:
    day = date(2026, 11, 25)
    reflection = in_force("proposal.reflection.minimum", "consumer_association", day)

    term = account(reflection, datetime(2026, 11, 25, 14, 20, 31, tzinfo=CHINA))

    assert told(term) == [
        "|Wed 25 Nov|from 14:20 to 24:00; 9 hours 40 minutes so far",
        "|Thu 26 Nov|from 00:00 to 14:20; 24 hours so far",
    ]
    assert term.end == "In time before Thu 26 Nov 2026 14:20; late from then on (Beijing time)."
    assert term.notices == []


def test_a_month_without_the_day_ends_on_its_last_and_says_so() -> None:
    day = date(2026, 1, 31)
    months = replace(in_force("mediation.term", REGULATOR, day), value=1, unit=Unit.MONTHS)

    term = account(months, day)

    assert term.remarks[-1] == "The last month has no day 31, so its last day takes that place."
    assert "A month ends on the day with the same number (as in Civil Code art. 202)" in term.ways


@pytest.mark.parametrize(
    ("operator", "way"),
    [
        (
            REGULATOR,
            "The day of the event does not count (Measures for Handling Complaints and Reports (SAMR Order 121) art. 45)",
        ),
        ("consumer_association", "The day of the event does not count (as in Civil Code art. 201)"),
    ],
)
def test_the_way_of_counting_names_where_it_stands(operator: str, way: str) -> None:
    day = date(2026, 11, 23)

    assert account(in_force("complaint.acceptance", operator, day), day).ways[0] == way


def test_the_notices_that_decided_are_named() -> None:
    assert [notice.number for notice in acceptance(date(2026, 9, 24)).notices] == ["国办发明电〔2025〕7号"]


def test_every_holiday_and_every_ground_of_suspension_in_the_data_has_its_words() -> None:
    holidays = {
        part for year in shipped_calendar().years for name in year.holidays.values() for part in name.split("、")
    }
    grounds = {ground for version in legislation().every_version() for ground in version.suspended_by}

    assert holidays == HOLIDAYS.keys()
    assert grounds == SUSPENDING.keys()
    assert holiday_name("国庆节、中秋节") == "National Day, Mid-Autumn Festival"
