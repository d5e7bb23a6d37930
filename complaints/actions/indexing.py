"""Making the hashes anew by which handles are found, after their normal form or their keys have changed."""

from typing import NamedTuple

from django.db import transaction

from complaints.models import SellerMention
from merchants.actions.registry import index_handles
from merchants.models import Handle, Merchant
from merchants.rules.handles import handle_hash

BATCH = 500


class Batch(NamedTuple):
    """Rows that were gone through: the key of the last one, and how many."""

    last: int
    size: int


@transaction.atomic
def index_next_sellers(*, after: int) -> Batch | None:
    """Hash the handles of the next sellers anew, with their keys; None when nothing is left behind `after`.

    A handle whose new hash another handle of the same seller has already keeps its old one.
    """
    merchants = list(Merchant.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not merchants:
        return None
    handles = list(Handle.objects.filter(merchant__in=merchants))
    taken = {(handle.merchant_id, handle.type, handle.value_hash) for handle in handles}
    for handle in handles:
        new = handle_hash(handle.type, str(handle.value))
        if (handle.merchant_id, handle.type, new) not in taken:
            taken.add((handle.merchant_id, handle.type, new))
            handle.value_hash = new
            handle.save(update_fields=["value_hash"])
    for merchant in merchants:
        index_handles(merchant)
    return Batch(merchants[-1], len(merchants))


@transaction.atomic
def index_next_mentions(*, after: int) -> Batch | None:
    """Hash the next mentions of complaints anew; None when nothing is left behind `after`."""
    mentions = list(SellerMention.objects.filter(pk__gt=after).order_by("pk")[:BATCH])
    if not mentions:
        return None
    same = SellerMention.objects.filter(complaint__in={mention.complaint_id for mention in mentions})
    taken = set(same.values_list("complaint_id", "type", "value_hash"))
    for mention in mentions:
        new = handle_hash(mention.type, str(mention.value))
        if (mention.complaint_id, mention.type, new) not in taken:
            taken.add((mention.complaint_id, mention.type, new))
            mention.value_hash = new
            mention.save(update_fields=["value_hash"])
    return Batch(mentions[-1].pk, len(mentions))
