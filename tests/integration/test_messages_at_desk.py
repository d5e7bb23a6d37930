"""The desk sees why a message did not arrive in three clicks, and sends it again in one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from microguard.events.models import Event
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.models import Attempt, Circuit, Dispatch, Endpoint, Letter
from tests.cases import an_open_dispute
from tests.clock import MONDAY_MORNING, MONDAY_NOON
from tests.people import Office
from tests.visitors import at_desk

DAY = "/en/desk/"
MESSAGES = "/en/desk/notifications/dispatch/"
OFFICES = "/en/desk/jurisdictions/office/"


@pytest.fixture(autouse=True)
def _monday_noon(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


@pytest.fixture
def operator(office: Office) -> Client:
    return at_desk(office.chen_operator)


def a_stranded(**columns: Any) -> Dispatch:
    """A mail to Li that was refused for good."""
    dispatch = Dispatch.objects.create(
        **{
            "effect_key": f"test#{Dispatch.objects.count()}",
            "notice": "complaint.filed:officers",
            "recipient": "user:1",
            "channel": "EMAIL",
            "circuit": "mail",
            "address": "li@office.cn",
            "subject": "新投诉 MG-7K3Q-9X4D",
            "body": "text",
            "state": "DEAD",
            "created_at": MONDAY_MORNING,
            "due_at": MONDAY_MORNING,
            **columns,
        }
    )
    if dispatch.state == "DEAD":
        Attempt.objects.create(
            dispatch=dispatch, number=1, started_at=MONDAY_MORNING, outcome="address_refused_550"
        )
    return dispatch


def a_letter(platform: OutsideOffice) -> Dispatch:
    """A letter to the platform that has to be printed and delivered."""
    dispatch = a_stranded(
        notice="respondent.answer.lapsed:platforms",
        office=platform,
        channel="LETTER",
        circuit="",
        address="演示路1号",
        state="TO_DELIVER",
    )
    Letter.objects.create(dispatch=dispatch, year=2026, serial=1)
    return dispatch


@pytest.fixture
def platform(office: Office) -> OutsideOffice:
    return OutsideOffice.objects.get(kind="PLATFORM")


def test_the_operators_first_page_says_why_and_sends_again_in_one_press(operator: Client) -> None:
    dispatch = a_stranded()

    page = operator.get(DAY)
    assert "the address does not exist or refuses mail (550)" in page.text
    again = reverse("admin:notifications_dispatch_again", args=[dispatch.pk])
    assert again.removeprefix("/en") in page.text.replace("/en/", "/")
    answer = operator.post(f"{MESSAGES}{dispatch.pk}/again/", {"back": "day"})

    assert answer.headers["Location"] == DAY
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.due_at) == ("DUE", MONDAY_NOON)
    assert dispatch.attempts.count() == 1


def test_with_nothing_stranded_the_page_says_that_all_has_gone(operator: Client) -> None:
    assert "Every message has gone or is on its way." in operator.get(DAY).text


def test_a_server_that_is_down_is_named_with_its_reason(operator: Client) -> None:
    Circuit.objects.create(
        key="mail",
        failures=5,
        reason="connection_refused",
        opened_at=MONDAY_MORNING,
        probe_at=MONDAY_NOON + timedelta(minutes=5),
    )

    page = operator.get(DAY)

    assert "Mail server" in page.text
    assert "the mail server does not take connections" in page.text


def test_those_who_do_not_see_to_messages_are_not_shown_them(office: Office) -> None:
    a_stranded()

    for user in (office.zhou_auditor, office.wang_mediator):
        page = at_desk(user).get(DAY)
        assert page.status_code == 200
        assert "does not exist or refuses mail" not in page.text


def test_the_message_page_shows_every_attempt_in_words_and_no_full_address(operator: Client) -> None:
    dispatch = a_stranded()
    Attempt.objects.create(dispatch=dispatch, number=2, started_at=MONDAY_NOON, outcome="")

    page = operator.get(f"{MESSAGES}{dispatch.pk}/change/")

    assert "the address does not exist or refuses mail (550)" in page.text
    assert "not known: the worker ended in the middle" in page.text
    assert "li@office.cn" not in page.text


def test_a_letter_is_printed_and_then_noted_as_delivered(operator: Client, platform: OutsideOffice) -> None:
    dispatch = a_letter(platform)

    pdf = operator.get(f"{MESSAGES}{dispatch.pk}/letter.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    wrong = operator.post(f"{MESSAGES}{dispatch.pk}/delivered/", {"manner": "FAX", "delivered_date": "2026-11-24"})
    assert wrong.status_code == 422
    assert "The day of delivery cannot be later than today." in wrong.text
    done = operator.post(
        f"{MESSAGES}{dispatch.pk}/delivered/",
        {"manner": "REGISTERED_POST", "delivered_date": "2026-11-23", "reference": "EMS 123"},
    )

    assert done.status_code == 302
    page = operator.get(f"{MESSAGES}{dispatch.pk}/change/")
    assert "Registered post or EMS" in page.text
    assert "EMS 123" in page.text


def test_what_is_no_longer_waiting_is_refused_with_a_sentence(operator: Client) -> None:
    dispatch = a_stranded()
    operator.post(f"{MESSAGES}{dispatch.pk}/again/")
    Dispatch.objects.filter(pk=dispatch.pk).update(state="SENT", sent_at=MONDAY_NOON)

    page = operator.post(f"{MESSAGES}{dispatch.pk}/again/", follow=True)

    assert "This message is no longer waiting for that." in page.text


def test_an_undelivered_message_stands_on_the_workbench_of_its_case(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li)
    a_stranded(chain=dispute.chain, subject="给卖家的通知")

    page = at_desk(office.li_officer).get(f"/en/desk/complaints/complaint/{dispute.complaint_id}/change/")

    assert "给卖家的通知" in page.text
    assert "needs a person" in page.text


def test_an_office_is_entered_given_ways_and_its_secret_shown_once(operator: Client, settings: Any) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    created = operator.post(f"{OFFICES}add/", {"kind": "PLATFORM", "name": "某平台", "runs": ["GROUP", "MOMENTS"]})
    made = OutsideOffice.objects.get(name="某平台")
    assert created.headers["Location"] == f"{OFFICES}{made.pk}/change/"

    page = operator.post(f"{OFFICES}{made.pk}/way/", {"channel": "WEBHOOK", "address": "http://127.0.0.1:9/hook"})

    endpoint = Endpoint.objects.get(office=made)
    assert endpoint.secret.startswith("whsec_")
    assert endpoint.secret in page.text
    assert endpoint.secret not in operator.get(f"{OFFICES}{made.pk}/change/").text
    names = Event.objects.filter(chain=f"office/{made.pk}").order_by("number").values_list("name", flat=True)
    assert list(names) == ["office.registered", "office.way_added"]


def test_a_wrong_address_comes_back_with_a_sentence_and_what_was_typed(
    operator: Client, platform: OutsideOffice
) -> None:
    page = operator.post(f"{OFFICES}{platform.pk}/way/", {"channel": "WEBHOOK", "address": "https://10.1.2.3/x"})

    assert page.status_code == 422
    assert "This address leads into a private network; nothing is sent there." in page.text
    assert "https://10.1.2.3/x" in page.text


def test_a_way_is_stopped_and_started_again_with_another_address(
    operator: Client, platform: OutsideOffice
) -> None:
    endpoint = Endpoint.objects.create(office=platform, place=1, channel="EMAIL", address="a@platform.cn")

    operator.post(f"{OFFICES}{platform.pk}/way/", {"endpoint": endpoint.pk, "stop": "1"})
    assert "stopped by us" in operator.get(f"{OFFICES}{platform.pk}/change/").text
    operator.post(f"{OFFICES}{platform.pk}/way/", {"endpoint": endpoint.pk, "address": "b@platform.cn"})

    endpoint.refresh_from_db()
    assert (endpoint.stopped_at, endpoint.address) == (None, "b@platform.cn")


def test_an_address_that_is_refused_says_why_once_and_stays_as_it_was_typed(
    operator: Client, platform: OutsideOffice
) -> None:
    endpoint = Endpoint.objects.create(office=platform, place=1, channel="EMAIL", address="a@platform.cn")

    page = operator.post(f"{OFFICES}{platform.pk}/way/", {"endpoint": endpoint.pk, "address": "no address"})

    assert page.status_code == 422
    assert "This is no e-mail address." in page.text
    assert "Choose how the office wants to be told." not in page.text
    assert 'value="no address"' in page.text


def test_a_way_of_another_office_is_not_changed_under_this_one(operator: Client, platform: OutsideOffice) -> None:
    regulator = OutsideOffice.objects.get(kind="REGULATOR")
    endpoint = Endpoint.objects.create(office=regulator, place=1, channel="EMAIL", address="a@regulator.cn")

    answer = operator.post(f"{OFFICES}{platform.pk}/way/", {"endpoint": endpoint.pk, "address": "b@platform.cn"})

    assert answer.status_code == 404
    endpoint.refresh_from_db()
    assert endpoint.address == "a@regulator.cn"


def test_the_supervisor_sees_offices_but_changes_nothing(office: Office, platform: OutsideOffice) -> None:
    browser = at_desk(office.zhao_supervisor)

    assert browser.get(f"{OFFICES}{platform.pk}/change/").status_code == 200
    assert browser.post(f"{OFFICES}{platform.pk}/way/", {"channel": "INBOX"}).status_code == 404
    assert browser.get(f"{OFFICES}add/").status_code == 404


def test_a_platform_is_led_to_its_notices_and_reads_one(office: Office, platform: OutsideOffice) -> None:
    notice = a_stranded(
        office=platform, channel="INBOX", state="SENT", sent_at=MONDAY_MORNING, body="卖家没有答复"
    )
    browser = at_desk(office.wu_platform)

    start = browser.get("/en/start/", follow=True)
    page = browser.get(f"/en/notices/{notice.pk}/")

    assert start.redirect_chain[-1][0] == "/en/p/"
    assert notice.subject in start.text
    assert "卖家没有答复" in page.text
    notice.refresh_from_db()
    assert notice.read_at == MONDAY_NOON


def test_a_regulator_finds_its_notices_beside_the_files_and_none_of_others(
    office: Office, platform: OutsideOffice
) -> None:
    regulator = OutsideOffice.objects.get(kind="REGULATOR")
    mine = a_stranded(office=regulator, channel="INBOX", state="SENT", sent_at=MONDAY_MORNING, subject="给监管的")
    theirs = a_stranded(office=platform, channel="INBOX", state="SENT", sent_at=MONDAY_MORNING, subject="给平台的")
    browser = at_desk(office.sun_regulator)

    page = browser.get("/en/reg/")

    assert (mine.subject in page.text, theirs.subject in page.text) == (True, False)
    assert browser.get(f"/en/notices/{theirs.pk}/").status_code == 404


def test_an_inbox_pages_by_key(office: Office, platform: OutsideOffice) -> None:
    for number in range(27):
        a_stranded(
            office=platform, channel="INBOX", state="SENT", sent_at=MONDAY_MORNING, subject=f"通知{number:02}"
        )
    browser = at_desk(office.wu_platform)

    first = browser.get("/en/p/")
    second = browser.get("/en/p/", {"before": first.context["page"].older})
    bent = browser.get("/en/p/", {"before": "1 OR 1=1"})

    assert [len(one.context["page"].notices) for one in (first, second, bent)] == [25, 2, 25]


def test_a_webhook_is_shown_to_its_office(office: Office, platform: OutsideOffice) -> None:
    notice = a_stranded(
        office=platform,
        channel="WEBHOOK",
        state="SENT",
        sent_at=MONDAY_MORNING,
        body='{"type": "x", "timestamp": "t", "data": {"case": "MG-7K3Q-9X4D", "stage": null}}',
    )

    page = at_desk(office.wu_platform).get(f"/en/notices/{notice.pk}/")

    assert "MG-7K3Q-9X4D" in page.text
