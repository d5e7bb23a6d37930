"""A seller tells that something has ended or changed: ten working days, an alarm at their end, nothing decided."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from merchants.actions.identity import (
    Licensed,
    OddFact,
    Registered,
    state_exemption,
    state_licence,
    state_registration,
)
from merchants.actions.identity_changes import Change, end_licence, take_change_back, tell_change
from merchants.actions.linking import merge_profiles
from merchants.models import IdentityChange, Licence, Merchant, Registration
from merchants.selectors import profiles_of
from merchants.selectors.identity import level_of, reasons_to_check, updates_awaited
from microguard.accounts.policies import NotAllowed
from microguard.core.clock import CHINA
from microguard.deadlines.actions import due, lapse_next, warn_next
from microguard.deadlines.models import Deadline
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.cases import a_seller
from tests.people import CHEN_PHONE, Office, chen, lin
from tests.sellers import an_owned_shop

CODE, ADULT = "91440300708461136T", "11010519491231002X"
OWNED = datetime(2026, 10, 20, 10, 0, tzinfo=CHINA)
# Ten working days after 26 October end with Monday 9 November.
CHANGED, TERM_ENDS = date(2026, 10, 26), datetime(2026, 11, 10, tzinfo=CHINA)
TOLD = datetime(2026, 10, 28, 9, 0, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Refusals are read in Chinese here."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def shop(office: Office) -> Merchant:
    """Chen's shop, which states its business licence."""
    shop = an_owned_shop()
    registered(shop, at=OWNED)
    return shop


def registered(shop: Merchant, *, at: datetime) -> Registration:
    told = Registered(CODE, "陈记鞋店", "SOLE_TRADER", needs_licence=False)
    return state_registration(merchant_id=shop.pk, told=told, by=chen(), at=at)


def a_licence(
    shop: Merchant, number: str = "JY1440300123456", *, until: date | None, at: datetime = OWNED
) -> Licence:
    told = Licensed("FOOD", number, "陈记鞋店", until)
    return state_licence(merchant_id=shop.pk, told=told, by=chen(), at=at)


def told_of(
    shop: Merchant, day: date = CHANGED, *, licence: Licence | None = None, at: datetime = TOLD
) -> IdentityChange:
    change = Change("CHANGED", day, licence.pk if licence else None)
    return tell_change(merchant_id=shop.pk, told=change, by=chen(), at=at)


def awaited(shop: Merchant, at: datetime) -> list[str]:
    return [fact.subject for fact, _clock in updates_awaited(profiles_of(shop.pk), at=at)]


def names(shop: Merchant) -> list[str]:
    return list(Event.objects.filter(chain=shop.chain).order_by("pk").values_list("name", flat=True))


def test_the_term_runs_from_the_day_of_the_change_and_is_the_law_s(shop: Merchant) -> None:
    fact = Registration.objects.get()

    told_of(shop)

    clock = Deadline.objects.get(rule="identity.update")
    assert (clock.merchant_id, clock.case_id, clock.subject) == (shop.pk, None, fact.subject)
    assert (clock.basis, clock.article, clock.due_at) == ("STATUTORY", "SAMR-37-12", TERM_ENDS)
    assert awaited(shop, TOLD) == [fact.subject]
    assert reasons_to_check([shop.pk], on=TOLD.date()) == ("changed_since",)


def test_stating_what_holds_now_meets_it_and_keeps_the_history(shop: Merchant) -> None:
    change = told_of(shop)

    state_exemption(
        merchant_id=shop.pk,
        exemption="HANDICRAFT",
        needs_licence=False,
        resident_id=ADULT,
        by=chen(),
        at=TERM_ENDS - timedelta(seconds=1),
    )

    change.refresh_from_db()
    assert change.ended_at == TERM_ENDS - timedelta(seconds=1)
    assert Deadline.objects.get(rule="identity.update").met_at == change.ended_at
    assert awaited(shop, TERM_ENDS) == []
    assert reasons_to_check([shop.pk], on=TOLD.date()) == ()


