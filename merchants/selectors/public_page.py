"""Reading what the public sees of the registry."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from merchants.models import Correction, Handle, Merchant, PublishedName, SellerStatement
from merchants.rules.handles import handle_hash
from merchants.rules.names import SHOWN, masked_name
from merchants.selectors import profiles_of
from merchants.states import HandleType, ProfileState, StatementState
from microguard.core import normal_forms

# Whose handles a visitor may try: what a seller shows to every buyer. The name of a payee or of the sender of a
# parcel is a person's, and many people bear it.
LOOKED_UP = (
    HandleType.WECHAT_ID,
    HandleType.PHONE,
    HandleType.NICKNAME,
    HandleType.PAYMENT_QR,
    HandleType.SHOP_LINK,
    HandleType.GROUP,
    HandleType.LIVE_ROOM,
    HandleType.BANK_ACCOUNT,
    HandleType.ALIPAY,
)
SHORTEST_BEGINNING = 2
MOST_LOOKED_UP = 200
MOST_NAMED = 20  # each of them has a page, and no more than half of them are shown
MOST_READ = 20  # handles of one seller, the first seen, among which a name is sought


@dataclass(frozen=True)
class PublicSeller:
    """A seller as its public page calls it: the profile at the root, its name there, and the one it published.

    Both names are "" where there is none.
    """

    merchant: Merchant
    name: str
    published: str


def carrying(handle: str, *, kinds: Iterable[str] = LOOKED_UP) -> list[int]:
    """Return the profiles that carry exactly this handle, as one of these types."""
    number = normal_forms.handle(handle)  # without a label such as 手机号 before it
    hashes = [handle_hash(kind, number if kind == HandleType.PHONE else handle) for kind in kinds]
    found = Handle.objects.filter(value_hash__in=hashes).order_by("merchant_id")
    return list(found.values_list("merchant_id", flat=True).distinct()[:MOST_LOOKED_UP])


def published_as(beginning: str) -> list[int]:
    """Return the profiles whose published name begins so; none for less than two signs."""
    form = normal_forms.handle(beginning)
    if len(form) < SHORTEST_BEGINNING:
        return []
    found = PublishedName.objects.filter(
        name_form__startswith=form, merchant__state=ProfileState.CLAIMED
    ).order_by("name_form", "merchant_id")
    return list(found.values_list("merchant_id", flat=True)[:MOST_NAMED])


def public_names(sellers: Mapping[int, Collection[int]]) -> dict[int, str]:
    """Return what public pages call each of the sellers, given with their profiles by any key of the caller's.

    It is the name that the seller published last, else what buyers know with stars, else "" for one that is
    known by nothing that may be shown.
    """
    seller_of = {profile: key for key, profiles in sellers.items() for profile in profiles}
    published = PublishedName.objects.filter(merchant_id__in=seller_of, merchant__state=ProfileState.CLAIMED)
    newest_last = published.order_by("published_at", "pk").values_list("merchant_id", "name")
    names = {seller_of[profile]: name for profile, name in newest_last}
    unnamed = [profile for profile, key in seller_of.items() if key not in names]
    first: dict[int, list[int]] = defaultdict(list)
    shown = Handle.objects.filter(merchant_id__in=unnamed, type__in=SHOWN).order_by("seen_at", "pk")
    for handle, profile in shown.values_list("pk", "merchant_id") if unnamed else ():
        if len(first[seller_of[profile]]) < MOST_READ:
            first[seller_of[profile]].append(handle)
    handles = Handle.objects.in_bulk([handle for some in first.values() for handle in some])
    stars = {
        key: masked_name((handles[handle].type, handles[handle].value) for handle in some)
        for key, some in first.items()
    }
    return {key: names.get(key) or stars.get(key, "") for key in sellers}


def public_name(profiles: Collection[int]) -> str:
    """Return what a public page calls the seller with these profiles, or ""."""
    return public_names({0: profiles})[0]


def public_seller(profiles: Sequence[int]) -> PublicSeller:
    """Return the seller with these profiles, of which the first is the one at the root."""
    published = PublishedName.objects.filter(merchant__in=profiles, merchant__state=ProfileState.CLAIMED)
    newest = published.order_by("-published_at", "-pk").values_list("name", flat=True).first()
    return PublicSeller(Merchant.by_pk(profiles[0]), newest or public_name(profiles), newest or "")


def at_public_address(key: UUID | None) -> list[int]:
    """Return the profiles of the seller with this public key, the one at the root first, also of a merged profile.

    There are none for a key that leads nowhere, and while nothing is published about sellers.
    """
    profile = Merchant.objects.filter(public_key=key).values_list("pk", flat=True).first() if key else None
    return profiles_of(profile) if profile is not None and settings.PUBLIC_RECORD_REVIEW else []


def published_statement(profiles: list[int]) -> SellerStatement | None:
    """Return what the seller with these profiles says for itself, as published last, or None."""
    published = SellerStatement.objects.filter(merchant_id__in=profiles, state=StatementState.PUBLISHED)
    found: SellerStatement | None = published.order_by("-judged_at", "-pk").first()
    return found


def last_statement(profiles: list[int]) -> SellerStatement | None:
    """Return the statement that the seller with these profiles offered last, whatever became of it."""
    found: SellerStatement | None = (
        SellerStatement.objects.filter(merchant_id__in=profiles).order_by("-offered_at", "-pk").first()
    )
    return found


def disputed_figures(profiles: list[int]) -> set[str]:
    """Return the figures to which an objection waits for our answer; "" stands for the whole record."""
    waiting = Correction.objects.filter(merchant_id__in=profiles, answered_at__isnull=True)
    return set(waiting.values_list("figure", flat=True))
