"""Reading what the public sees of the registry."""

from collections.abc import Iterable

from merchants.models import Correction, Handle, PublishedName, SellerStatement
from merchants.rules.handles import handle_hash
from merchants.rules.names import SHOWN, masked_name
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
    return list(found.values_list("merchant_id", flat=True)[:MOST_LOOKED_UP])


def public_name(profiles: list[int]) -> str:
    """Return what a public page calls the seller with these profiles: as it published it, else with stars.

    Returns "" for one that is known by nothing that may be shown.
    """
    published = PublishedName.objects.filter(merchant_id__in=profiles, merchant__state=ProfileState.CLAIMED)
    name = published.order_by("-published_at").values_list("name", flat=True).first()
    if name:
        return name
    handles = Handle.objects.filter(merchant_id__in=profiles, type__in=SHOWN).order_by("seen_at", "pk")[:20]
    return masked_name((handle.type, handle.value) for handle in handles)


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
