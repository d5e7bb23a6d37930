"""A message is sent until the next server has taken it, is one effect, and tells nobody else what it says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.models import OneTimeCode
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.notifications.actions import sending as actions
from microguard.notifications.actions.sending import LEASE, send_code, send_next
from microguard.notifications.channels import email
from microguard.notifications.models import Attempt, ChannelName, Dispatch, DispatchState
from microguard.notifications.notices import notices, write
from tests.cases import a_filed_complaint
from tests.clock import A_SECOND, MONDAY_MORNING, TUESDAY_MORNING
from tests.database import execute
from tests.mail import HOST, Sink, free_port, mail_server, phone_address
from tests.people import ZHANG_PHONE, Office
from tests.threads import at_once

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class WorkerKilled(BaseException):
    """The worker ends between handing a message over and noting it."""


def point_to(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, port


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server that the application sends to."""
    with mail_server() as server:
        point_to(settings, server.port)
        yield server


def a_message(number: int = 1, **columns: Any) -> Dispatch:
    """A message for Li, due on Monday morning."""
    return Dispatch.objects.create(
        **{
            "effect_key": f"test#{number}",
            "notice": "test",
            "channel": ChannelName.EMAIL,
            "address": "li@office.cn",
            "circuit": "mail",
            "subject": f"消息 {number}",
            "body": f"text of message {number}",
            "created_at": MONDAY_MORNING,
            "due_at": MONDAY_MORNING,
            **columns,
        }
    )


def send_all(at: datetime = MONDAY_MORNING) -> None:
    while send_next(at=at):
        continue


def tell_all(at: datetime = MONDAY_MORNING) -> None:
    while deliver_next(at=at):
        continue
    send_all(at)


def test_a_message_goes_over_the_wire_once_with_its_words(db: None, sink: Sink) -> None:
    message = a_message()

    send_all()
    send_all(TUESDAY_MORNING)

    (letter,) = sink.letters
    assert letter.to == ("li@office.cn",)
    assert letter.message["Subject"] == "消息 1"
    assert letter.text.strip() == "text of message 1"
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (DispatchState.SENT, MONDAY_MORNING)
    assert list(Attempt.objects.values_list("number", "outcome")) == [(1, "sent")]


def test_a_text_message_goes_to_the_gateway(db: None, sink: Sink) -> None:
    a_message(channel=ChannelName.SMS, address=ZHANG_PHONE)

    send_all()

    assert [letter.to for letter in sink.letters] == [(phone_address(ZHANG_PHONE),)]


def test_before_its_instant_nothing_is_sent(db: None, sink: Sink) -> None:
    a_message()

    assert send_next(at=MONDAY_MORNING - A_SECOND) is False
    assert sink.letters == []


def test_a_refused_message_is_sent_later_with_the_same_message_id(db: None, sink: Sink) -> None:
    message = a_message()
    sink.refusing = True

    send_all()
    message.refresh_from_db()
    assert (message.state, message.due_at) == (DispatchState.DUE, MONDAY_MORNING + 5 * A_SECOND)
    sink.refusing = False
    send_all(MONDAY_MORNING + 4 * A_SECOND)
    assert sink.letters == []
    send_all(MONDAY_MORNING + 5 * A_SECOND)

    assert [letter.message_id for letter in sink.letters] == [letter.message_id for letter in sink.refused]
    assert len(sink.letters) == 1
    outcomes = list(Attempt.objects.order_by("number").values_list("outcome", flat=True))
    assert outcomes == ["mail_refused_451", "sent"]


def test_the_pauses_grow_over_three_days_and_then_a_person_has_to_act(db: None, sink: Sink) -> None:
    sink.refusing = True
    message = a_message(gives_up_at=MONDAY_MORNING + 76 * HOUR)
    pauses, at = [], MONDAY_MORNING
    while send_next(at=at):
        message.refresh_from_db()
        pauses.append(message.due_at - at)
        at = max(at, message.due_at)

    assert pauses[:-1] == list(actions.PAUSES)
    assert timedelta(days=3) < at - MONDAY_MORNING < timedelta(days=4)
    assert message.state == DispatchState.DEAD
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"mail_refused_451"}
    assert message.attempts.count() == len(actions.PAUSES) + 1


