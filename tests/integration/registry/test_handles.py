"""Handles: where, when and by whom they were seen; and that several people use one."""

import pytest
from django.core.management import call_command

from complaints.models import SellerMention
from merchants.actions.registry import add_handles, index_handles, withdraw_sightings
from merchants.actions.shared import NotMarked, mark_shared, unmark_shared
from merchants.models import Handle, HandleKey, HandleSighting, SharedHandle
from merchants.selectors.proposing import candidates
from merchants.states import HandleType
from microguard.accounts.policies import NotAllowed
from microguard.events.models import Event
from tests.cases import a_filed_complaint, a_seller
from tests.clock import MONDAY_MORNING, TUESDAY_MORNING, WEDNESDAY_MORNING
from tests.database import every_row
from tests.people import Office, zhang

WECHAT, CODE = ("wechat_id", "Shoes_2026"), ("payment_qr", "wxp://f2f0AbC")


def test_a_handle_keeps_its_first_sighting_and_gathers_the_others(office: Office) -> None:
    shop = a_seller(WECHAT)

    for chain, at in (("case/7", TUESDAY_MORNING), ("case/8", WEDNESDAY_MORNING), ("case/7", WEDNESDAY_MORNING)):
        add_handles(
            merchant=shop, mentions=[("wechat_id", "微信号：shoes_2026 ")], seen_in=chain, by=office.li, at=at
        )

    handle = shop.handles.get()
    assert (handle.value, handle.seen_in, handle.seen_at) == ("Shoes_2026", "case/0", MONDAY_MORNING)
    seen = handle.sightings.order_by("pk").values_list("seen_in", "seen_at", "seen_by")
    assert list(seen) == [
        ("case/0", MONDAY_MORNING, "system"),
        ("case/7", TUESDAY_MORNING, office.li.reference),
        ("case/8", WEDNESDAY_MORNING, office.li.reference),
    ]


def test_the_kinds_of_handle_are_those_that_were_decided() -> None:
    assert set(HandleType.values) == {
        *("wechat_id", "phone", "nickname", "payee_name", "payment_qr", "shop_link", "group", "live_room"),
        *("parcel_sender", "bank_account", "alipay"),
    }


def test_a_case_of_another_seller_takes_its_sightings_along_until_it_comes_back(office: Office) -> None:
    shop = a_seller(WECHAT)
    add_handles(merchant=shop, mentions=[CODE], seen_in="case/7", by=office.li, at=TUESDAY_MORNING)
    seen = HandleSighting.objects.get(seen_in="case/7")

    withdraw_sightings(merchant=shop, seen_in="case/7", by=office.zhao, at=WEDNESDAY_MORNING)

    seen.refresh_from_db()
    assert (seen.withdrawn_at, seen.withdrawn_by) == (WEDNESDAY_MORNING, office.zhao.reference)
    assert HandleSighting.objects.filter(withdrawn_at__isnull=True).get().seen_in == "case/0"
    add_handles(merchant=shop, mentions=[CODE], seen_in="case/7", by=office.li, at=WEDNESDAY_MORNING)
    seen.refresh_from_db()
    assert (seen.withdrawn_at, seen.withdrawn_by, seen.seen_at) == (None, "", TUESDAY_MORNING)


def test_the_keys_of_handles_can_be_made_anew(office: Office) -> None:
    shop = a_seller(WECHAT, CODE)
    before = set(HandleKey.objects.values_list("handle", "key_hash"))
    first = HandleKey.objects.order_by("pk").first()
    HandleKey.objects.filter(pk=first.pk).update(key_hash="0" * 32)

    index_handles(shop.pk)

    assert before
    assert set(HandleKey.objects.values_list("handle", "key_hash")) == before


def test_no_value_of_a_handle_can_be_read_in_the_database(office: Office) -> None:
    shop = a_seller(WECHAT, ("phone", "13800001111"))
    mark_shared(handle_id=shop.handles.last().pk, because="FAMILY", by=office.li, at=MONDAY_MORNING)

    rows = "".join(row for _table, row in every_row()).casefold()

    assert "case/0" in rows
    assert not [value for value in ("shoes_2026", "13800001111") if value in rows or value.encode().hex() in rows]


def test_a_mark_is_about_the_handle_whoever_carries_it(office: Office) -> None:
    shop, cousin = a_seller(CODE), a_seller(CODE)

    mark = mark_shared(handle_id=shop.handles.get().pk, because="PASSED_ON", by=office.li, at=MONDAY_MORNING)

    assert (mark.value_hash, mark.because) == (cousin.handles.get().value_hash, "PASSED_ON")
    told = Event.objects.get(name="handle.marked_shared")
    assert (told.chain, told.facts) == (shop.chain, {"handle": shop.handles.get().pk, "ground": "PASSED_ON"})
    with pytest.raises(NotMarked):
        mark_shared(handle_id=cousin.handles.get().pk, because="FAMILY", by=office.li, at=TUESDAY_MORNING)


def test_a_mark_is_taken_back_and_may_be_set_again(office: Office) -> None:
    handle = a_seller(CODE).handles.get()
    mark_shared(handle_id=handle.pk, because="PASSED_ON", by=office.li, at=MONDAY_MORNING)

    unmark_shared(handle_id=handle.pk, by=office.zhao, at=TUESDAY_MORNING)

    mark = SharedHandle.objects.get()
    assert (mark.ended_at, mark.ended_by) == (TUESDAY_MORNING, office.zhao.reference)
    with pytest.raises(NotMarked):
        unmark_shared(handle_id=handle.pk, by=office.li, at=TUESDAY_MORNING)
    mark_shared(handle_id=handle.pk, because="RECYCLED", by=office.li, at=WEDNESDAY_MORNING)


def test_a_mark_needs_a_reason_of_the_list_and_somebody_of_the_office(office: Office) -> None:
    handle = a_seller(CODE).handles.get()

    with pytest.raises(NotMarked):
        mark_shared(handle_id=handle.pk, because="BECAUSE", by=office.li, at=MONDAY_MORNING)
    with pytest.raises(NotAllowed):
        mark_shared(handle_id=handle.pk, because="FAMILY", by=zhang(), at=MONDAY_MORNING)
    with pytest.raises(NotAllowed):
        unmark_shared(handle_id=handle.pk, by=zhang(), at=MONDAY_MORNING)

    assert not SharedHandle.objects.exists()


def test_a_release_that_compares_otherwise_hashes_anew(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    complaint, shop = a_filed_complaint(), a_seller(WECHAT, ("nickname", "小王鞋店"))
    rows = [set(model.objects.values_list("value_hash", flat=True)) for model in (Handle, SellerMention)]
    Handle.objects.filter(type="wechat_id").update(value_hash="old")
    SellerMention.objects.update(value_hash="old")
    HandleKey.objects.all().delete()
    assert candidates([WECHAT]) == []

    call_command("index_handles")
    call_command("index_handles")

    assert [set(model.objects.values_list("value_hash", flat=True)) for model in (Handle, SellerMention)] == rows
    assert [each.merchant for each in candidates([WECHAT])] == [shop]
    assert complaint.mentions.count() == 1
    assert '{"sellers": 1, "mentions": 1}' in capsys.readouterr().out
