"""A seller is the whole tree of profiles that were merged."""

from merchants.models import Merchant
from merchants.selectors import profiles_of
from tests.cases import a_seller


def merged(profile: Merchant, into: Merchant) -> None:
    profile.merged_into = into
    profile.save()


def test_a_seller_is_found_whole_from_any_of_its_profiles(db: None) -> None:
    shop, small_account, old_account, stranger = a_seller(), a_seller(), a_seller(), a_seller()

    merged(old_account, into=small_account)
    merged(small_account, into=shop)

    whole = [shop.pk, small_account.pk, old_account.pk]
    assert [profiles_of(profile.pk) for profile in (shop, small_account, old_account)] == [whole] * 3
    assert profiles_of(stranger.pk) == [stranger.pk]