def test_an_hour_without_mail_server_loses_nothing(db: None, settings: Any) -> None:
    port = free_port()
    point_to(settings, port)
    messages = [a_message(number) for number in range(10)]
    at = MONDAY_MORNING
    while at < MONDAY_MORNING + HOUR:
        send_all(at)
        at += MINUTE
    assert Dispatch.objects.filter(state=DispatchState.DUE).count() == 10
    # The outage was probed a few times, not tried by every message: nobody's attempts were used up.
    assert Attempt.objects.count() <= 12

    with mail_server(port) as sink:
        while at < MONDAY_MORNING + HOUR + 16 * MINUTE:
            send_all(at)
            at += MINUTE

    assert sorted(letter.message["Subject"] for letter in sink.letters) == sorted(m.subject for m in messages)
    assert Dispatch.objects.filter(state=DispatchState.SENT).count() == 10


def test_a_message_that_cannot_be_sent_holds_up_no_other(db: None, sink: Sink) -> None:
    a_message(1, address="li@office.cn\nBcc: thief@evil.cn")
    a_message(2)

    send_all()

    assert [letter.message["Subject"] for letter in sink.letters] == ["消息 2"]
    assert {to for letter in sink.letters for to in letter.to} == {"li@office.cn"}
    assert Attempt.objects.filter(dispatch__effect_key="test#1").get().outcome != ""


def test_two_workers_send_each_message_once(committed: None, sink: Sink) -> None:
    for number in range(20):
        a_message(number)

    at_once(send_all, send_all)

    assert len(sink.letters) == 20
    assert len({letter.message_id for letter in sink.letters}) == 20


