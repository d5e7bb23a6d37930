"""Offices outside are told what decisions and consents allow, the first way that works; else a person acts."""

import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from complaints.models import Consent
from complaints.rules.platforms import deal_place
from disputes.actions.outcome import close_dispute
from disputes.models import Dispute
from microguard.accounts.actors import Actor, actor_of
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import NotFound
from microguard.deadlines.actions import lapse_next
from microguard.events.actions import deliver_next, first_broken_link
from microguard.events.models import Event
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions.by_hand import (
    HandDeliveryIncomplete,
    NotForThisMessage,
    note_hand_delivery,
    note_return,
    resend,
)
from microguard.notifications.actions.endpoints import (
    OfficeRecord,
    OfficeRefused,
    WayRefused,
    add_endpoint,
    change_address,
    register_office,
    stop_endpoint,
)
from microguard.notifications.actions.reading import open_notice
from microguard.notifications.actions.sending import send_next
from microguard.notifications.letters import letter_pdf
from microguard.notifications.models import Dispatch, DispatchState, Endpoint, HandDelivery, Letter
from microguard.notifications.notices import notices, write
from microguard.notifications.selectors import inbox
from tests.cases import STORY, an_invited_dispute
from tests.clock import A_DAY, A_SECOND, MONDAY_MORNING, TUESDAY_MORNING
from tests.hooks import Receiver, web_server
from tests.mail import HOST, Sink, mail_server, phone_address
from tests.people import CHEN_PHONE, ZHANG_PHONE, Office

SILENCE_NOTED = MONDAY_MORNING + 20 * A_DAY
SECRETS = (ZHANG_PHONE, CHEN_PHONE, "张三", "shoes_2026", STORY)


@pytest.fixture(autouse=True)
def _association(settings: Any) -> Iterator[None]:
    settings.OPERATOR = "consumer_association"
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, server.port
        yield server


@pytest.fixture
def chen_operator(office: Office) -> Actor:
    return actor_of(office.chen_operator)


@pytest.fixture
def regulator(office: Office) -> OutsideOffice:
    """The regulator of Shenzhen, told by mail, else in its inbox."""
    found = OutsideOffice.objects.get(kind="REGULATOR")
    Endpoint.objects.create(office=found, place=1, channel="EMAIL", address="shenzhen@regulator.cn")
    Endpoint.objects.create(office=found, place=2, channel="INBOX")
    return found


@pytest.fixture
def platform(office: Office) -> OutsideOffice:
    """A platform of private chats that has named no way yet."""
    found = OutsideOffice.objects.get(kind="PLATFORM")
    found.runs = ["PRIVATE_CHAT"]
    found.save()
    return found


def pass_on(at: datetime) -> None:
    """What the workers do until nothing is left: sweep, relay, dispatch."""
    while lapse_next(at=at) or deliver_next(at=at) or send_next(at=at):
        continue


def silence(office: Office, *, consents: tuple[str, ...] = ("SELLER", "REGULATOR", "PLATFORM")) -> Dispute:
    """Zhang's case against Chen, who lets his time to answer pass."""
    dispute = an_invited_dispute(officer=office.li)
    Consent.objects.filter(complaint=dispute.complaint).delete()
    for recipient in consents:
        Consent.objects.create(
            complaint=dispute.complaint, recipient=recipient, version="2026-11", given_at=MONDAY_MORNING
        )
    pass_on(SILENCE_NOTED)
    return dispute


def told(office: OutsideOffice) -> list[Dispatch]:
    return list(Dispatch.objects.filter(office=office).order_by("pk"))


def test_the_regulator_of_the_place_is_told_of_a_silent_seller(
    office: Office, regulator: OutsideOffice, sink: Sink
) -> None:
    dispute = silence(office)

    (letter,) = sink.to("shenzhen@regulator.cn")

    assert str(dispute.complaint.number) in letter.message["Subject"]
    assert "运动鞋" in letter.text
    assert "¥128.00" in letter.text
    assert f"/c/{dispute.complaint.number}/" in letter.text
    assert [secret for secret in SECRETS if secret in letter.text] == []


def test_without_consent_the_regulator_is_told_number_and_counts_only(
    office: Office, regulator: OutsideOffice, sink: Sink
) -> None:
    dispute = silence(office, consents=("SELLER", "PLATFORM"))

    (letter,) = sink.to("shenzhen@regulator.cn")

    assert str(dispute.complaint.number) in letter.text
    assert "1 件" in letter.text
    assert [word for word in (*SECRETS, "运动鞋", "128", "深圳", "sh***6", "/c/") if word in letter.text] == []


