"""What stands out about a seller or a complainant: the facts behind the rules, read from the cases each time.

Nothing of it is stored, nothing acts on it, and no page shows it to the other side.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from complaints.models import Complaint, Evidence, SellerMention, SignalContest
from complaints.rules.signals import OthersAlike, OwnCase, complainant_signals
from complaints.selectors import of_same_seller
from complaints.states import ClaimKind, EvidenceKind, Side
from disputes.models import Message
from merchants.models import Handle
from merchants.rules.signals import SellerCase, Signal, seller_signals
from merchants.selectors import profiles_of
from merchants.states import HandleType
from microguard.core.clock import day_of
from microguard.core.normal_forms import plain
from microguard.deadlines.models import Deadline
from microguard.law.instruments import instruments
from microguard.law.signals import signals, threshold

MOST_CASES = 1000
LOOKED_AT = timedelta(days=365)
ACCOUNTS = (HandleType.WECHAT_ID, HandleType.PHONE)
# With one of these a complaint shows that something was bought.
SHOWS_PURCHASE = (EvidenceKind.PAYMENT, EvidenceKind.GOODS, EvidenceKind.PARCEL)


@dataclass(frozen=True)
class Shown:
    """A signal in words: what it is, why it was raised, on which article it rests ("" for our own policy)."""

    key: str
    title: str
    reason: str
    article: str
    cases: tuple[int, ...]
    contests: tuple[str, ...] = ()


def about_seller(merchant_id: int, *, at: datetime) -> list[Shown]:
    """Return what stands out about the seller to whom this profile belongs, with what it said against it."""
    profiles, on = profiles_of(merchant_id), day_of(at)
    cases = list(_cases_about(profiles, at=at))
    found = seller_signals(cases, _accounts_of(profiles), on=on, thresholds=signals())
    contests = SignalContest.objects.filter(complaint__merchant_id__in=profiles, side=Side.RESPONDENT)
    return _in_words(found, _by_signal(contests))


def about_complainant(complaint: Complaint, *, at: datetime) -> list[Shown]:
    """Return what stands out about whoever filed this complaint, with what they said against it."""
    own = list(_own_cases(complaint, at=at))
    found = complainant_signals(
        complaint.pk,
        own,
        _others_alike(complaint, at=at),
        shows_purchase=_shows_purchase(complaint),
        on=day_of(at),
        thresholds=signals(),
    )
    contests = SignalContest.objects.filter(complaint__phone_hash=complaint.phone_hash, side=Side.COMPLAINANT)
    return _in_words(found, _by_signal(contests))


def _in_words(found: Iterable[Signal], contests: dict[str, tuple[str, ...]]) -> list[Shown]:
    language = get_language()
    shown = []
    for signal in found:
        limit = threshold(signal.key)
        numbers = {"n": signal.n, "days": limit.days, "times": limit.times}
        shown.append(
            Shown(
                key=signal.key,
                title=limit.title.in_language(language),
                reason=limit.reason.in_language(language).format_map(numbers),
                article=instruments().called(limit.article).in_language(language) if limit.article else "",
                cases=signal.cases,
                contests=contests.get(signal.key, ()),
            )
        )
    return shown


def _by_signal(contests: QuerySet[SignalContest]) -> dict[str, tuple[str, ...]]:
    said: dict[str, tuple[str, ...]] = {}
    for contest in contests.order_by("contested_at", "pk")[:MOST_CASES]:
        said[contest.signal] = (*said.get(contest.signal, ()), contest.text)
    return said


def _cases_about(profiles: Collection[int], *, at: datetime) -> Iterable[SellerCase]:
    terms = Deadline.objects.filter(rule="respondent.answer", case_id=OuterRef("pk"))
    late = terms.filter(lapsed_at__isnull=False)
    complaints = list(
        Complaint.objects.filed()
        .filter(merchant_id__in=profiles, filed_at__gt=at - LOOKED_AT, filed_at__lte=at)
        .annotate(
            silent=Exists(late), ended=Exists(terms.filter(Q(met_at__isnull=False) | Q(lapsed_at__isnull=False)))
        )
        .order_by("-filed_at")[:MOST_CASES]
    )
    keys = [complaint.pk for complaint in complaints]
    accounts, said = _accounts_named(keys), _said_by_sellers(keys)
    for complaint in complaints:
        yield SellerCase(
            case=complaint.pk,
            buyer=complaint.phone_hash,
            goods=plain(complaint.item).casefold(),
            problem=complaint.problem,
            filed_on=day_of(complaint.filed_at),
            handles=frozenset(accounts[complaint.pk]),
            texts=(complaint.story, *said[complaint.pk]),
            term_ended=complaint.ended,
            was_silent=complaint.silent,
        )


def _accounts_named(cases: list[int]) -> dict[int, set[str]]:
    named: dict[int, set[str]] = defaultdict(set)
    mentions = SellerMention.objects.filter(complaint_id__in=cases, type__in=ACCOUNTS)
    for case, value in mentions.values_list("complaint_id", "value_hash"):
        named[case].add(value)
    return named


def _said_by_sellers(cases: list[int]) -> dict[int, list[str]]:
    said: dict[int, list[str]] = defaultdict(list)
    messages = Message.objects.filter(dispute__complaint_id__in=cases, side=Side.RESPONDENT)
    for case, text in messages.values_list("dispute__complaint_id", "text"):
        said[case].append(text)
    return said


def _accounts_of(profiles: Collection[int]) -> dict[str, date]:
    """Return each account that the profiles carry, with the day on which it was first seen."""
    handles = Handle.objects.filter(merchant_id__in=profiles, type__in=ACCOUNTS)
    first = handles.values("value_hash").annotate(first=Min("seen_at")).values_list("value_hash", "first")
    return {value: day_of(seen) for value, seen in first}


def _own_cases(complaint: Complaint, *, at: datetime) -> Iterable[OwnCase]:
    own = (
        Complaint.objects.filed()
        .filter(phone_hash=complaint.phone_hash, filed_at__gt=at - LOOKED_AT, filed_at__lte=at)
        .prefetch_related("claims", "mentions")
        .order_by("-filed_at")[:MOST_CASES]
    )
    for case in own:
        seller = str(case.merchant_id or min((mention.value_hash for mention in case.mentions.all()), default=""))
        yield OwnCase(
            case=case.pk,
            seller=seller,
            goods=plain(case.item).casefold(),
            problem=case.problem,
            name=plain(case.complainant_name),
            filed_on=day_of(case.filed_at),
            asks_by_law=any(
                claim.kind == ClaimKind.COMPENSATION and claim.as_law_sets for claim in case.claims.all()
            ),
        )


def _others_alike(complaint: Complaint, *, at: datetime) -> OthersAlike:
    """Return complaints from other phones about the same seller with the same story or the same file."""
    others = of_same_seller(complaint, at=at).exclude(phone_hash=complaint.phone_hash)
    files = Evidence.objects.filter(complaint=complaint, side=Side.COMPLAINANT, removed_at__isnull=True)
    alike = Evidence.objects.filter(
        complaint_id=OuterRef("pk"),
        side=Side.COMPLAINANT,
        removed_at__isnull=True,
        sha256__in=list(files.values_list("sha256", flat=True)),
    )
    return OthersAlike(
        text=tuple(others.filter(story=complaint.story).values_list("pk", flat=True)[:MOST_CASES]),
        evidence=tuple(others.filter(Exists(alike)).values_list("pk", flat=True)[:MOST_CASES]),
    )


def _shows_purchase(complaint: Complaint) -> bool:
    shown = complaint.evidence.filter(kind__in=SHOWS_PURCHASE, side=Side.COMPLAINANT, removed_at__isnull=True)
    return bool(complaint.order_number) or bool(shown.exists())
