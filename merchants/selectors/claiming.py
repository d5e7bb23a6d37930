"""Reading claims: the owner of a seller, and whom a claim concerns."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from merchants.models import Handle, HandleSighting, Ownership, ProfileClaim, SharedHandle
from merchants.rules.handles import handle_hash, normal_form
from merchants.states import CLAIM_OPEN, ClaimState, HandleType
from microguard.core import normal_forms

FEW = 20
OF_A_PHONE = (HandleType.PHONE, HandleType.WECHAT_ID, HandleType.ALIPAY)  # accounts are often the number itself


def owner_of(profiles: Collection[int]) -> Ownership | None:
    """Return who owns the seller with these profiles now."""
    owner: Ownership | None = Ownership.objects.filter(merchant__in=profiles, ended_at__isnull=True).first()
    return owner


def owned_by(phone_hash: str) -> QuerySet[Ownership]:
    """Return what whoever proved this phone owns now, the oldest first."""
    owned: QuerySet[Ownership] = Ownership.objects.filter(phone_hash=phone_hash, ended_at__isnull=True)
    return owned.select_related("merchant").order_by("since_at", "pk")[:FEW]


def claims_of_phone(phone_hash: str) -> QuerySet[ProfileClaim]:
    """Return the claims of whoever proved this phone, the newest first."""
    made: QuerySet[ProfileClaim] = ProfileClaim.objects.filter(phone_hash=phone_hash)
    return made.select_related("merchant").order_by("-begun_at", "-pk")[:FEW]


def claims_at_desk() -> QuerySet[ProfileClaim]:
    """Return the claims that wait for a person of the office, the oldest first."""
    waiting: QuerySet[ProfileClaim] = ProfileClaim.objects.filter(
        state__in=(ClaimState.UNDER_REVIEW, ClaimState.CONTESTED)
    )
    return waiting.select_related("merchant").order_by("begun_at", "pk")


def open_claims(profiles: Collection[int]) -> QuerySet[ProfileClaim]:
    """Return the undecided claims to a seller."""
    claims: QuerySet[ProfileClaim] = ProfileClaim.objects.filter(merchant__in=profiles, state__in=CLAIM_OPEN)
    return claims.order_by("begun_at", "pk")


def phones_of(profiles: Collection[int]) -> dict[str, str]:
    """Return the mobile numbers under which a seller is known, in normal form, each with a key that names nobody.

    Handles come first, then the owner's phone.
    """
    phones: dict[str, str] = {}
    for handle in Handle.objects.filter(merchant__in=profiles, type__in=OF_A_PHONE).order_by("pk"):
        number = normal_form(HandleType.PHONE, str(handle.value))
        if normal_forms.is_mobile(number):
            phones.setdefault(number, f"handle:{handle.pk}")
    owner = owner_of(profiles)
    if owner is not None:
        phones.setdefault(str(owner.phone), f"owner:{owner.pk}")
    return phones


def other_phones(claim: ProfileClaim) -> list[tuple[str, str, str]]:
    """Return the phones of the seller that a claim concerns, but the claimant's: number, key, language or "".

    Among them is the owner who was told, also after another has become it.
    """
    phones = phones_of(claim.told_profiles)
    languages: dict[str, str] = {}
    if claim.told_owner is not None:
        phones.setdefault(str(claim.told_owner.phone), f"owner:{claim.told_owner_id}")
        languages[str(claim.told_owner.phone)] = claim.told_owner.language
    return [(number, key, languages.get(number, "")) for number, key in phones.items() if number != claim.phone]


def controls(profiles: Collection[int], phone: str) -> bool:
    """Tell whether the phone is one of the seller's handles and nobody marked it as used by several people."""
    hashed = handle_hash(HandleType.PHONE, phone)
    shared = SharedHandle.objects.filter(value_hash=hashed, ended_at__isnull=True)
    return Handle.objects.filter(merchant__in=profiles, value_hash=hashed).exists() and not shared.exists()


def stands_alone(profiles: Collection[int], phone: str) -> bool:
    """Tell whether one case alone named this phone while others named the seller by something else.

    A complaint could be filed for nothing but to make somebody's own number a handle of another's shop.
    """
    sightings = HandleSighting.objects.filter(handle__merchant__in=profiles, withdrawn_at__isnull=True)
    with_phone = Q(handle__value_hash=handle_hash(HandleType.PHONE, phone))
    cases = set(sightings.filter(with_phone).values_list("seen_in", flat=True))
    others = set(sightings.values_list("seen_in", flat=True)) - cases
    return len(cases) <= 1 and bool(others)
