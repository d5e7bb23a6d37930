"""Looking a seller up: by one exact handle, or by how a name begins that the seller itself has published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from merchants.models import Merchant
from merchants.selectors import whole_sellers
from merchants.selectors.public_page import carrying, public_name, published_as
from merchants.states import HandleType, ProfileState
from microguard.core.clock import day_of
from microguard.statistics.periods import Period, last_twelve_months
from microguard.statistics.sellers.standing import people_in, profiles_with_record

MOST_SHOWN = 10
# What the square of a payment code or a shop's card says.
IN_CODES = (HandleType.PAYMENT_QR, HandleType.SHOP_LINK)


@dataclass(frozen=True)
class Found:
    """A seller with a public page: its name there ("" for none), and how many buyers' cases are counted."""

    key: UUID
    name: str
    is_claimed: bool
    people: int


def look_up(text: str, *, at: datetime) -> list[Found]:
    """Return the sellers with a public page who carry exactly this handle or whose published name begins so."""
    return _with_page([*carrying(text), *published_as(text)], last_twelve_months(day_of(at)))


def look_up_code(content: str, *, at: datetime) -> list[Found]:
    """Return the sellers with a public page whose payment code or shop link says exactly this."""
    return _with_page(carrying(content, kinds=IN_CODES), last_twelve_months(day_of(at)))


def _with_page(profiles: Iterable[int], period: Period) -> list[Found]:
    """Return the sellers of the profiles who have a page: a counted case, or a name they published themselves."""
    sellers = whole_sellers(profiles)
    every = [profile for tree in sellers.values() for profile in tree]
    if not every:
        return []
    shown = profiles_with_record(every, period) | claimed_with_name(every)
    with_page = [root for root, tree in sellers.items() if not shown.isdisjoint(tree)][:MOST_SHOWN]
    roots = Merchant.objects.in_bulk(with_page)
    return [_found(roots[root], sellers[root], period) for root in with_page]


def claimed_with_name(profiles: Iterable[int]) -> set[int]:
    """Return those of the profiles that are claimed and show a name that their seller published."""
    named = Merchant.objects.filter(
        pk__in=list(profiles), state=ProfileState.CLAIMED, published_name__isnull=False
    )
    return set(named.values_list("pk", flat=True))


def is_claimed(profiles: Iterable[int]) -> bool:
    """Return whether somebody has proved to be the seller with these profiles."""
    return bool(Merchant.objects.filter(pk__in=list(profiles), state=ProfileState.CLAIMED).exists())


def _found(root: Merchant, profiles: list[int], period: Period) -> Found:
    return Found(root.public_key, public_name(profiles), is_claimed(profiles), people_in(profiles, period))
