"""A few short questions on the buyer's case page: codes only, at most six, and back again."""

from collections.abc import Callable
from datetime import datetime

import pytest

from complaints.actions.decision import withdraw_complaint
from complaints.models import Complaint
from complaints.states import Problem
from microguard.events.models import Event
from tests.cases import a_filed_complaint, an_invited_dispute
from tests.clock import MONDAY_MORNING, MONDAY_NOON
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office, zhang
from tests.visitors import a_browser


@pytest.fixture(autouse=True)
def _monday_noon(db: None, clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


def page_of(complaint: Complaint) -> str:
    return f"/en/c/{complaint.number}/tell/"


@pytest.mark.parametrize("problem", Problem.values)
def test_the_buyer_answers_what_matters_for_this_problem(problem: str) -> None:
    complaint, browser = a_filed_complaint(problem=problem), a_browser(phone=ZHANG_PHONE)
    asked = browser.get(page_of(complaint)).context["form"].fields
    fact, field = next((name, field) for name, field in asked.items() if hasattr(field, "choices"))
    answer = next(value for value, _label in field.choices if value)

    done = browser.post(page_of(complaint), {fact: answer})

    assert len(asked) == 6
    assert (done.status_code, done.headers["Location"]) == (302, f"/en/c/{complaint.number}/")
    assert Complaint.by_pk(complaint.pk).told_facts in ({fact: answer}, {fact: [answer]})
    assert Event.objects.get(name="complaint.facts_told").facts == {"fields": [fact]}


def test_receipt_and_case_page_lead_there_and_the_story_tells_of_it() -> None:
    complaint, browser = a_filed_complaint(), a_browser(phone=ZHANG_PHONE)

    for page in (f"/en/file/done/{complaint.number}/", f"/en/c/{complaint.number}/"):
        assert page_of(complaint) in browser.get(page).text
    browser.post(page_of(complaint), {"contact": "blocked"})

    assert "More was told about what happened." in browser.get(f"/en/c/{complaint.number}/").text
    assert browser.get(page_of(complaint)).context["form"].initial == {"contact": "blocked"}


def test_a_wrong_answer_gets_a_sentence_and_changes_nothing() -> None:
    complaint = a_filed_complaint()

    page = a_browser(phone=ZHANG_PHONE).post(page_of(complaint), {"contact": "gone; DROP TABLE"})

    assert page.status_code == 422
    assert "Choose one of the answers" in page.text
    assert Complaint.by_pk(complaint.pk).told_facts == {}


def test_it_is_nobody_elses_page_and_ends_with_the_case(office: Office) -> None:
    complaint = an_invited_dispute(officer=office.li).complaint

    statuses = [
        a_browser(phone=phone).get(page_of(complaint)).status_code for phone in (CHEN_PHONE, LIN_PHONE, "")
    ]

    assert statuses == [404, 404, 404]
    withdrawn = a_filed_complaint()
    withdraw_complaint(complaint_id=withdrawn.pk, by=zhang(), at=MONDAY_MORNING)
    assert a_browser(phone=ZHANG_PHONE).get(page_of(withdrawn)).status_code == 404
