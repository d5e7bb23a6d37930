"""The buyer's answer to the office is due in time for the decision, which does not wait for it."""

from datetime import date, datetime, time
from typing import Any

import pytest

from complaints.actions.decision import ask_information, give_information
from complaints.states import State as ComplaintState
from microguard.core.clock import CHINA, day_of
from microguard.deadlines.actions import due
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from tests.cases import a_filed_complaint
from tests.clock import A_DAY, A_SECOND, ACCEPTANCE_ENDS, MONDAY_MORNING
from tests.people import Office, zhang


@pytest.fixture(autouse=True)
def _association(settings: Any) -> None:
    settings.OPERATOR = "consumer_association"


def clock_of(rule: str) -> Deadline:
    return Deadline.objects.filter(rule=rule).latest("pk")


def facts(*names: str) -> list[str]:
    return list(Event.objects.filter(name__in=names).order_by("pk").values_list("name", flat=True))


def working_day_before(day: date) -> date:
    day -= A_DAY
    while not work_calendar().is_working_day(day):
        day -= A_DAY
    return day


def filing_days() -> list[date]:
    """Every fifth day of 2026, and each day around the long holidays."""
    year = [date(2026, 1, 1) + n * A_DAY for n in range(350)]
    holidays = ((date(2026, 2, 6), date(2026, 2, 25)), (date(2026, 9, 21), date(2026, 10, 10)))
    near = [day for first, last in holidays for day in year if first <= day <= last]
    return sorted({*year[::5], *near})


def test_the_buyers_answer_is_never_due_later_than_a_working_day_before_the_decision(office: Office) -> None:
    wrong = []
    for number, day in enumerate(filing_days()):
        filed_at = datetime.combine(day, time(9), CHINA)
        complaint = a_filed_complaint(at=filed_at)
        decision = due("complaint.acceptance", complaint)
        assert decision is not None
        latest = working_day_before(day_of(decision - A_SECOND))
        asked_at = min(filed_at + (number % 12) * A_DAY, datetime.combine(latest, time(17), CHINA))
        ask_information(
            complaint_id=complaint.pk, question="请补充一张付款截图，谢谢。", by=office.li, at=asked_at
        )
        answer = due("complaint.correction", complaint)
        if answer is None or not asked_at < answer <= datetime.combine(latest + A_DAY, time.min, CHINA):
            wrong.append((filed_at, asked_at, answer))

    assert wrong == []


def test_a_quick_question_leaves_the_buyer_the_whole_term(office: Office) -> None:
    complaint = a_filed_complaint()

    ask_information(
        complaint_id=complaint.pk, question="请补充一张付款截图，谢谢。", by=office.li, at=MONDAY_MORNING
    )

    assert clock_of("complaint.correction").due_rolled_date == date(2026, 11, 30)
    assert due("complaint.acceptance", complaint) == ACCEPTANCE_ENDS  # which does not stop


def test_an_answer_after_its_term_is_still_taken_and_counts_as_late(office: Office) -> None:
    complaint = a_filed_complaint()
    ask_information(
        complaint_id=complaint.pk, question="请补充一张付款截图，谢谢。", by=office.li, at=MONDAY_MORNING
    )
    end = clock_of("complaint.correction").due_at

    answered = give_information(complaint_id=complaint.pk, answer="已补充。", by=zhang(), at=end)

    assert answered.state == ComplaintState.FILED
    assert facts("complaint.correction.lapsed", "complaint.information_given") == [
        "complaint.correction.lapsed",
        "complaint.information_given",
    ]
