"""Which sellers of the registry may be meant: found by index, scored with reasons, for a person who decides."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from merchants.models import Handle, HandleSighting, Merchant, SharedHandle
from merchants.rules import candidates as engine
from merchants.rules.handles import handle_hash
from merchants.rules.keys import hashed, keys_of
from merchants.rules.matching import Reason
from merchants.rules.pictures import Rarity, comparable
from merchants.selectors import apart_between, profiles_of, sellers_of
from merchants.states import LinkReason

Mention = tuple[str, str]  # handle type, value as it was typed
MOST = 10
TOO_COMMON = 60  # handles under one key: it is not the key that says who it is
CERTAIN = {"wechat_id", "phone", "payment_qr", "shop_link", "bank_account", "alipay"}  # seldom of two sellers
# What two have in common speaks for one seller, however little where many have it.
AGAINST = ("different_", "sellers_there_are", "names_alone_")
# One step down an index for each key, and never more rows than are worth a look.
BY_KEY = """
    SELECT asked.key, found.merchant_id FROM unnest(%s::text[]) AS asked(key), LATERAL (
        SELECT h.merchant_id FROM merchants_handlekey k JOIN merchants_handle h ON h.id = k.handle_id
        WHERE k.key_hash = asked.key LIMIT %s
    ) AS found
"""
BY_HANDLE = """
    SELECT asked.key, found.merchant_id FROM unnest(%s::text[]) AS asked(key), LATERAL (
        SELECT merchant_id FROM merchants_handle WHERE value_hash = asked.key LIMIT %s
    ) AS found
"""
SIZE = "SELECT greatest(0, reltuples)::bigint FROM pg_class WHERE oid = 'merchants_merchant'::regclass"


@dataclass(frozen=True)
class Proposed:
    """A seller that may be meant, by the profile at its root; `score` is a probability from 0 to 0.99.

    `is_exact`: it carries one of the handles that seldom belong to two sellers, and nobody marked that as shared.
    """

    merchant: Merchant
    handles: tuple[Handle, ...]
    score: float
    is_exact: bool
    reasons: tuple[Reason, ...]

    @property
    def percent(self) -> int:
        """The score in per cent."""
        return round(self.score * 100)

    @property
    def speaks_for(self) -> list[str]:
        """What speaks for it, in words, the weightiest first."""
        return _words(reason for reason in self.reasons if not reason.key.startswith(AGAINST))

    @property
    def speaks_against(self) -> list[str]:
        """What speaks against it, in words, the weightiest first."""
        return _words(reason for reason in self.reasons if reason.key.startswith(AGAINST))


def _words(reasons: Iterable[Reason]) -> list[str]:
    return [str(LinkReason(each.key).label) for each in sorted(reasons, key=lambda each: -abs(each.weight))]


def candidates(mentions: Sequence[Mention], *, besides: Collection[int] = ()) -> list[Proposed]:
    """Return the sellers that may be meant by these handles, at most ten: exact handles first, then the likeliest.

    `besides` are profiles that are known already. Nothing is decided by it.
    """
    by_handle, by_key = _found_by_handle(mentions), _found_by_key(mentions)
    found = set().union(*by_handle.values(), *(some for some in by_key.values() if len(some) <= TOO_COMMON))
    roots = set(sellers_of(found - set(besides)).values()) - set(besides)
    handles = _handles_of(roots)
    hashes = {handle.value_hash for known in handles.values() for handle in known}
    marks = SharedHandle.objects.filter(value_hash__in=hashes, ended_at__isnull=True)
    shared = set(marks.values_list("value_hash", flat=True))
    profiles = [
        engine.Profile(root, [(each.type, str(each.value), each.value_hash in shared) for each in known])
        for root, known in handles.items()
    ]
    rarity = Rarity(profiles=_sellers_there_are(), counts=_counts(mentions, by_handle, by_key))
    certain = {handle_hash(kind, value) for kind, value in mentions if kind in CERTAIN} - shared
    merchants = Merchant.objects.in_bulk(handles)
    proposed = [
        Proposed(
            merchants[each.merchant],
            tuple(handles[each.merchant]),
            each.score,
            any(handle.value_hash in certain for handle in handles[each.merchant]),
            each.reasons,
        )
        for each in engine.candidates(mentions, "", profiles, rarity)
    ]
    return sorted(proposed, key=lambda each: (not each.is_exact, -each.score, each.merchant.pk))[:MOST]


def candidates_of(merchant_id: int) -> list[Proposed]:
    """Return the sellers that may be this one, but for those of whom a person said that they are not."""
    own = profiles_of(merchant_id)
    mentions = [(handle.type, str(handle.value)) for known in _handles_of(own[:1]).values() for handle in known]
    proposed = candidates(mentions, besides=own)
    trees: dict[int, list[int]] = defaultdict(list)
    for profile, root in sellers_of([each.merchant.pk for each in proposed]).items():
        trees[root].append(profile)
    return [each for each in proposed if not apart_between(own, trees[each.merchant.pk]).exists()]


def _handles_of(roots: Collection[int]) -> dict[int, list[Handle]]:
    """Return the handles of these sellers, all profiles together, that a case of theirs still speaks for."""
    root_of = sellers_of(roots)
    known = list(Handle.objects.filter(merchant__in=root_of).order_by("pk"))
    # In two steps, each along an index.
    standing = HandleSighting.objects.filter(handle__in=[handle.pk for handle in known], withdrawn_at__isnull=True)
    spoken_for = set(standing.values_list("handle", flat=True))
    handles: dict[int, list[Handle]] = defaultdict(list)
    for handle in known:
        if handle.pk in spoken_for:
            handles[root_of[handle.merchant_id]].append(handle)
    return handles


def _found_by_handle(mentions: Sequence[Mention]) -> dict[str, set[int]]:
    """Return the profiles that carry exactly one of the handles, by its hash, of each at most a few."""
    return _look_up(BY_HANDLE, [handle_hash(kind, value) for kind, value in mentions], TOO_COMMON)


def _found_by_key(mentions: Sequence[Mention]) -> dict[str, set[int]]:
    """Return the profiles under each key of the handles, by its hash; one too many where it is too common."""
    keys = {hashed(key) for kind, value in mentions for key in keys_of(kind, value, mentions)}
    return _look_up(BY_KEY, sorted(keys), TOO_COMMON + 1)


def _look_up(statement: str, keys: Sequence[str], most: int) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys), most])
        for key, merchant in cursor.fetchall():
            found[key].add(merchant)
    return found


def _counts(
    mentions: Sequence[Mention], by_handle: dict[str, set[int]], by_key: dict[str, set[int]]
) -> dict[tuple[str, str], int]:
    """Return in how many profiles each of the handles was found, as far as we looked."""
    counts: dict[tuple[str, str], int] = {}
    for kind, value in mentions:
        comparable_kind, form = comparable(kind, value)
        here = by_handle.get(handle_hash(kind, value), set())
        under = by_key.get(hashed(f"{comparable_kind}:{form}"), set())
        counts[comparable_kind, form] = max(len(here), len(under))
    return counts


def _sellers_there_are() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SIZE)
        return int(cursor.fetchone()[0])
