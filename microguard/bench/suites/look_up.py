"""Looking a seller up among a hundred sellers a case, a million with ten thousand, against one row by an index."""

from datetime import datetime
from itertools import cycle
from random import Random
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from complaints.models import Complaint
from disputes.models import Dispute
from merchants.models import Handle, Merchant, PublishedName
from merchants.states import HandleType
from microguard.bench.people import HOST, Office
from microguard.bench.rounds import Race, Stopwatch, expect
from microguard.bench.settling import settle
from microguard.statistics.sellers.looking import look_up

A_CASE = 100
NAMED_OF = 10  # one of so many has published a name
PROBES = 100
AT_ONCE = 20_000
# Sellers whom nobody complained about: two handles each, found by hashes that no word has; a tenth with a name.
FILL = """
WITH made AS (
    INSERT INTO merchants_merchant (public_key, state, registered_at, registered_by)
    SELECT gen_random_uuid(), CASE WHEN n %% %(named)s = 0 THEN 'CLAIMED' ELSE 'UNCLAIMED' END, %(at)s, 'system'
    FROM generate_series(1, %(sellers)s) AS n RETURNING id, state
), known AS (
    INSERT INTO merchants_handle (merchant_id, type, value, value_hash, seen_at, seen_by, seen_in)
    SELECT id, type, ''::bytea, encode(sha256((type || id)::bytea), 'hex'), %(at)s, 'system', 'bench'
    FROM made, unnest(ARRAY['wechat_id', 'phone']) AS type
)
INSERT INTO merchants_publishedname (merchant_id, name, name_form, published_at, published_by)
SELECT id, '店铺' || id, '店铺' || id, %(at)s, 'system' FROM made WHERE state = 'CLAIMED'
"""


def race(office: Office, at: datetime) -> Race:
    """Return the race: the form sent with handles that exist, that do not, and beginnings of names, in turn.

    The 95th percentile of all look-ups stands beside the figures, in milliseconds.
    """
    sellers = A_CASE * Complaint.objects.count()
    _fill(sellers, at)
    typed = cycle(_typed(at))
    hashes = cycle(Handle.objects.filter(seen_in="bench").values_list("value_hash", flat=True)[:PROBES])
    visitor, page = Client(SERVER_NAME=HOST), reverse("sellers:look_up")
    taken: list[float] = []
    more: dict[str, Any] = {"sellers": Merchant.objects.count(), "p95": None}

    def once(watch: Stopwatch) -> None:
        handle, is_known = next(typed)
        cache.clear()  # else the twenty-first would be told to wait
        before = watch.seconds
        with override_settings(PUBLIC_RECORD_REVIEW="bench"), watch.running():
            answer = visitor.post(page, {"handle": handle})
        taken.append((watch.seconds - before) * 1000)
        expect(answer.status_code == 200, f"the look-up answered {answer.status_code}")
        found = 'href="/s/' in answer.text
        expect(found == is_known, f"“{handle}” found {'somebody' if found else 'nobody'}")
        more["p95"] = round(sorted(taken)[-(-95 * len(taken) // 100) - 1], 3)

    def floor(watch: Stopwatch) -> None:
        value = next(hashes)
        with watch.running():
            found = list(Handle.objects.filter(value_hash=value).values_list("merchant_id", flat=True))
        expect(len(found) == 1, "the row is missing")

    return Race(
        "look_up",
        "a seller looked up: a handle, an unknown handle, the beginning of a name",
        once,
        "one row by the index of hashes, without a request",
        floor,
        samples=60,
        more=more,
    )


def _fill(sellers: int, at: datetime) -> None:
    """Add the sellers, and let PostgreSQL learn of them."""
    with connection.cursor() as cursor:
        for made in range(0, sellers, AT_ONCE):
            values: dict[str, int | datetime] = {
                "sellers": min(AT_ONCE, sellers - made),
                "named": NAMED_OF,
                "at": at,
            }
            cursor.execute(FILL, values)
    settle()


def _typed(at: datetime) -> list[tuple[str, bool]]:
    """Return what is typed, and whether it finds somebody: handles, unknown ones, names, how names begin."""
    closed = Dispute.objects.filter(closed_at__isnull=False, answered_at__isnull=False).order_by("-closed_at")
    profiles = list(closed.values_list("complaint__merchant_id", flat=True)[:PROBES])
    handles = Handle.objects.filter(merchant_id__in=profiles, type=HandleType.WECHAT_ID)[:PROBES]
    names = list(PublishedName.objects.order_by("pk").values_list("name", flat=True)[:PROBES])
    typed = [(handle.value, bool(look_up(handle.value, at=at))) for handle in handles]
    typed += [(f"nobody_{place}", False) for place in range(len(typed))]
    typed += [(beginning, True) for name in names for beginning in (name, name[:2])]
    Random(1).shuffle(typed)  # noqa: S311 - no secret
    return typed
