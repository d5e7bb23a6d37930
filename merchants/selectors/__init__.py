"""Reading the registry."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Q, QuerySet

from merchants.models import KeptApart

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

ROOTS = """
    WITH RECURSIVE up AS (
        SELECT id AS asked, id, merged_into_id FROM merchants_merchant WHERE id = ANY(%s)
        UNION SELECT up.asked, m.id, m.merged_into_id FROM merchants_merchant m JOIN up ON m.id = up.merged_into_id
    )
    SELECT asked, id FROM up WHERE merged_into_id IS NULL
"""
BRANCHES = """
    WITH RECURSIVE tree AS (
        SELECT id AS root, id FROM merchants_merchant WHERE id = ANY(%s)
        UNION SELECT tree.root, m.id FROM merchants_merchant m JOIN tree ON m.merged_into_id = tree.id
    )
    SELECT root, id FROM tree
"""


def profiles_of(merchant_id: int) -> list[int]:
    """Return the keys of all profiles of the seller to whom this one belongs, the one at the root first."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TREE, [merchant_id])
        return [key for (key,) in cursor.fetchall()]


def sellers_of(merchant_ids: Collection[int]) -> dict[int, int]:
    """Return of each profile the key of the one at the root of its seller."""
    with connection.cursor() as cursor:
        cursor.execute(ROOTS, [list(merchant_ids)])
        return dict(cursor.fetchall())


def seller_of_each(roots: Collection[int]) -> dict[int, int]:
    """Return the keys of all profiles of these sellers, each with the one at its root."""
    with connection.cursor() as cursor:
        cursor.execute(BRANCHES, [list(roots)])
        return {profile: root for root, profile in cursor.fetchall()}


def apart_between(ours: Collection[int], theirs: Collection[int]) -> QuerySet[KeptApart]:
    """Return what stands between two sellers, each with all its profiles: that two of them are not the same."""
    said: QuerySet[KeptApart] = KeptApart.objects.filter(
        Q(first__in=ours, second__in=theirs) | Q(first__in=theirs, second__in=ours), ended_at__isnull=True
    )
    return said.order_by("pk")