def test_a_message_lent_to_one_worker_is_not_sent_by_another(
    committed: None, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_message()
    by_the_other: list[bool] = []

    def slow(dispatch: Dispatch) -> None:
        by_the_other.extend(at_once(lambda: send_next(at=MONDAY_MORNING + LEASE - A_SECOND)))
        email.send(dispatch)

    monkeypatch.setitem(actions.CHANNELS, ChannelName.EMAIL, SimpleNamespace(send=slow))

    send_all()

    assert by_the_other == [False]
    assert len(sink.letters) == 1


def test_a_worker_that_dies_after_sending_repeats_the_message_under_the_same_id(
    db: None, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send_and_die(dispatch: Dispatch) -> None:
        email.send(dispatch)
        raise WorkerKilled

    message = a_message()
    monkeypatch.setitem(actions.CHANNELS, ChannelName.EMAIL, SimpleNamespace(send=send_and_die))
    with pytest.raises(WorkerKilled):
        send_next(at=MONDAY_MORNING)
    monkeypatch.setitem(actions.CHANNELS, ChannelName.EMAIL, email)

    send_all(MONDAY_MORNING + LEASE - A_SECOND)
    assert len(sink.letters) == 1
    send_all(MONDAY_MORNING + LEASE)

    assert [letter.message_id for letter in sink.letters] == [sink.letters[0].message_id] * 2
    assert list(message.attempts.order_by("number").values_list("outcome", flat=True)) == ["", "sent"]


def test_a_slow_sender_does_not_overwrite_what_another_found_out(
    db: None, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outlive_the_lease(dispatch: Dispatch) -> None:
        monkeypatch.setitem(actions.CHANNELS, ChannelName.EMAIL, email)
        send_all(MONDAY_MORNING + LEASE)
        raise email.ChannelError("timed_out")

    message = a_message()
    monkeypatch.setitem(actions.CHANNELS, ChannelName.EMAIL, SimpleNamespace(send=outlive_the_lease))

    send_next(at=MONDAY_MORNING)

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (DispatchState.SENT, MONDAY_MORNING + LEASE)
    assert list(message.attempts.order_by("number").values_list("outcome", flat=True)) == ["timed_out", "sent"]


def test_different_messages_have_different_ids(db: None, sink: Sink) -> None:
    a_message(1)
    a_message(2)

    send_all()

    assert len({letter.message_id for letter in sink.letters}) == 2


def stored_bytes(message: Dispatch) -> tuple[bytes, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, body FROM notifications_dispatch WHERE id = %s", [message.pk])
        address, body = cursor.fetchone()
    return bytes(address), bytes(body)


def test_a_code_is_erased_from_the_database_once_it_has_gone(db: None, sink: Sink) -> None:
    send_code(phone=ZHANG_PHONE, purpose="FILE", language="en", at=MONDAY_MORNING)
    message = Dispatch.objects.get()
    assert all(stored_bytes(message))

    send_all()

    (letter,) = sink.to(phone_address(ZHANG_PHONE))
    assert "your code is" in letter.text
    assert stored_bytes(message) == (b"", b"")


def test_a_code_that_could_not_be_sent_in_its_ten_minutes_is_erased_and_never_sent(
    db: None, settings: Any
) -> None:
    point_to(settings, free_port())
    send_code(phone=ZHANG_PHONE, purpose="FILE", language="en", at=MONDAY_MORNING)
    send_all(MONDAY_MORNING + 10 * MINUTE - A_SECOND)
    message = Dispatch.objects.get()
    assert all(stored_bytes(message))

    with mail_server() as sink:
        point_to(settings, sink.port)
        send_all(MONDAY_MORNING + HOUR)

    assert sink.letters == []
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (DispatchState.EXPIRED, None)
    assert stored_bytes(message) == (b"", b"")


def test_an_expired_code_is_not_sent_at_the_very_instant_of_its_end(db: None, sink: Sink) -> None:
    send_code(phone=ZHANG_PHONE, purpose="FILE", language="en", at=MONDAY_MORNING)

    send_all(OneTimeCode.objects.get(phone_hash=phone_hash(ZHANG_PHONE)).expires_at)

    assert sink.letters == []


def test_a_filing_tells_the_buyer_once_however_often_its_delivery_is_repeated(office: Office, sink: Sink) -> None:
    complaint = a_filed_complaint()
    tell_all()
    event = Event.objects.get(name="complaint.filed")

    for notice in notices:
        if notice.event == event.name:
            write(notice, event)
    tell_all(TUESDAY_MORNING)

    (letter,) = sink.to(phone_address(ZHANG_PHONE))
    assert complaint.number is not None
    assert complaint.number in letter.text
    assert "\n" not in letter.text.strip()


def test_a_sent_notice_is_a_fact_of_its_case(office: Office, sink: Sink) -> None:
    complaint = a_filed_complaint()

    tell_all()

    facts = [event.facts for event in Event.objects.filter(chain=complaint.chain, name="notice.sent")]
    assert {fact["notice"] for fact in facts} == {"complaint.filed:complainant", "complaint.filed:officers"}
    assert {fact["channel"] for fact in facts} == {"SMS", "EMAIL"}


INJECTIONS = (
    "鞋\r\nBcc: thief@evil.cn\r\n\r\n中奖",
    "鞋\nX-Forged: 1",
    "鞋\x0bBcc: thief@evil.cn",
    "鞋\u2028Bcc: x@evil.cn",
)


@pytest.mark.parametrize("item", INJECTIONS, ids=["crlf", "lf", "vertical tab", "line separator"])
def test_what_people_type_cannot_become_a_header(office: Office, sink: Sink, item: str) -> None:
    a_filed_complaint(item=item, complainant_name="张三\r\nBcc: thief@evil.cn")

    tell_all()

    expected = {phone_address(ZHANG_PHONE), office.li_officer.email}
    assert {to for letter in sink.letters for to in letter.to} == expected
    for letter in sink.letters:
        assert letter.message["Bcc"] is None
        assert letter.message["X-Forged"] is None
    (to_li,) = sink.to(office.li_officer.email)
    assert "鞋" in to_li.message["Subject"]


@pytest.mark.parametrize("subject", ["a\r\nBcc: thief@evil.cn", "a\nTo: thief@evil.cn"])
def test_a_subject_with_a_line_break_is_one_line(db: None, sink: Sink, subject: str) -> None:
    a_message(subject=subject)

    send_all()

    (letter,) = sink.letters
    assert letter.message["Subject"] == " ".join(subject.split())
    assert (letter.to, letter.message["Bcc"], letter.message["To"]) == (("li@office.cn",), None, "li@office.cn")


def test_the_clock_of_the_database_can_be_ahead_without_sending_twice(db: None, sink: Sink) -> None:
    message = a_message()
    send_all()

    execute("UPDATE notifications_dispatch SET due_at = due_at - interval '1 year'")
    send_all(TUESDAY_MORNING)

    assert len(sink.letters) == 1
    assert message.attempts.count() == 1
