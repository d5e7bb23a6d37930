"""Reading complaints: one screen, one function."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import TruncMonth

from complaints.models import Breach, Complaint, Evidence, SetApart
from complaints.rules.law_facts import facts_of
from complaints.rules.platforms import deal_place
from complaints.states import State
from merchants.models import Commitment
from merchants.selectors import whole_sellers
from merchants.states import CommitmentKind, ProfileState
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.errors import NotFound
from microguard.core.references import read_case_number
from microguard.deadlines.actions import OPEN, RUNNING
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from microguard.jurisdictions.models import Office
from microguard.law.vocabulary import Facts

LAST_OF_MONTH = "(date_trunc('month', %(expressions)s) + interval '1 month' - interval '1 day')::date"
# Facts that say who the seller of a complaint is: the buyer's word, and what a person of the office said.
SELLER_SAID = ("complaint.seller_named", "complaint.linked", "complaint.accepted")


def draft_of(draft_key: UUID) -> Complaint:
    """Return the draft, or the complaint it has become.

    :raises NotFound: when there is none
    """
    found: Complaint | None = (
        Complaint.objects.filter(draft_key=draft_key).prefetch_related("mentions", "claims").first()
    )
    if found is None:
        raise NotFound("not found")
    return found


def drafts_of_phone(phone_hash: str) -> QuerySet[Complaint]:
    """Return the drafts of whoever proved this phone, newest first."""
    drafts: QuerySet[Complaint] = Complaint.objects.filter(phone_hash=phone_hash, state=State.DRAFT)
    return drafts.order_by("-begun_at", "-pk")[:20]


def cases_of_phone(phone_hash: str) -> QuerySet[Complaint]:
    """Return the filed complaints in which whoever proved this phone is the buyer or the seller, newest first."""
    part = Q(phone_hash=phone_hash) | Q(dispute__respondent_phone_hash=phone_hash)
    mine: QuerySet[Complaint] = Complaint.objects.filed().filter(part).select_related("dispute")
    return mine.order_by("-filed_at", "-pk")[:50]


def complaint_by_number(number: str, *, viewer: Actor) -> Complaint:
    """Return the complaint for a viewer who may read it.

    :raises NotFound: when there is none, and just so when it is not the viewer's
    """
    number = read_case_number(number) or ""
    found: Complaint | None = Complaint.objects.filter(number=number).select_related("officer", "merchant").first()
    if found is None or not policies.can(viewer, "complaint.read", found):
        raise NotFound("not found")
    return found


def evidence_of(complaint: Complaint) -> QuerySet[Evidence]:
    """Return the files of the case that were not removed, oldest first."""
    files: QuerySet[Evidence] = complaint.evidence.filter(removed_at__isnull=True)
    return files.order_by("added_at", "pk")


def place_of_deal(complaint: Complaint) -> str:
    """Return where the deal was made, as the buyer said it or as payment and handles tell."""
    kinds = complaint.mentions.values_list("type", flat=True)
    return deal_place(complaint.channel, complaint.paid_by, frozenset(kinds))


def platforms_of(complaint: Complaint) -> QuerySet[Office]:
    """Return the platforms that run the place where the deal was made."""
    place = place_of_deal(complaint)
    return Office.objects.filter(kind=Office.Kind.PLATFORM, runs__contains=[place]).order_by("pk")


def promises_for(complaints: Iterable[Complaint]) -> dict[int, list[Commitment]]:
    """Return for each complaint, by its key, what its seller had promised for deals of the day of payment.

    Where the month of payment alone is known, what bound on every day of it. Two statements for all of them.
    """
    dealt = [(each, each.merchant_id, each.paid_date) for each in complaints]
    sellers = whole_sellers({merchant for _each, merchant, paid in dealt if merchant and paid})
    root_of = {profile: root for root, profiles in sellers.items() for profile in profiles}
    made: dict[int, list[Commitment]] = {}
    for commitment in Commitment.objects.filter(merchant__in=root_of).order_by("kind", "from_date", "pk"):
        made.setdefault(root_of[commitment.merchant_id], []).append(commitment)
    promises: dict[int, list[Commitment]] = {}
    for each, merchant, paid in dealt:
        if merchant and paid:
            first = paid.replace(day=1) if each.paid_date_about else paid
            last = paid.replace(day=monthrange(paid.year, paid.month)[1]) if each.paid_date_about else paid
            of_seller = made.get(root_of[merchant], ())
            promises[each.pk] = [commitment for commitment in of_seller if commitment.binds(first, last)]
    return promises


def promises_in(complaint: Complaint) -> list[Commitment]:
    """Return what the seller had promised for the deal of this complaint."""
    return promises_for([complaint]).get(complaint.pk, [])


def under_promise(profiles: Collection[int]) -> QuerySet[Complaint]:
    """Return the complaints about deals for which the seller with these profiles had promised something.

    What binds a deal is what `promises_for` says of each, here for any number of them in one statement.
    """
    last_of_month = Func("paid_date", template=LAST_OF_MONTH, output_field=DateField())
    binding = Commitment.objects.filter(
        Q(until_date__isnull=True) | Q(until_date__gt=OuterRef("last")),
        merchant__in=profiles,
        from_date__lte=OuterRef("first"),
    )
    dealt: QuerySet[Complaint] = Complaint.objects.filter(merchant__in=profiles).alias(
        first=Case(When(paid_date_about=True, then=TruncMonth("paid_date")), default="paid_date"),
        last=Case(When(paid_date_about=True, then=last_of_month), default="paid_date"),
    )
    return dealt.filter(Exists(binding))


def kept_or_not(complaint: Complaint, promised: Iterable[Commitment]) -> list[tuple[Commitment, Breach | None]]:
    """Return each promise for the deal with the note that it was not kept, None where there is no such note."""
    promised = list(promised)
    noted = complaint.breaches.filter(withdrawn_at__isnull=True) if promised else ()
    breaches = {breach.commitment_id: breach for breach in noted}
    return [(commitment, breaches.get(commitment.pk)) for commitment in promised]


def law_facts(
    complaint: Complaint,
    *,
    on: date,
    evidence: Iterable[str] = (),
    promises: Iterable[Commitment] | None = None,
) -> Facts:
    """Return the complaint as the rules of law read it; `on` is today as long as it is a draft.

    `promises` are what the seller had promised for the deal, where the caller has read them.
    """
    promised = promises_in(complaint) if promises is None else promises
    multiples = [each.value or 0 for each in promised if each.kind == CommitmentKind.MULTIPLE_IF_FAKE]
    return facts_of(
        problem=complaint.problem,
        paid_by=complaint.paid_by,
        channel=complaint.channel,
        amount_fen=complaint.amount_fen,
        paid_date=complaint.paid_date,
        paid_date_about=complaint.paid_date_about,
        complained_on=day_of(complaint.filed_at) if complaint.filed_at else on,
        evidence=evidence,
        seller_state=complaint.merchant.state if complaint.merchant else ProfileState.UNCLAIMED,
        told=complaint.told_facts,
        multiple_if_fake=max(multiples, default=None),
    )


def is_seller_named_by_buyer(complaint: Complaint) -> bool:
    """Tell whether the seller of the complaint is the one that the buyer named, and no person has agreed yet."""
    if complaint.merchant_id is None or complaint.accepted_at is not None:
        return False  # whoever accepts a complaint says of whom it is
    said = Event.objects.filter(chain=complaint.chain, name__in=SELLER_SAID).values_list("name", flat=True)
    return set(said) == {"complaint.seller_named"}


def of_same_seller(complaint: Complaint, *, at: datetime) -> QuerySet[Complaint]:
    """Return the complaints of the 12 months before `at` about the same seller, this one among them.

    The same seller is the same profile or, before one is named, whoever carries one of the handles.
    """
    same = Q(pk=complaint.pk)
    if complaint.merchant_id:
        same |= Q(merchant=complaint.merchant_id)
    else:
        same |= Q(mentions__value_hash__in=complaint.mentions.values("value_hash"))
    found: QuerySet[Complaint] = Complaint.objects.filed().filter(
        same, filed_at__gt=at - timedelta(days=365), filed_at__lte=at
    )
    return found.distinct()


def undecided(*, at: datetime) -> QuerySet[Complaint]:
    """Return the complaints that wait for a decision, the most pressing first."""
    next_due = Deadline.objects.filter(RUNNING, case_id=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    waiting: QuerySet[Complaint] = Complaint.objects.filter(
        state__in=(State.FILED, State.NEEDS_INFORMATION, State.TRACING_SELLER)
    )
    return waiting.annotate(next_due_at=Subquery(next_due)).order_by(F("next_due_at").asc(nulls_last=True), "pk")


def next_steps(complaint: Complaint) -> list[Deadline]:
    """Return the open clocks that tell the complainant by when something will have happened, soonest first."""
    shown = (
        "first.contact",
        "complaint.acceptance",
        "complaint.correction",
        "respondent.answer",
        "mediation.term",
    )
    found = Deadline.objects.filter(OPEN, case_id=complaint.pk, rule__in=shown).prefetch_related("suspensions")
    return list(found.order_by("due_at", "id"))


def set_apart_now(complaint: Complaint) -> SetApart | None:
    """Return what leaves the complaint out of its seller's public record, or None while it counts."""
    found: SetApart | None = complaint.settings_apart.filter(ended_at__isnull=True).first()
    return found
