"""Reading the registry."""

from django.db.models import QuerySet

from merchants.models import Merchant
from merchants.rules.handles import handle_hash

Mention = tuple[str, str]


def candidates(mentions: list[Mention]) -> QuerySet[Merchant]:
    """Return the sellers that carry exactly one of these handles, at most ten, oldest first."""
    hashes = [handle_hash(kind, value) for kind, value in mentions]
    found: QuerySet[Merchant] = Merchant.objects.filter(handles__value_hash__in=hashes).distinct()
    return found.order_by("pk").prefetch_related("handles")[:10]
