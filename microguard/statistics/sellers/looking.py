"""Looking a seller up: by one exact handle, or by how a name begins that the seller itself has published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Exists, OuterRef

from merchants.models import Merchant, PublishedName
from merchants.selectors import whole_sellers
from merchants.selectors.commitments import promised_by
from merchants.selectors.public_page import carrying, public_names, published_as
from merchants.states import CommitmentKind, HandleType, ProfileState
from microguard.core.clock import day_of
from microguard.statistics.periods import Period, last_twelve_months
from microguard.statistics.sellers.standing import buyers_in

MOST_SHOWN = 10
# What the square of a payment code or a shop's card says.
IN_CODES = (HandleType.PAYMENT_QR, HandleType.SHOP_LINK)


@dataclass(frozen=True)
class Found:
    """A seller with a public page: its name there ("" for none), and how many buyers' cases are counted.

    `promises` are the kinds of promises by which it is bound today.
    """

    key: UUID
    name: str
    is_claimed: bool
    people: int
    promises: list[CommitmentKind]


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
    buyers = buyers_in(every, period)
    claimed = Merchant.objects.filter(pk__in=every, state=ProfileState.CLAIMED)
    named = dict(claimed.values_list("pk", Exists(PublishedName.objects.filter(merchant=OuterRef("pk")))))
    has_page = buyers.keys() | {profile for profile, is_named in named.items() if is_named}
    shown = {root: tree for root, tree in sellers.items() if not has_page.isdisjoint(tree)}
    shown = dict(islice(shown.items(), MOST_SHOWN))
    roots, names = Merchant.objects.in_bulk(shown), public_names(shown)
    # Only who owns a profile promises something: where nobody does, nothing is asked.
    promised = promised_by([profile for tree in shown.values() for profile in tree], period.last) if named else {}
    return [
        Found(
            roots[root].public_key,
            names[root],
            not named.keys().isdisjoint(tree),
            len(set().union(*(buyers.get(profile, ()) for profile in tree))),
            sorted(set().union(*(promised.get(profile, ()) for profile in tree)), key=list(CommitmentKind).index),
        )
        for root, tree in shown.items()
    ]


def is_claimed(profiles: Iterable[int]) -> bool:
    """Return whether somebody has proved to be the seller with these profiles."""
    return bool(Merchant.objects.filter(pk__in=list(profiles), state=ProfileState.CLAIMED).exists())