def test_a_lapse_asks_the_officers_to_look_and_decides_nothing(shop: Merchant) -> None:
    told_of(shop)
    before = level_of([shop.pk])

    while warn_next(at=TERM_ENDS - timedelta(days=3)) or lapse_next(at=TERM_ENDS):
        continue
    while deliver_next(at=TERM_ENDS):
        continue

    assert names(shop)[-2:] == ["identity.update.ending", "identity.update.lapsed"]
    sent = dict(Dispatch.objects.filter(notice__startswith="identity.update").values_list("address", "body"))
    assert set(sent) == {CHEN_PHONE, "li_officer@office.invalid"}
    assert f"/m/profile/{shop.public_key}/" in sent[CHEN_PHONE]
    assert "11月9日" in sent[CHEN_PHONE]
    assert f"/desk/merchants/merchant/{shop.pk}/change/" in sent["li_officer@office.invalid"]
    assert (level_of([shop.pk]), Registration.objects.get().ended_at) == (before, None)
    assert awaited(shop, TERM_ENDS) == ["registration/" + str(Registration.objects.get().pk)]
    registered(shop, at=TERM_ENDS)
    assert awaited(shop, TERM_ENDS) == []


def test_the_last_day_of_a_licence_starts_it(shop: Merchant) -> None:
    licence = a_licence(shop, until=CHANGED)
    a_licence(shop, "JY1440300999999", until=None)  # a filing that names no last day starts nothing

    assert due("identity.update", shop, subject=licence.subject) == TERM_ENDS
    assert awaited(shop, OWNED) == []
    assert awaited(shop, TERM_ENDS - timedelta(days=1)) == [licence.subject]
    renewed = a_licence(shop, "JY1440300777777", until=date(2031, 10, 26), at=TERM_ENDS - timedelta(days=1))
    licence.refresh_from_db()
    assert (licence.ended_at is None, renewed.ended_at) == (False, None)  # the one that ran out gave way
    assert Licence.objects.filter(ended_at__isnull=True).count() == 2


def test_a_licence_that_ended_earlier_counts_from_that_day_until_it_is_taken_back(shop: Merchant) -> None:
    licence = a_licence(shop, until=date(2026, 11, 30))
    at_its_last_day = due("identity.update", shop, subject=licence.subject)

    change = told_of(shop, licence=licence)
    assert due("identity.update", shop, subject=licence.subject) == TERM_ENDS

    take_change_back(merchant_id=shop.pk, change_id=change.pk, by=chen(), at=TOLD)
    assert due("identity.update", shop, subject=licence.subject) == at_its_last_day
    assert names(shop)[-2:] == ["identity.change_told", "identity.change_taken_back"]


def test_a_licence_that_is_needed_no_more_is_taken_off(shop: Merchant) -> None:
    licence = a_licence(shop, until=CHANGED)

    end_licence(merchant_id=shop.pk, licence_id=licence.pk, by=chen(), at=TOLD)

    assert awaited(shop, TOLD) == []
    assert due("identity.update", shop, subject=licence.subject) is None
    with pytest.raises(OddFact):
        end_licence(merchant_id=shop.pk, licence_id=licence.pk, by=chen(), at=TOLD)


def test_another_day_takes_the_place_of_the_first_word(shop: Merchant) -> None:
    told_of(shop)
    told_of(shop, CHANGED - timedelta(days=1))

    assert IdentityChange.objects.filter(ended_at__isnull=True).count() == 1
    assert Deadline.objects.filter(rule="identity.update", cancelled_at__isnull=True).count() == 1


@pytest.mark.parametrize("day", [TOLD.date() + timedelta(days=1), TOLD.date() - timedelta(days=367)])
def test_a_day_to_come_or_long_past_is_refused(shop: Merchant, day: date) -> None:
    with pytest.raises(OddFact, match="最近十二个月") as refused:
        told_of(shop, day)

    assert refused.value.code == "changed_date"
    assert not Deadline.objects.filter(rule="identity.update").exists()


def test_a_licence_of_another_century_is_a_slip(shop: Merchant) -> None:
    with pytest.raises(OddFact, match="2056年"):
        a_licence(shop, until=date(2126, 1, 1))


def test_only_the_owner_tells_and_also_of_a_merged_profile(shop: Merchant, office: Office) -> None:
    with pytest.raises(NotAllowed):
        tell_change(merchant_id=shop.pk, told=Change("ENDED", CHANGED), by=lin(), at=TOLD)
    other = a_seller(("wechat_id", "shoes_old"))
    merge_profiles(merchant_id=other.pk, into_id=shop.pk, reason="收款码和寄件人都一样。", by=office.li, at=TOLD)

    told_of(other)

    assert awaited(other, TOLD) == [Registration.objects.get().subject]
