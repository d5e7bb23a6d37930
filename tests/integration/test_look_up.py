"""A seller is looked up by one exact handle, seldom, and nobody learns more than the limits of publication allow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from complaints.actions.decision import accept_complaint
from complaints.actions.filing import file_complaint
from complaints.selectors import complainants_of
from disputes.actions.opening import open_dispute
from disputes.actions.outcome import close_dispute
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM, visitor
from tests.cases import a_draft
from tests.clock import A_SECOND, MONDAY_MORNING, MONDAY_NOON
from tests.people import Office
from tests.visitors import sentences

YEAR = timedelta(days=365)
PAGE = "/en/sellers/"


@pytest.fixture(autouse=True)
def _published(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    clock_at(MONDAY_NOON)


def complained(office: Office, people: int, *, closed: bool = True, at: datetime = MONDAY_MORNING) -> None:
    """So many people complain about shoes_2026; with `closed` their cases have ended."""
    for number in range(people):
        phone = f"1380000{number:04}"
        draft = a_draft(at, phone=phone, phone_hash=phone_hash(phone))
        file_complaint(
            draft_key=draft.draft_key,
            key=str(draft.draft_key),
            consents=frozenset(),
            other_purchase=True,
            by=visitor(phone_hash(phone)),
            at=at,
        )
        accept_complaint(complaint_id=draft.pk, by=office.li, at=at)
        dispute = open_dispute(complaint_id=draft.pk, by=SYSTEM, at=at)
        if closed:
            close_dispute(dispute_id=dispute.pk, outcome="NO_RESPONSE", note="卖家没有答复", by=office.li, at=at)


def looked_up(browser: Client, handle: str) -> Any:
    return browser.post(PAGE, {"handle": handle})


def test_five_people_are_counted(office: Office, client: Client) -> None:
    complained(office, 5)

    assert "5 people had a complaint about this seller" in looked_up(client, " Shoes_2026 ").text


def test_four_people_are_fewer_than_five(office: Office, client: Client) -> None:
    complained(office, 4)

    page = looked_up(client, "shoes_2026")

    assert "Fewer than 5 people" in page.text
    assert "4 people" not in page.text


@pytest.mark.parametrize("handle", ["shoes", "shoes_202", "shoes_%", "hoes_2026", "shoes_2026x"])
def test_part_of_a_handle_finds_nobody(handle: str, office: Office, client: Client) -> None:
    complained(office, 5)

    assert "No public record was found." in looked_up(client, handle).text


def test_open_cases_do_not_count(office: Office, client: Client) -> None:
    complained(office, 5, closed=False)

    assert "No public record was found." in looked_up(client, "shoes_2026").text


def test_what_ended_a_year_ago_counts_no_more(office: Office) -> None:
    complained(office, 1)

    ends = [complainants_of("shoes_2026", at=MONDAY_MORNING + later) for later in (YEAR - A_SECOND, YEAR)]

    assert ends == [1, 0]


def test_one_person_who_complains_twice_is_one(office: Office) -> None:
    complained(office, 1)
    complained(office, 1, at=MONDAY_MORNING + A_SECOND)

    assert complainants_of("shoes_2026", at=MONDAY_NOON) == 1


@pytest.mark.parametrize("handle", ["", "x", "x" * 41])
def test_too_little_or_too_much_gets_a_sentence(handle: str, client: Client, db: None) -> None:
    page = looked_up(client, handle)

    assert page.status_code == 422
    assert sentences(page) == ["Enter 2 to 40 characters."]


def test_a_thousand_look_ups_by_one_visitor_are_twenty(office: Office, client: Client) -> None:
    complained(office, 5)

    answers = [looked_up(client, f"shoes_{number}").status_code for number in range(25)]
    late = looked_up(client, "shoes_2026")

    assert answers == [200] * 20 + [429] * 5
    assert (late.status_code, "5 people" in late.text) == (429, False)
    assert "Too many requests. Try again in 3600 seconds." in late.text
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert looked_up(other, "shoes_2026").status_code == 200


def test_the_handle_stands_in_no_address(office: Office, client: Client) -> None:
    complained(office, 5)

    page = looked_up(client, "shoes_2026")

    assert page.request["QUERY_STRING"] == ""
    assert client.get(PAGE, {"handle": "shoes_2026"}).context["looked_up"] is False


def test_without_a_recorded_legal_review_there_is_advice_and_no_record(
    office: Office, client: Client, settings: Any
) -> None:
    settings.PUBLIC_RECORD_REVIEW = ""
    complained(office, 5)

    page = looked_up(client, "shoes_2026")

    assert "5 people" not in page.text
    assert "We do not publish records about sellers yet." in page.text
    assert "Look at the business licence." in page.text
