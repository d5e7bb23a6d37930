"""Offices outside are told what decisions and consents allow, the first way that works."""

import json
from datetime import timedelta

import pytest

from complaints.rules.platforms import deal_place
from disputes.actions.outcome import close_dispute
from microguard.accounts.actors import Actor, actor_of
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import NotFound
from microguard.events.actions import first_broken_link
from microguard.events.models import Event
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions.endpoints import (
    add_endpoint,
)
from microguard.notifications.actions.reading import open_notice
from microguard.notifications.models import DispatchState
from microguard.notifications.notices import notices
from microguard.notifications.selectors import inbox
from tests.cases import an_invited_dispute
from tests.clock import A_DAY, A_SECOND, MONDAY_MORNING, TUESDAY_MORNING
from tests.hooks import Receiver, web_server
from tests.mail import Sink
from tests.outside import SECRETS, SILENCE_NOTED, pass_on, silence, told
from tests.people import Office


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


def test_an_alarm_of_danger_does_not_wait_three_days_for_a_server_that_is_away() -> None:
    waits = {notice.name: notice.gives_up_after for notice in notices}

    assert waits["safety.triage.lapsed:regulators"] == timedelta(hours=1)
    assert waits["respondent.answer.lapsed:regulators"] == timedelta(hours=76)
