"""An appraisal stops the term of mediation: taken at the desk, seen there and by both sides."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from complaints.models import Complaint
from disputes.actions.appraisal import stop_term
from disputes.models import Dispute
from microguard.dashboard.docket import pressing
from microguard.deadlines.models import Deadline, Suspension
from tests.cases import an_open_dispute
from tests.clock import A_DAY, MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.people import CHEN_PHONE, ZHANG_PHONE, Office
from tests.stages import a_mediation
from tests.visitors import a_browser, at_desk, sentences

TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _monday_noon(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


def workbench_of(dispute: Dispute, part: str = "change/") -> str:
    return f"/en/desk/complaints/complaint/{dispute.complaint_id}/{part}"


def case_page_of(dispute: Dispute, phone: str, language: str = "/en") -> str:
    return a_browser(phone=phone).get(f"{language}/c/{dispute.complaint.number}/").text


def slugs(page: object) -> list[str]:
    return [deed["slug"] for deed in page.context["deeds"]]  # type: ignore[attr-defined]


def test_the_mediator_stops_the_term_and_lets_it_run_again(
    office: Office, clock_at: Callable[[datetime], None]
) -> None:
    dispute = a_mediation(office)
    browser = at_desk(office.wang_mediator)

    form = browser.get(workbench_of(dispute, "do/stop/"))
    assert 'value="2026-11-23"' in form.text
    assert "An appraisal or test of the goods is being made" in form.text
    browser.post(workbench_of(dispute, "do/stop/"), {"reason": "appraisal", "since": "2026-11-23"})

    page = browser.get(workbench_of(dispute))
    assert "stopped since Nov. 23, 2026" in page.text
    assert "go_on" in slugs(page)
    assert "stop" not in slugs(page)
    clock_at(TUESDAY_MORNING)
    browser.post(workbench_of(dispute, "do/go_on/"), {"until": "2026-11-24"})

    page = browser.get(workbench_of(dispute))
    assert "stopped since" not in page.text
    assert "stop" in slugs(page)
    kept = Suspension.objects.get()
    assert (kept.since_date, kept.until_date, kept.started_by) == (
        MONDAY_NOON.date(),
        TUESDAY,
        office.wang.reference,
    )


def test_a_day_that_cannot_be_is_said_beside_the_form(office: Office) -> None:
    dispute = a_mediation(office)

    page = at_desk(office.wang_mediator).post(
        workbench_of(dispute, "do/stop/"), {"reason": "appraisal", "since": "2026-11-24"}
    )

    assert page.status_code == 422
    assert sentences(page) == ["Choose a day from 2026-11-23 to 2026-11-23."]
    assert not Suspension.objects.exists()


def test_both_sides_read_on_their_page_since_when_it_stands_still(office: Office) -> None:
    dispute = a_mediation(office)
    assert "stopped since" not in case_page_of(dispute, ZHANG_PHONE)

    stop_term(dispute_id=dispute.pk, reason="appraisal", since=MONDAY_NOON.date(), by=office.wang, at=MONDAY_NOON)

    for phone in (ZHANG_PHONE, CHEN_PHONE):
        assert "The time for mediation is stopped since Nov. 23, 2026" in case_page_of(dispute, phone)
    assert "调解期限自2026年11月23日" in case_page_of(dispute, ZHANG_PHONE, language="")


def test_a_case_whose_term_stands_still_is_not_overdue_on_the_docket(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li)
    stop_term(dispute_id=dispute.pk, reason="appraisal", since=MONDAY_NOON.date(), by=office.li, at=MONDAY_MORNING)

    term = Deadline.objects.get(rule="mediation.term")

    assert pressing(Complaint.objects.all(), "pk").get().pressing_at is None
    assert term.due_at < MONDAY_MORNING + 100 * A_DAY
