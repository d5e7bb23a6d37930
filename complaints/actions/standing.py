"""How complaints stand in law: what is told of a case, what an officer decides of it, and all of it anew."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Claim, Complaint, ComplaintRight, LegalBasis
from complaints.rules.law_facts import TELLABLE, published
from complaints.rules.standing import Standing, standing_of
from complaints.selectors import law_facts, promises_for
from complaints.states import Right, RightSource
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.errors import Refusal
from microguard.events import actions as events
from microguard.law.basis import law_day, version_on
from microguard.law.vocabulary import UNKNOWN, BadFacts, read_facts

BATCH = 500
BASIS = ("found", "claim", "rule", "question", "reason", "rules_version", "rules_as_of_date")


class Batch(NamedTuple):
    """Complaints that were reassessed: the key of the last one, and how many."""

    last: int
    size: int


class NotARight(Refusal):
    """The law knows no such right of consumers, or the decision on it is none."""

    code = "not_a_right"

    def __init__(self) -> None:
        super().__init__(_("Choose a right, and whether it is confirmed or removed."))


def checked(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that say something; "not known" and no answer are the same.

    :raises microguard.law.vocabulary.BadFacts: with one sentence, when one is not of the vocabulary
    """
    for fact in answers:
        if fact not in TELLABLE:
            raise BadFacts(_("“{field}” is no question of ours."), code="unknown_fact", field=str(fact)[:60])
    told = {fact: value for fact, value in answers.items() if value not in (None, "", UNKNOWN, [], ())}
    read_facts(published(told))
    return told


@transaction.atomic
def tell_facts(*, complaint_id: int, answers: Mapping[str, Any], by: Actor, at: datetime) -> Complaint:
    """Keep answers about the case, over earlier ones; "not known" takes an answer back. The rest stays.

    The fact that is recorded names the questions whose answers changed, and no answer.

    :raises microguard.law.vocabulary.BadFacts: with one sentence, when an answer is not of the vocabulary
    :raises microguard.core.errors.NotFound: as long as the complaint is a draft
    """
    complaint: Complaint = Complaint.objects.filed().lock(pk=complaint_id)
    policies.require(by, "complaint.tell_facts", complaint)
    checked(answers)
    kept = {fact: value for fact, value in complaint.told_facts.items() if fact not in answers}
    told = checked({**kept, **answers})
    fields = sorted(fact for fact in answers if told.get(fact) != complaint.told_facts.get(fact))
    if not fields:
        return complaint
    complaint.told_facts = told
    complaint.save(update_fields=["told_facts"])
    keep_standing(complaint, on=day_of(at))
    events.record("complaint.facts_told", complaint, by=complaint.named(by), at=at, fields=fields)
    return complaint


@transaction.atomic
def judge_right(*, complaint_id: int, right: str, verdict: str, by: Actor, at: datetime) -> ComplaintRight:
    """Confirm that the complaint alleges a right to be infringed, or remove it; the rules do not overrule it.

    :raises NotARight: when there is no such right, or the verdict is neither
    """
    complaint: Complaint = Complaint.objects.filed().lock(pk=complaint_id)
    policies.require(by, "complaint.judge_right", complaint)
    if right not in Right.values or verdict not in (RightSource.CONFIRMED, RightSource.REMOVED):
        raise NotARight
    judged, _made = ComplaintRight.objects.update_or_create(
        complaint=complaint,
        right=right,
        defaults={"source": verdict, "decided_at": at, "decided_by": by.reference},
    )
    events.record("complaint.right_judged", complaint, by=by, at=at, right=right, verdict=verdict)
    return judged


def keep_standing(complaint: Complaint, *, on: date) -> None:
    """Derive anew how the complaint stands under the rules of the day. The caller holds the case."""
    kinds = complaint.claims.values_list("kind", flat=True)
    _keep([(complaint, standing_of(law_facts(complaint, on=on), kinds, on))], on=on)


def _keep(standings: Iterable[tuple[Complaint, Standing]], *, on: date) -> None:
    """Write the standings in one statement for each table and kind of change; what an officer decided stays."""
    standings, on = list(standings), law_day(on)
    derived = {(complaint.pk, right) for complaint, standing in standings for right in standing.rights}
    keys = [complaint.pk for complaint, _standing in standings]
    present = ComplaintRight.objects.filter(complaint__in=keys)
    stale = [
        row.pk
        for row in present.filter(source=RightSource.DERIVED)
        if (row.complaint_id, row.right) not in derived
    ]
    if stale:
        ComplaintRight.objects.filter(pk__in=stale).delete()
    ComplaintRight.objects.bulk_create(
        [ComplaintRight(complaint_id=key, right=right) for key, right in sorted(derived)], ignore_conflicts=True
    )
    LegalBasis.objects.bulk_create(
        [
            LegalBasis(complaint_id=complaint.pk, **basis_columns(standing, on))
            for complaint, standing in standings
        ],
        update_conflicts=True,
        unique_fields=["complaint"],
        update_fields=BASIS,
    )


def basis_columns(standing: Standing, on: date) -> dict[str, Any]:
    """Return what is kept of a basis, with the rules it rests on."""
    basis = standing.basis
    return {
        "found": basis.found,
        "claim": standing.claim,
        "rule": basis.rule,
        "question": basis.question,
        "reason": basis.reason,
        "rules_version": version_on(on),
        "rules_as_of_date": on,
    }


@transaction.atomic
def reassess_next(*, after: int, at: datetime, everything: bool = False) -> Batch | None:
    """Derive the next complaints anew whose rules are not those of today.

    Each batch is a transaction of its own and marks what it did, so a run that was broken off goes on where it
    stopped. None when nothing is left behind the key `after`.
    """
    on = law_day(day_of(at))
    version = version_on(on)
    old = Q() if everything else Q(basis__isnull=True) | ~Q(basis__rules_version=version)
    batch = list(
        Complaint.objects.filed()
        .filter(old, pk__gt=after)
        .select_related("merchant")
        .order_by("pk")
        .select_for_update(of=("self",))[:BATCH]
    )
    if not batch:
        return None
    kinds: dict[int, list[str]] = {}
    for key, kind in Claim.objects.filter(complaint__in=batch).values_list("complaint_id", "kind"):
        kinds.setdefault(key, []).append(kind)
    promises = promises_for(batch)
    _keep(
        [
            (
                complaint,
                standing_of(
                    law_facts(complaint, on=on, promises=promises.get(complaint.pk, ())),
                    kinds.get(complaint.pk, ()),
                    on,
                ),
            )
            for complaint in batch
        ],
        on=on,
    )
    return Batch(batch[-1].pk, len(batch))
