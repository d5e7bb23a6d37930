"""The operator names offices and ways; an address that is none is refused in words."""

import pytest

from microguard.accounts.actors import Actor
from microguard.accounts.policies import NotAllowed
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions.endpoints import (
    OfficeRecord,
    OfficeRefused,
    WayRefused,
    add_endpoint,
    change_address,
    register_office,
    stop_endpoint,
)
from microguard.notifications.models import DispatchState, Endpoint
from tests.clock import A_DAY, MONDAY_MORNING
from tests.mail import Sink
from tests.outside import SILENCE_NOTED, pass_on, silence, told
from tests.people import Office


@pytest.mark.parametrize(
    ("channel", "address", "sentence"),
    [
        ("EMAIL", "not an address", "不是邮箱地址"),
        ("WEBHOOK", "ftp://example.com/", "https://"),
        ("WEBHOOK", "https://user:secret@example.com/", "https://"),
        ("WEBHOOK", "https://:secret@example.com/", "https://"),
        ("WEBHOOK", "https://example.com/回调", "https://"),
        ("WEBHOOK", "http://1.1.1.1/hook", "https://"),
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


def test_what_waits_for_a_way_goes_to_its_new_address(
    office: Office, regulator: OutsideOffice, chen_operator: Actor, sink: Sink
) -> None:
    sink.refusing = True
    silence(office)
    (waiting,) = told(regulator)
    mail = regulator.endpoints.get(channel="EMAIL")

    change_address(endpoint_id=mail.pk, address="new@regulator.cn", by=chen_operator, at=SILENCE_NOTED)
    sink.refusing = False
    pass_on(SILENCE_NOTED)

    assert sink.to("shenzhen@regulator.cn") == []
    assert len(sink.to("new@regulator.cn")) == 1
    waiting.refresh_from_db()
    assert waiting.state == DispatchState.SENT


def test_what_waits_for_a_way_that_is_stopped_goes_on_another(
    office: Office, regulator: OutsideOffice, chen_operator: Actor, sink: Sink
) -> None:
    sink.refusing = True
    silence(office)
    mail = regulator.endpoints.get(channel="EMAIL")

    stop_endpoint(endpoint_id=mail.pk, by=chen_operator, at=SILENCE_NOTED)
    sink.refusing = False
    pass_on(SILENCE_NOTED + A_DAY)

    assert sink.to("shenzhen@regulator.cn") == []
    assert [(message.channel, message.state) for message in told(regulator)] == [
        ("EMAIL", "MOVED"),
        ("INBOX", "SENT"),
    ]
