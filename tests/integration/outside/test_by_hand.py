"""What a person does about a message: send it again, say that it came back, say how it was delivered."""

from datetime import timedelta

import pytest

from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions.by_hand import (
    NotForThisMessage,
    note_hand_delivery,
    note_return,
    resend,
)
from microguard.notifications.actions.sending import LEASE, send_code, send_next
from microguard.notifications.models import Dispatch, DispatchState
from microguard.notifications.selectors import for_a_person
from tests.clock import A_DAY
from tests.mail import Sink, phone_address
from tests.outside import SILENCE_NOTED, pass_on, silence, told
from tests.people import ZHANG_PHONE, Office


def test_a_phone_number_that_does_not_exist_waits_for_a_person_who_sends_again_in_one_step(
    office: Office, sink: Sink
) -> None:
    sink.unknown.add(phone_address(ZHANG_PHONE))
    dispute = silence(office)
    dead = Dispatch.objects.filter(notice="respondent.answer.lapsed:complainant").get()
    assert dead.state == DispatchState.DEAD
    sink.unknown.clear()

    resend(dispatch_id=dead.pk, by=office.li, at=SILENCE_NOTED + A_DAY)
    pass_on(SILENCE_NOTED + A_DAY)

    dead.refresh_from_db()
    assert dead.state == DispatchState.SENT
    assert list(dead.attempts.order_by("number").values_list("outcome", flat=True)) == [
        "address_refused_550",
        "sent",
    ]
    (letter,) = [one for one in sink.to(phone_address(ZHANG_PHONE)) if str(dispute.complaint.number) in one.text]
    assert letter.message_id
    with pytest.raises(NotForThisMessage):
        resend(dispatch_id=dead.pk, by=office.li, at=SILENCE_NOTED + A_DAY)


def test_sending_again_starts_the_pauses_anew(office: Office, sink: Sink) -> None:
    sink.unknown.add(phone_address(ZHANG_PHONE))
    silence(office)
    dead = Dispatch.objects.filter(notice="respondent.answer.lapsed:complainant").get()
    sink.unknown.clear()
    sink.refusing = True
    again = SILENCE_NOTED + 10 * A_DAY

    resend(dispatch_id=dead.pk, by=office.li, at=again)
    send_next(at=again)

    dead.refresh_from_db()
    assert (dead.state, dead.due_at - again) == (DispatchState.DUE, timedelta(seconds=5))


def test_a_mail_that_comes_back_later_goes_on_to_the_inbox(
    office: Office, regulator: OutsideOffice, sink: Sink
) -> None:
    silence(office)
    (sent,) = told(regulator)

    note_return(dispatch_id=sent.pk, by=office.li, at=SILENCE_NOTED + A_DAY)

    sent.refresh_from_db()
    assert (sent.state, sent.sent_at) == (DispatchState.MOVED, None)
    assert told(regulator)[-1].channel == "INBOX"


def test_what_a_person_has_delivered_cannot_come_back(office: Office, sink: Sink) -> None:
    sink.unknown.add(phone_address(ZHANG_PHONE))
    silence(office)
    dead = Dispatch.objects.filter(notice="respondent.answer.lapsed:complainant").get()
    note_hand_delivery(
        dispatch_id=dead.pk,
        manner="PHONE",
        delivered_date=SILENCE_NOTED.date(),
        reference="",
        by=office.li,
        at=SILENCE_NOTED,
    )

    with pytest.raises(NotForThisMessage):
        note_return(dispatch_id=dead.pk, by=office.li, at=SILENCE_NOTED + A_DAY)


def test_a_message_on_the_wire_is_not_sent_a_second_time_by_hand(office: Office, regulator: OutsideOffice) -> None:
    silence(office)
    waiting = Dispatch.objects.filter(office=regulator).latest("pk")
    Dispatch.objects.filter(pk=waiting.pk).update(state="DUE", sent_at=None, lent_until=SILENCE_NOTED + LEASE)

    with pytest.raises(NotForThisMessage):
        resend(dispatch_id=waiting.pk, by=office.li, at=SILENCE_NOTED)
    resend(dispatch_id=waiting.pk, by=office.li, at=SILENCE_NOTED + LEASE)


def test_a_code_that_cannot_be_delivered_expires_and_bothers_nobody(db: None, sink: Sink) -> None:
    sink.unknown.add(phone_address(ZHANG_PHONE))
    send_code(phone=ZHANG_PHONE, purpose="FILE", language="en", at=SILENCE_NOTED)

    send_next(at=SILENCE_NOTED)

    code = Dispatch.objects.get()
    assert (code.state, code.address, code.body) == (DispatchState.EXPIRED, "", "")
    assert not for_a_person().exists()