def test_a_regulator_of_another_place_is_not_told(office: Office, regulator: OutsideOffice, sink: Sink) -> None:
    OutsideOffice.objects.filter(pk=regulator.pk).update(division="110000")

    silence(office)

    assert told(regulator) == []


def test_the_platform_is_told_by_webhook_what_the_consent_allows(
    office: Office, platform: OutsideOffice, chen_operator: Actor, sink: Sink
) -> None:
    with web_server(Receiver()) as receiver:
        add_endpoint(
            office_id=platform.pk, channel="WEBHOOK", address=receiver.url, by=chen_operator, at=MONDAY_MORNING
        )
        dispute = silence(office)

        (call,) = receiver.calls

    told_it = json.loads(call.body)
    assert told_it["type"] == "respondent.answer.lapsed"
    assert told_it["data"]["case"] == dispute.complaint.number
    assert told_it["data"]["stage"] == "MEDIATION_OFFERED"
    assert told_it["data"]["due"] is not None


def test_without_consent_a_webhook_carries_the_number_only(
    office: Office, platform: OutsideOffice, chen_operator: Actor, sink: Sink
) -> None:
    with web_server(Receiver()) as receiver:
        add_endpoint(
            office_id=platform.pk, channel="WEBHOOK", address=receiver.url, by=chen_operator, at=MONDAY_MORNING
        )
        dispute = silence(office, consents=("SELLER",))

        (call,) = receiver.calls

    number = dispute.complaint.number
    assert json.loads(call.body)["data"] == {"case": number, "stage": None, "outcome": None, "due": None}


def test_a_platform_that_does_not_run_the_place_is_not_told(
    office: Office, platform: OutsideOffice, sink: Sink
) -> None:
    OutsideOffice.objects.filter(pk=platform.pk).update(runs=["OTHER_PLATFORM"])

    silence(office)

    assert told(platform) == []


@pytest.mark.parametrize(
    ("channel", "paid_by", "handles", "place"),
    [
        ("GROUP", "BANK", {"phone"}, "GROUP"),
        ("", "WECHAT_TRANSFER", {"phone"}, "PRIVATE_CHAT"),
        ("", "RED_PACKET", set(), "PRIVATE_CHAT"),
        ("", "BANK", {"wechat_id"}, "PRIVATE_CHAT"),
        ("", "MINI_SHOP", {"shop_link"}, "MINI_PROGRAM"),
        ("", "BANK", {"phone"}, ""),
        ("OTHER_PLATFORM", "WECHAT_TRANSFER", {"wechat_id"}, "OTHER_PLATFORM"),
    ],
)
def test_where_a_deal_was_made(channel: str, paid_by: str, handles: set[str], place: str) -> None:
    assert deal_place(channel, paid_by, frozenset(handles)) == place


def test_an_office_that_was_told_hears_how_the_case_ended(
    office: Office, regulator: OutsideOffice, platform: OutsideOffice, sink: Sink
) -> None:
    dispute = silence(office)
    OutsideOffice.objects.filter(pk=platform.pk).update(runs=[])  # no longer addressed: told nothing more

    close_dispute(
        dispute_id=dispute.pk, outcome="NO_RESPONSE", note="卖家一直没有答复", by=office.li, at=SILENCE_NOTED
    )
    pass_on(SILENCE_NOTED + A_SECOND)

    assert [message.notice for message in told(regulator)] == [
        "respondent.answer.lapsed:regulators",
        "dispute.closed:regulators",
    ]
    assert [message.notice for message in told(platform)] == ["respondent.answer.lapsed:platforms"]


def test_an_office_that_was_never_told_hears_nothing_of_the_end(
    office: Office, regulator: OutsideOffice, sink: Sink
) -> None:
    dispute = an_invited_dispute(officer=office.li)

    close_dispute(
        dispute_id=dispute.pk, outcome="NO_AGREEMENT", note="双方没谈成", by=office.li, at=TUESDAY_MORNING
    )
    pass_on(TUESDAY_MORNING)

    assert told(regulator) == []


