"""Two profiles, one seller: merged by a person, taken back by a person, kept apart by a person."""

import ast
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from merchants.actions.linking import (
    NotKeptApart,
    NotMerged,
    end_keep_apart,
    keep_apart,
    merge_profiles,
    unmerge_profile,
)
from merchants.models import KeptApart, Merchant
from merchants.selectors import profiles_of
from microguard.accounts.policies import NotAllowed
from microguard.core.errors import NotFound
from microguard.core.reasons import ReasonMissing
from microguard.events.actions import first_broken_link
from microguard.events.models import Event
from tests.cases import a_seller
from tests.clock import MONDAY_MORNING, TUESDAY_MORNING
from tests.database import every_row
from tests.people import Office, chen, hire_office, zhang

SAME = "收款码和寄件人都一样，买家确认是同一人。"


@pytest.fixture
def li_merges(office: Office) -> Callable[..., Merchant]:
    """Li says that one profile is the same seller as another."""

    def merges(profile: Merchant, *, into: Merchant, reason: str = SAME) -> Merchant:
        return merge_profiles(
            merchant_id=profile.pk, into_id=into.pk, reason=reason, by=office.li, at=TUESDAY_MORNING
        )

    return merges


def test_a_merged_profile_points_and_nothing_else_of_it_changes(li_merges: Callable[..., Merchant]) -> None:
    small_account, shop = a_seller(("wechat_id", "shoes_2027")), a_seller(("wechat_id", "shoes_2026"))
    handles = list(small_account.handles.values())

    li_merges(small_account, into=shop)

    small_account.refresh_from_db()
    assert small_account.merged_into == shop
    assert list(small_account.handles.values()) == handles
    assert profiles_of(small_account.pk) == [shop.pk, small_account.pk]


def test_both_chains_tell_of_a_merge_and_its_reason_stands_beside_them(
    office: Office, li_merges: Callable[..., Merchant]
) -> None:
    small_account, shop = a_seller(), a_seller()

    li_merges(small_account, into=shop)

    told = Event.objects.filter(name="merchant.merged").select_related("remark").order_by("pk")
    assert [(event.chain, event.actor, event.remark.words) for event in told] == [
        (small_account.chain, office.li.reference, SAME),
        (shop.chain, office.li.reference, SAME),
    ]
    assert told[0].facts == told[1].facts == {"merchant": small_account.pk, "other": shop.pk}
    assert first_broken_link(shop.chain) is None


def test_a_merge_needs_a_reason_in_words(li_merges: Callable[..., Merchant]) -> None:
    with pytest.raises(ReasonMissing):
        li_merges(a_seller(), into=a_seller(), reason="  同一人  ")


def test_a_profile_is_not_merged_into_itself(li_merges: Callable[..., Merchant]) -> None:
    shop = a_seller()

    with pytest.raises(NotMerged) as refused:
        li_merges(shop, into=shop)
    assert refused.value.code == "itself"


def test_only_roots_are_merged_so_that_no_circle_can_arise(li_merges: Callable[..., Merchant]) -> None:
    shop, small_account, old_account = a_seller(), a_seller(), a_seller()
    li_merges(small_account, into=shop)

    for profile, into in ((shop, small_account), (small_account, old_account), (old_account, small_account)):
        with pytest.raises(NotMerged):
            li_merges(profile, into=into)


def test_two_profiles_with_owners_stay_two(li_merges: Callable[..., Merchant]) -> None:
    shop, small_account, other_shop = a_seller(), a_seller(), a_seller()
    li_merges(small_account, into=shop)
    Merchant.objects.filter(pk__in=[small_account.pk, other_shop.pk]).update(state="CLAIMED")

    with pytest.raises(NotMerged) as refused:
        li_merges(other_shop, into=shop)
    assert refused.value.code == "both_claimed"


def test_the_profile_with_an_owner_stays_the_root(li_merges: Callable[..., Merchant]) -> None:
    shop, small_account = a_seller(), a_seller()
    Merchant.objects.filter(pk=shop.pk).update(state="CLAIMED")

    with pytest.raises(NotMerged) as refused:
        li_merges(shop, into=small_account)
    assert refused.value.code == "claimed_stays"
    li_merges(small_account, into=shop)

    assert profiles_of(shop.pk) == [shop.pk, small_account.pk]


def test_what_is_not_merged_cannot_be_taken_apart(office: Office) -> None:
    with pytest.raises(NotMerged):
        unmerge_profile(merchant_id=a_seller().pk, by=office.li, at=TUESDAY_MORNING)


def test_two_profiles_that_are_kept_apart_are_not_merged_until_that_is_taken_back(
    office: Office, li_merges: Callable[..., Merchant]
) -> None:
    shop, cousin, small_account = a_seller(), a_seller(), a_seller()
    li_merges(small_account, into=shop)

    said = keep_apart(
        merchant_id=cousin.pk,
        other_id=small_account.pk,
        reason="表兄弟两家共用一个收款码。",
        by=office.li,
        at=MONDAY_MORNING,
    )

    assert (said.first_id, said.second_id) == (cousin.pk, small_account.pk)
    with pytest.raises(NotMerged) as refused:
        li_merges(cousin, into=shop)
    assert refused.value.code == "kept_apart"
    end_keep_apart(kept_apart_id=said.pk, by=office.zhao, at=TUESDAY_MORNING)
    li_merges(cousin, into=shop)
    assert profiles_of(cousin.pk) == [shop.pk, cousin.pk, small_account.pk]


