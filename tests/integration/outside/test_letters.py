"""A letter has a number, is a page of Chinese text, and counts as told once a person has noted its delivery."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from microguard.events.models import Event
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions.by_hand import (
    HandDeliveryIncomplete,
    NotForThisMessage,
    note_hand_delivery,
)
from microguard.notifications.letters import letter_pdf
from microguard.notifications.models import Dispatch, DispatchState, HandDelivery, Letter
from microguard.notifications.notices import notices, write
from tests.cases import an_invited_dispute
from tests.clock import A_DAY, MONDAY_MORNING, TUESDAY_MORNING
from tests.mail import Sink
from tests.outside import SECRETS, SILENCE_NOTED, silence, told
from tests.people import Office


def test_an_office_without_a_way_gets_a_numbered_letter(
    office: Office, platform: OutsideOffice, sink: Sink
) -> None:
    silence(office)

    (dispatch,) = told(platform)

    assert (dispatch.state, dispatch.channel) == (DispatchState.TO_DELIVER, "LETTER")
    others = Letter.objects.exclude(dispatch=dispatch)
    assert str(dispatch.letter) == f"〔2026〕{others.count() + 1}"


def test_the_letter_is_a_page_with_its_number_and_chinese_that_is_text(
    office: Office, platform: OutsideOffice, sink: Sink, settings: Any
) -> None:
    settings.OPERATOR_NAME = "示范县消费者协会"
    silence(office)
    letter = Letter.objects.get(dispatch__office=platform)

    pdf = letter_pdf(letter)

    (page,) = PdfReader(io.BytesIO(pdf)).pages
    text = page.extract_text()
    assert "示范县消费者协会" in text
    assert str(letter) in text
    assert "运动鞋" in text
    fonts = page["/Resources"]["/Font"].values()
    assert all("NotoSerif" in str(font.get_object()["/BaseFont"]) for font in fonts)
    assert [secret for secret in SECRETS if secret in text] == []


def test_what_people_typed_stays_text_in_a_letter(office: Office, platform: OutsideOffice) -> None:
    dispatch = Dispatch.objects.create(
        effect_key="letter#1",
        notice="test",
        office=platform,
        channel="LETTER",
        address='#read("/etc/passwd")',
        subject='#eval("1+1")',
        body="$x$ *星* #set text(red)\n<b>二</b>",
        state=DispatchState.TO_DELIVER,
        created_at=MONDAY_MORNING,
        due_at=MONDAY_MORNING,
    )

    text = (
        PdfReader(io.BytesIO(letter_pdf(Letter.objects.create(dispatch=dispatch, year=2026, serial=9))))
        .pages[0]
        .extract_text()
    )

    for typed in ('#eval("1+1")', "$x$ *星* #set text(red)", "<b>二</b>", "/etc/passwd"):
        assert typed in text
    assert "root:" not in text


def test_letters_are_counted_through_the_year_without_a_gap(office: Office, platform: OutsideOffice) -> None:
    dispute = an_invited_dispute(officer=office.li)
    event = Event.objects.filter(chain=dispute.chain).latest("number")
    notice = next(notice for notice in notices if notice.name == "respondent.answer.lapsed:platforms")
    for number, at in enumerate((MONDAY_MORNING, TUESDAY_MORNING, MONDAY_MORNING + 40 * A_DAY)):
        event.number, event.at = 900 + number, at
        write(notice, event)

    assert list(Letter.objects.order_by("pk").values_list("year", "serial")) == [(2026, 1), (2026, 2), (2027, 1)]


def test_a_letter_is_delivered_by_a_person_and_that_is_when_it_counts_as_told(
    office: Office, platform: OutsideOffice, sink: Sink
) -> None:
    dispute = silence(office)
    (dispatch,) = told(platform)
    at = SILENCE_NOTED + A_DAY

    note_hand_delivery(
        dispatch_id=dispatch.pk,
        manner="REGISTERED_POST",
        delivered_date=date(2026, 12, 14),
        reference="EMS 1234567890",
        by=office.li,
        at=at,
    )

    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.sent_at) == (DispatchState.SENT, at)
    assert HandDelivery.objects.get().noted_by == office.li.reference
    fact = Event.objects.filter(chain=dispute.chain, name="notice.sent").latest("number")
    assert (fact.facts["channel"], fact.at) == ("LETTER", at)
    with pytest.raises(NotForThisMessage):
        note_hand_delivery(
            dispatch_id=dispatch.pk,
            manner="FAX",
            delivered_date=date(2026, 12, 14),
            reference="",
            by=office.li,
            at=at,
        )


@pytest.mark.parametrize(
    ("manner", "day", "sentence"),
    [
        ("", date(2026, 12, 13), "怎么送达"),
        ("PIGEON", date(2026, 12, 13), "怎么送达"),
        ("FAX", date(2027, 1, 1), "不能晚于今天"),
    ],
)
def test_a_service_without_manner_or_with_a_day_to_come_is_refused_in_words(
    office: Office, platform: OutsideOffice, sink: Sink, manner: str, day: date, sentence: str
) -> None:
    silence(office)
    (dispatch,) = told(platform)

    with pytest.raises(HandDeliveryIncomplete) as refused:
        note_hand_delivery(
            dispatch_id=dispatch.pk,
            manner=manner,
            delivered_date=day,
            reference="",
            by=office.li,
            at=SILENCE_NOTED,
        )

    assert sentence in refused.value.message


def test_a_sign_that_the_typeface_lacks_keeps_no_letter_from_being_printed(
    office: Office, platform: OutsideOffice
) -> None:
    dispatch = Dispatch.objects.create(
        effect_key="letter#2",
        notice="test",
        office=platform,
        channel="LETTER",
        address="演示路1号",
        subject="面膜✨",
        body="运动鞋👟 ภาษาไทย 한국어",
        state=DispatchState.TO_DELIVER,
        created_at=MONDAY_MORNING,
        due_at=MONDAY_MORNING,
    )

    pdf = letter_pdf(Letter.objects.create(dispatch=dispatch, year=2026, serial=10))

    assert "运动鞋" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_a_day_before_the_letter_was_written_is_refused(
    office: Office, platform: OutsideOffice, sink: Sink
) -> None:
    silence(office)
    (dispatch,) = told(platform)

    with pytest.raises(HandDeliveryIncomplete):
        note_hand_delivery(
            dispatch_id=dispatch.pk,
            manner="FAX",
            delivered_date=date(2025, 12, 14),
            reference="",
            by=office.li,
            at=SILENCE_NOTED,
        )
