"""A complaint from the first saved step to its filing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.actions.standing import keep_standing
from complaints.models import Claim, Complaint, Consent, SellerMention
from complaints.rules.filing import alleges_danger, incomplete_steps
from complaints.states import MACHINE, ClaimKind, Source
from merchants.models import Merchant
from merchants.rules.handles import handle_hash
from merchants.selectors import profiles_of
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.digests import digest_of
from microguard.core.errors import Refusal
from microguard.core.idempotency import once
from microguard.core.references import case_number
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events
from microguard.events.actions import Chained, Fact

CONSENT_VERSION = "2026-11"
SAME_PURCHASE_DAYS = 3


class Incomplete(Refusal):
    """Steps of the complaint still lack something; `steps` names them."""

    code = "incomplete"

    def __init__(self, steps: list[str]) -> None:
        super().__init__(_("Something is still missing on this page. Fill it in, then go on."))
        self.steps = steps


class SamePurchase(Refusal):
    """The same person filed about the same purchase before."""

    code = "case_dup"

    def __init__(self, earlier: Complaint) -> None:
        super().__init__(
            _("You filed about the same purchase on {date} ({number}). View it, or is this a different purchase?"),
            date=day_of(earlier.filed_at).isoformat() if earlier.filed_at else "",
            number=earlier.number,
        )
        self.earlier = earlier


class PhoneNotProven(Refusal):
    """The phone of the draft was not proven in this session, or the session has ended."""

    code = "session_gone"

    def __init__(self) -> None:
        super().__init__(
            _("The page timed out to protect you. Your answers are saved; confirm your phone to go on.")
        )


@dataclass(frozen=True)
class Wanted:
    """One claim as answered: kind, fen or None, and whether the law's amount is asked for."""

    kind: str
    amount_fen: int | None = None
    as_law_sets: bool = False
    wording: str = ""


@dataclass(frozen=True)
class StepAnswers:
    """What one wizard step leaves behind: columns, and the rows of mentions and claims where it asks for them."""

    columns: dict[str, Any] = field(default_factory=dict)
    mentions: list[tuple[str, str]] | None = None
    claims: list[Wanted] | None = None


def start_draft(*, language: str, at: datetime, source: str = Source.WEB) -> Complaint:
    """Open an empty draft; its `draft_key` is what the filer's browser keeps."""
    draft: Complaint = Complaint.objects.create(language=language, begun_at=at, source=source)
    return draft


@transaction.atomic
def save_step(*, draft_key: UUID, answers: StepAnswers) -> Complaint:
    """Keep the answers of one step; other steps stay as they are.

    :raises NotFound: when there is no such complaint
    :raises microguard.core.machine.NotPossible: when it was filed already
    """
    draft: Complaint = Complaint.objects.lock(draft_key=draft_key)
    MACHINE.after("file", draft.state)
    for name, value in answers.columns.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(answers.columns) or None)
    if answers.mentions is not None:
        draft.mentions.all().delete()
        note_mentions(draft, answers.mentions)
    if answers.claims is not None:
        draft.claims.all().delete()
        Claim.objects.bulk_create(
            Claim(
                complaint=draft,
                kind=wanted.kind,
                amount_fen=wanted.amount_fen,
                as_law_sets=wanted.as_law_sets,
                wording=wanted.wording,
            )
            for wanted in answers.claims
        )
    return draft


def note_mentions(complaint: Complaint, mentions: Iterable[tuple[str, str]], *, traced: str = "") -> None:
    """Keep the handles by which the complaint names its seller; `traced`: how sure those are that we found."""
    SellerMention.objects.bulk_create(
        [
            SellerMention(
                complaint=complaint, type=kind, value=value, value_hash=handle_hash(kind, value), traced=traced
            )
            for kind, value in mentions
        ],
        ignore_conflicts=True,
    )


def file_complaint(
    *,
    draft_key: UUID,
    key: str,
    consents: frozenset[str],
    other_purchase: bool = False,
    by: Actor,
    at: datetime,
) -> str:
    """File the draft and return its case number; a repeated request gets the same number.

    The number, the clocks and the event commit together. `key` identifies the request.

    :raises NotFound: when there is no such draft
    :raises PhoneNotProven: when the actor has not proven the draft's phone
    :raises Incomplete: when steps lack something
    :raises SamePurchase: when the same purchase was complained about, unless `other_purchase`
    """

    def effect() -> str:
        return _file(draft_key, consents, other_purchase, by, at)

    return once(
        actor=f"draft:{draft_key}",
        route="complaint.file",
        key=key,
        request_digest=digest_of([str(draft_key), sorted(consents)]),
        at=at,
        effect=effect,
    )


