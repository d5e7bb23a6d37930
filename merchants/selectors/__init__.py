"""Reading the registry."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Q, QuerySet

from merchants.models import KeptApart, Merchant
from merchants.rules.handles import handle_hash

Mention = tuple[str, str]
# Up to the profile that is merged into no other, then down again to all that are merged into it.
WHOLE_TREE = """
    WITH RECURSIVE up AS (
        SELECT id, merged_into_id FROM merchants_merchant WHERE id = %s
        UNION SELECT m.id, m.merged_into_id FROM merchants_merchant m JOIN up ON m.id = up.merged_into_id
    ), tree AS (
        SELECT id FROM up WHERE merged_into_id IS NULL
        UNION SELECT m.id FROM merchants_merchant m JOIN tree ON m.merged_into_id = tree.id
    )
    SELECT tree.id FROM tree JOIN merchants_merchant m USING (id) ORDER BY m.merged_into_id IS NOT NULL, tree.id
"""


def profiles_of(merchant_id: int) -> list[int]:
    """Return the keys of all profiles of the seller to whom this one belongs, the one at the root first."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TREE, [merchant_id])
        return [key for (key,) in cursor.fetchall()]


def apart_between(ours: Collection[int], theirs: Collection[int]) -> QuerySet[KeptApart]:
    """Return what stands between two sellers, each with all its profiles: that two of them are not the same."""
    said: QuerySet[KeptApart] = KeptApart.objects.filter(
        Q(first__in=ours, second__in=theirs) | Q(first__in=theirs, second__in=ours), ended_at__isnull=True
    )
    return said.order_by("pk")


def candidates(mentions: list[Mention]) -> QuerySet[Merchant]:
    """Return the sellers that carry exactly one of these handles, at most ten, oldest first."""
    hashes = [handle_hash(kind, value) for kind, value in mentions]
    found: QuerySet[Merchant] = Merchant.objects.filter(handles__value_hash__in=hashes).distinct()
    return found.order_by("pk").prefetch_related("handles")[:10]
