"""Worked tables of due dates: each row was counted by hand and cites the article it applies."""

from datetime import date
from typing import NamedTuple

import pytest

from microguard.deadlines.calendar import shipped_calendar
from microguard.deadlines.legislation import in_force
from microguard.deadlines.terms import compute

REGULATOR = "market_regulator"
MEDIATION = "mediation_organisation"


class Row(NamedTuple):
    """One term: what it is counted from, the article that fixes it and the two dates worked by hand."""

    clock: str
    trigger: str
    article: str
    due_strict: str
    due_rolled: str
    operator: str = REGULATOR


# Order 20 art. 14 and, for what is received from 2026-04-15 on, Order 121 art. 15; counted by art. 45.
ACCEPTANCE = [
    Row("complaint.acceptance", "2026-02-13", "SAMR-20-14", "2026-03-02", "2026-03-02"),
    Row("complaint.acceptance", "2026-04-14", "SAMR-20-14", "2026-04-23", "2026-04-23"),
    Row("complaint.acceptance", "2026-04-15", "SAMR-121-15", "2026-04-24", "2026-04-24"),
    Row("complaint.acceptance", "2026-04-30", "SAMR-121-15", "2026-05-13", "2026-05-13"),
    Row("complaint.acceptance", "2026-09-24", "SAMR-121-15", "2026-10-12", "2026-10-12"),
    Row("complaint.acceptance", "2026-09-30", "SAMR-121-15", "2026-10-15", "2026-10-15"),
    Row("complaint.acceptance", "2026-11-23", "SAMR-121-15", "2026-12-02", "2026-12-02"),
]
# Order 20 art. 21 until 2024-06-30, Regulations art. 46 until 2026-04-14, Order 121 art. 23(1)(5) since.
MEDIATION_TERM = [
    Row("mediation.term", "2024-06-28", "SAMR-20-21", "2024-08-30", "2024-08-30"),
    Row("mediation.term", "2024-07-01", "REG-46", "2024-08-30", "2024-08-30"),
    Row("mediation.term", "2024-08-01", "REG-46", "2024-09-30", "2024-09-30"),
    Row("mediation.term", "2026-04-14", "REG-46", "2026-06-13", "2026-06-15"),
    Row("mediation.term", "2026-04-15", "SAMR-121-23", "2026-06-14", "2026-06-15"),
    Row("mediation.term", "2026-08-03", "SAMR-121-23", "2026-10-02", "2026-10-08"),
    Row("mediation.term", "2026-11-23", "SAMR-121-23", "2027-01-22", "2027-01-22"),
]
# Order 20 art. 21 and Order 121 art. 23(2).
TERMINATION_NOTICE = [
    Row("termination.notice", "2026-01-30", "SAMR-20-21", "2026-02-10", "2026-02-10"),
    Row("termination.notice", "2026-06-16", "SAMR-121-23", "2026-06-26", "2026-06-26"),
]
# Rules on the procedure of administrative penalties, art. 18.
CLUE_CHECK = [
    Row("clue.check", "2026-02-06", "SAMR-2-18", "2026-03-05", "2026-03-05"),
    Row("clue.check", "2026-09-18", "SAMR-2-18", "2026-10-15", "2026-10-15"),
    Row("clue.check", "2026-11-23", "SAMR-2-18", "2026-12-14", "2026-12-14"),
]
# Civil Procedure Law art. 201 until the end of 2023, art. 205 since.
JUDICIAL_CONFIRMATION = [
    Row("judicial_confirmation", "2023-06-01", "CPL-201", "2023-07-01", "2023-07-03", MEDIATION),
    Row("judicial_confirmation", "2026-09-02", "CPL-205", "2026-10-02", "2026-10-08", MEDIATION),
]
# Order 37 art. 12: whoever runs the service, it binds the seller. The day of the change does not count.
UPDATE = [
    Row("identity.update", "2026-09-24", "SAMR-37-12", "2026-10-15", "2026-10-15", MEDIATION),
    Row("identity.update", "2026-11-23", "SAMR-37-12", "2026-12-07", "2026-12-07", "consumer_association"),
]
TABLE = [*UPDATE, *ACCEPTANCE, *MEDIATION_TERM, *TERMINATION_NOTICE, *CLUE_CHECK, *JUDICIAL_CONFIRMATION]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.clock} {row.trigger}")
def test_due_dates_worked_by_hand(row: Row) -> None:
    trigger = date.fromisoformat(row.trigger)

    version = in_force(row.clock, row.operator, trigger)
    term = compute(version, trigger, shipped_calendar())

    assert version.article == row.article
    assert (term.due_strict.isoformat(), term.due_rolled.isoformat()) == (row.due_strict, row.due_rolled)


def test_forty_five_working_days_are_longer_than_the_sixty_days_that_replaced_them() -> None:
    accepted = date(2024, 8, 1)
    sixty_days = compute(in_force("mediation.term", REGULATOR, accepted), accepted, shipped_calendar())

    forty_five = shipped_calendar().add_working_days(accepted, 45).day

    assert forty_five == date(2024, 10, 10)
    assert sixty_days.due_rolled < forty_five


def test_the_term_that_ends_in_a_year_without_a_notice_is_provisional() -> None:
    in_november, in_august = date(2026, 11, 23), date(2026, 8, 3)

    into_2027 = compute(in_force("mediation.term", REGULATOR, in_november), in_november, shipped_calendar())
    within_2026 = compute(in_force("mediation.term", REGULATOR, in_august), in_august, shipped_calendar())

    assert into_2027.provisional
    assert not within_2026.provisional


def test_the_time_of_an_appraisal_is_not_counted() -> None:
    """Order 121 art. 22: without the twenty days of the appraisal the term would end on 5 July."""
    accepted = date(2026, 5, 6)
    appraisal = (date(2026, 6, 1), date(2026, 6, 21))
    version = in_force("mediation.term", REGULATOR, accepted)

    term = compute(version, accepted, shipped_calendar(), [appraisal])

    assert version.suspended_by == ("appraisal",)
    assert (term.due_strict, term.due_rolled) == (date(2026, 7, 25), date(2026, 7, 27))