def _file(draft_key: UUID, consents: frozenset[str], other_purchase: bool, by: Actor, at: datetime) -> str:
    policies.require(by, "complaint.file")
    complaint: Complaint = Complaint.objects.lock(draft_key=draft_key)
    if complaint.number:  # another request was first: its answer is ours
        return complaint.number
    if complaint.source == Source.WEB and (not by.phone_hash or by.phone_hash != complaint.phone_hash):
        raise PhoneNotProven
    missing = incomplete_steps(_facts(complaint))
    if missing:
        raise Incomplete(missing)
    if not other_purchase:
        _refuse_same_purchase(complaint)
    complaint.state = MACHINE.after("file", complaint.state)
    complaint.filed_at, complaint.filed_by = at, complaint.named(by).reference
    if complaint.merchant is not None:  # it may have been merged since the complainant named it
        complaint.merchant = Merchant.by_pk(profiles_of(complaint.merchant.pk)[0])
    _number(complaint)
    Consent.objects.bulk_create(
        Consent(complaint=complaint, recipient=recipient, version=CONSENT_VERSION, given_at=at)
        for recipient in sorted(consents)
    )
    _start_clocks(complaint, at)
    keep_standing(complaint, on=day_of(at))
    events.record("complaint.filed", complaint, by=complaint.named(by), at=at, source=complaint.source)
    _tell_of_named_seller(complaint, by, at)
    return str(complaint.number)


def _tell_of_named_seller(complaint: Complaint, by: Actor, at: datetime) -> None:
    """Record which profile the complainant named. It gets no handle by that: a person has to agree first."""
    merchant = complaint.merchant
    if merchant is not None:
        told: list[Chained] = [complaint, merchant]
        facts = [Fact("complaint.seller_named", each, case=complaint.pk, merchant=merchant.pk) for each in told]
        events.record_all(facts, by=complaint.named(by), at=at)


def _facts(complaint: Complaint) -> dict[str, object]:
    return {
        "seller_named": bool(complaint.merchant)
        or complaint.mentions.exists()
        or complaint.evidence.filter(kind="SELLER").exists(),
        "claims": complaint.claims.exists() and not _refund_exceeds_price(complaint),
        **{
            name: getattr(complaint, name)
            for name in (
                "item",
                "amount_fen",
                "paid_date",
                "paid_by",
                "problem",
                "story",
                "complainant_name",
                "phone_hash",
                "division",
            )
        },
    }


def _refund_exceeds_price(complaint: Complaint) -> bool:
    """Tell whether the price was put right after the claims were made and no longer covers the refund."""
    money_back = complaint.claims.filter(kind__in=(ClaimKind.REFUND, ClaimKind.RETURN_AND_REFUND))
    return money_back.filter(amount_fen__gt=complaint.amount_fen or 0).exists()


def _refuse_same_purchase(complaint: Complaint) -> None:
    paid: date = complaint.paid_date  # type: ignore[assignment]
    near = timedelta(days=SAME_PURCHASE_DAYS)
    same_seller = Q(mentions__value_hash__in=complaint.mentions.values("value_hash"))
    if complaint.merchant is not None:
        same_seller |= Q(merchant__in=profiles_of(complaint.merchant.pk))
    earlier = (
        Complaint.objects.filed()
        .filter(
            same_seller,
            phone_hash=complaint.phone_hash,
            amount_fen=complaint.amount_fen,
            paid_date__range=(paid - near, paid + near),
        )
        .order_by("-filed_at", "-pk")
        .first()
    )
    if earlier:
        raise SamePurchase(earlier)


def _number(complaint: Complaint) -> None:
    """Save the complaint under a fresh number; a number that is taken (one in 27 milliards) is drawn again."""
    while True:
        complaint.number = case_number()
        try:
            with transaction.atomic():
                complaint.save()
        except IntegrityError as error:
            if "complaints_complaint_number" not in str(error):
                raise
        else:
            return


def _start_clocks(complaint: Complaint, at: datetime) -> None:
    if alleges_danger(complaint.problem):
        deadlines.start("safety.triage", complaint, at=at)
    deadlines.start("first.contact", complaint, at=at)
    deadlines.start("complaint.acceptance.target", complaint, at=at)
    # A market regulator's statutory term begins with its official receipt, which a web filing is not.
    if settings.OPERATOR != "market_regulator":
        deadlines.start("complaint.acceptance", complaint, at=at)