def test_an_address_that_does_not_exist_sends_the_notice_to_the_inbox_at_once(
    office: Office, regulator: OutsideOffice, sink: Sink
) -> None:
    sink.unknown.add("shenzhen@regulator.cn")

    dispute = silence(office)

    by_mail, in_inbox = told(regulator)
    assert (by_mail.state, in_inbox.state) == (DispatchState.MOVED, DispatchState.SENT)
    assert list(by_mail.attempts.values_list("outcome", flat=True)) == ["address_refused_550"]
    assert in_inbox.channel == "INBOX"
    assert "运动鞋" in in_inbox.body
    assert [notice.pk for notice in inbox(regulator.pk).notices] == [in_inbox.pk]
    facts = Event.objects.filter(chain=dispute.chain, name__in=("notice.failed", "notice.sent"))
    of_office = [fact.name for fact in facts.order_by("number") if "regulators" in fact.facts["notice"]]
    assert sorted(of_office) == ["notice.failed", "notice.sent"]
    assert first_broken_link(dispute.chain) is None


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


def test_an_office_opens_its_own_notices_only(office: Office, regulator: OutsideOffice, sink: Sink) -> None:
    silence(office)
    (mine,) = told(regulator)

    opened = open_notice(dispatch_id=mine.pk, by=office.sun, at=SILENCE_NOTED)
    again = open_notice(dispatch_id=mine.pk, by=office.sun, at=SILENCE_NOTED + A_DAY)

    assert (opened.read_at, again.read_at) == (SILENCE_NOTED, SILENCE_NOTED)
    with pytest.raises(NotFound):
        open_notice(dispatch_id=mine.pk, by=actor_of(office.wu_platform), at=SILENCE_NOTED)
    with pytest.raises(NotAllowed):
        open_notice(dispatch_id=mine.pk, by=office.li, at=SILENCE_NOTED)


@pytest.mark.parametrize(
    ("channel", "address", "sentence"),
    [
        ("EMAIL", "not an address", "不是邮箱地址"),
        ("WEBHOOK", "ftp://example.com/", "https://"),
        ("WEBHOOK", "https://user:secret@example.com/", "https://"),
        ("WEBHOOK", "https://10.0.0.1/hook", "内部网络"),
        ("WEBHOOK", "https://[::ffff:10.0.0.1]/hook", "内部网络"),
        ("WEBHOOK", "https://nowhere.invalid/", "找不到"),
        ("WEBHOOK", "https://[", "https://"),
        ("LETTER", "  ", "邮寄地址"),
        ("SMS", "13800000001", "什么方式"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(
    platform: OutsideOffice, chen_operator: Actor, channel: str, address: str, sentence: str
) -> None:
    with pytest.raises(WayRefused) as refused:
        add_endpoint(office_id=platform.pk, channel=channel, address=address, by=chen_operator, at=MONDAY_MORNING)

    assert sentence in refused.value.message
    assert not Endpoint.objects.exists()


def test_a_second_way_of_one_kind_is_refused(
    regulator: OutsideOffice, platform: OutsideOffice, chen_operator: Actor
) -> None:
    with pytest.raises(WayRefused):
        add_endpoint(
            office_id=regulator.pk, channel="EMAIL", address="b@regulator.cn", by=chen_operator, at=MONDAY_MORNING
        )


def test_a_stopped_way_is_passed_over_and_a_new_address_starts_it_again(
    office: Office, regulator: OutsideOffice, chen_operator: Actor, sink: Sink
) -> None:
    mail = regulator.endpoints.get(channel="EMAIL")
    stop_endpoint(endpoint_id=mail.pk, by=chen_operator, at=MONDAY_MORNING)
    silence(office)
    assert [message.channel for message in told(regulator)] == ["INBOX"]

    change_address(endpoint_id=mail.pk, address="new@regulator.cn", by=chen_operator, at=SILENCE_NOTED)

    mail.refresh_from_db()
    assert (mail.stopped_at, mail.address) == (None, "new@regulator.cn")


def test_only_the_operator_names_offices_and_ways(office: Office, platform: OutsideOffice) -> None:
    for actor in (office.li, office.zhao, office.sun):
        with pytest.raises(NotAllowed):
            add_endpoint(office_id=platform.pk, channel="INBOX", address="", by=actor, at=MONDAY_MORNING)


@pytest.mark.parametrize(
    "record",
    [
        OfficeRecord("REGULATOR", "广州监管"),
        OfficeRecord("REGULATOR", "广州监管", division="999999"),
        OfficeRecord("PLATFORM", "某平台"),
        OfficeRecord("REGULATOR", "深圳监管", division="440300"),
    ],
    ids=["no division", "unknown division", "runs nothing", "there already"],
)
def test_an_office_that_lacks_something_is_refused(
    office: Office, chen_operator: Actor, record: OfficeRecord
) -> None:
    before = OutsideOffice.objects.count()

    with pytest.raises(OfficeRefused):
        register_office(office=record, by=chen_operator, at=MONDAY_MORNING)

    assert OutsideOffice.objects.count() == before
