"""Reading the registry."""

from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import Q, QuerySet

from merchants.models import KeptApart

# Up to the profiles that are merged into no other, then down again to all that are merged into them. Each step is
# along an index: OFFSET 0 keeps the planner from reading a million sellers to find two.
TREES = """
    WITH RECURSIVE up AS (
        SELECT id, merged_into_id FROM merchants_merchant WHERE id = ANY(%s)
        UNION SELECT m.id, m.merged_into_id FROM up, LATERAL (
            SELECT id, merged_into_id FROM merchants_merchant WHERE id = up.merged_into_id OFFSET 0
        ) AS m
    ), tree AS (
        SELECT id AS root, id FROM up WHERE merged_into_id IS NULL
        UNION SELECT tree.root, m.id FROM tree, LATERAL (
            SELECT id FROM merchants_merchant WHERE merged_into_id = tree.id OFFSET 0
        ) AS m
    )
    SELECT root, id FROM tree ORDER BY root, id <> root, id
"""


def whole_sellers(profiles: Iterable[int]) -> dict[int, list[int]]:
    """Return for each seller to whom one of the profiles belongs its root and all its profiles, the root first."""
    sellers: dict[int, list[int]] = {}
    keys = list(profiles)
    if not keys:
        return sellers
    with connection.cursor() as cursor:
        cursor.execute(TREES, [keys])
        for root, profile in cursor.fetchall():
            sellers.setdefault(root, []).append(profile)
    return sellers


def profiles_of(merchant_id: int) -> list[int]:
    """Return the keys of all profiles of the seller to whom this one belongs, the one at the root first."""
    return next(iter(whole_sellers([merchant_id]).values()), [])


def sellers_of(profiles: Iterable[int]) -> dict[int, int]:
    """Return of every profile of the sellers to whom these belong the one at the root."""
    return {profile: root for root, whole in whole_sellers(profiles).items() for profile in whole}


def apart_between(ours: Collection[int], theirs: Collection[int]) -> QuerySet[KeptApart]:
    """Return what stands between two sellers, each with all its profiles: that two of them are not the same."""
    said: QuerySet[KeptApart] = KeptApart.objects.filter(
        Q(first__in=ours, second__in=theirs) | Q(first__in=theirs, second__in=ours), ended_at__isnull=True
    )
    return said.order_by("pk")