def test_that_two_are_not_the_same_is_said_once_whoever_is_named_first(office: Office) -> None:
    shop, cousin = a_seller(), a_seller()
    words = {"reason": "表兄弟两家共用一个收款码。", "by": office.li, "at": MONDAY_MORNING}
    said = keep_apart(merchant_id=cousin.pk, other_id=shop.pk, **words)

    with pytest.raises(NotKeptApart):
        keep_apart(merchant_id=shop.pk, other_id=cousin.pk, **words)
    end_keep_apart(kept_apart_id=said.pk, by=office.li, at=TUESDAY_MORNING)
    with pytest.raises(NotKeptApart):
        end_keep_apart(kept_apart_id=said.pk, by=office.li, at=TUESDAY_MORNING)
    keep_apart(merchant_id=shop.pk, other_id=cousin.pk, **words)

    assert KeptApart.objects.count() == 2


def test_one_seller_is_not_kept_apart_from_itself(office: Office, li_merges: Callable[..., Merchant]) -> None:
    shop, small_account = a_seller(), a_seller()
    li_merges(small_account, into=shop)
    words = {"reason": "看起来像是两个不同的人。", "by": office.li, "at": MONDAY_MORNING}

    for one, other in ((shop, shop), (shop, small_account)):
        with pytest.raises((NotKeptApart, ReasonMissing)):
            keep_apart(merchant_id=one.pk, other_id=other.pk, **words)


@pytest.mark.parametrize("stranger", [zhang, chen])
def test_parties_say_nothing_of_profiles(office: Office, stranger: Callable[[], Any]) -> None:
    shop, small_account = a_seller(), a_seller()
    words = {"reason": SAME, "by": stranger(), "at": MONDAY_MORNING}

    with pytest.raises(NotAllowed):
        merge_profiles(merchant_id=small_account.pk, into_id=shop.pk, **words)
    with pytest.raises(NotAllowed):
        keep_apart(merchant_id=small_account.pk, other_id=shop.pk, **words)
    with pytest.raises(NotAllowed):
        unmerge_profile(merchant_id=shop.pk, by=stranger(), at=MONDAY_MORNING)


def test_nobody_merges_what_does_not_exist(office: Office) -> None:
    shop = a_seller()

    with pytest.raises(NotFound):
        merge_profiles(merchant_id=shop.pk, into_id=0, reason=SAME, by=office.li, at=MONDAY_MORNING)
    with pytest.raises(NotFound):
        unmerge_profile(merchant_id=0, by=office.li, at=MONDAY_MORNING)


def rows_of_registry() -> list[tuple[str, str]]:
    """Every row of every table of the registry, to the byte."""
    return sorted((table, row) for table, row in every_row() if table.startswith("merchants_"))


class TakingMergesBack(TestCase):
    """Whatever is merged in whatever order: taking it back restores every record of the registry."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.office = hire_office()
        cls.sellers = [
            a_seller(("wechat_id", f"shop_{number}"), ("payment_qr", "wxp://one-code"), ("nickname", "小王鞋店"))
            for number in range(6)
        ]
        keep_apart(
            merchant_id=cls.sellers[0].pk,
            other_id=cls.sellers[5].pk,
            reason="两家人共用同一个收款码。",
            by=cls.office.li,
            at=MONDAY_MORNING,
        )

    @trying(max_examples=25, deadline=None)
    @given(pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8), order=st.randoms())
    def test_every_record_is_as_before(self, pairs: list[tuple[int, int]], order: Any) -> None:
        before, merged = rows_of_registry(), []
        for one, other in pairs:
            profile, into = self.sellers[one], self.sellers[other]
            try:
                merge_profiles(
                    merchant_id=profile.pk, into_id=into.pk, reason=SAME, by=self.office.li, at=MONDAY_MORNING
                )
            except NotMerged:
                continue
            merged.append(profile.pk)
        assert len(merged) == sum(row.merged_into_id is not None for row in Merchant.objects.all())
        order.shuffle(merged)
        for profile in merged:
            unmerge_profile(merchant_id=profile, by=self.office.li, at=TUESDAY_MORNING)

        assert rows_of_registry() == before


def writers_of(name: str) -> set[tuple[str, str]]:
    """File and function of every place of our code that writes an attribute or column of this name."""
    found = set()
    for folder in ("microguard", "merchants", "complaints", "disputes"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if "migrations" in path.parts or name not in path.read_text(encoding="utf-8"):
                continue
            for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
                if any(writes(node, name) for node in ast.walk(function)):
                    found.add((str(path.relative_to(settings.BASE_DIR)), function.name))
    return found


def writes(node: ast.AST, name: str) -> bool:
    names = {name, f"{name}_id"}
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        every = [part for target in targets for part in ast.walk(target)]
        return any(isinstance(part, ast.Attribute) and part.attr in names for part in every)
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {
        *("update", "create", "get_or_create", "update_or_create", "setattr", "Merchant"),
    }:
        return bool({keyword.arg for keyword in node.keywords} & names) or any(
            isinstance(argument, ast.Constant) and argument.value in names for argument in node.args
        )
    return False


def test_nothing_merges_by_itself() -> None:
    assert writers_of("merged_into") == {
        ("merchants/actions/linking.py", "merge_profiles"),
        ("merchants/actions/linking.py", "unmerge_profile"),
    }
