"""Keeping what was agreed: the seller reports payment, the buyer confirms it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.actions.evidence import add_evidence
from complaints.states import EvidenceKind, Side
from disputes.actions.access import held
from disputes.models import Dispute, Obligation
from disputes.states import MACHINE, ObligationState, Outcome
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.core.files import Upload
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events


class ProofMissing(Refusal):
    """Payment is reported with a picture of it."""

    code = "proof_missing"


class NothingDue(Refusal):
    """No obligation waits for this."""

    code = "nothing_due"

    def __init__(self) -> None:
        super().__init__(_("Nothing is open here any more. Load the page again."))


def report_performance(*, dispute_id: int, proof: Upload | None, by: Actor, at: datetime) -> Obligation:
    """Report as the seller that the payment was made, with a picture as proof.

    :raises ProofMissing: without a file
    :raises microguard.core.files.FileRefused: when the file is not accepted
    :raises NothingDue: when nothing is to be paid any more
    """
    if proof is None:
        raise ProofMissing(_("Add a screenshot of the payment."))
    with transaction.atomic():
        dispute = held(dispute_id, "obligation.report", by, at)
        obligation = _current(dispute, ObligationState.PENDING, ObligationState.DISPUTED)
        evidence = add_evidence(
            complaint_id=dispute.case_id,
            upload=proof,
            side=Side.RESPONDENT,
            kind=EvidenceKind.PERFORMANCE,
            by=dispute.named(by),
            at=at,
        )
        obligation.state, obligation.reported_at = ObligationState.CLAIMED_DONE, at
        obligation.save(update_fields=["state", "reported_at"])
        events.record(
            "obligation.reported",
            dispute,
            by=dispute.named(by),
            at=at,
            number=obligation.number,
            proof=evidence.pk,
        )
        return obligation


def _current(dispute: Dispute, *states: str) -> Obligation:
    obligation: Obligation | None = (
        Obligation.objects.filter(settlement__dispute=dispute, settlement__void_at__isnull=True, state__in=states)
        .order_by("number")
        .first()
    )
    if obligation is None:
        raise NothingDue
    return obligation


@transaction.atomic
def confirm_performance(*, dispute_id: int, by: Actor, at: datetime) -> Dispute:
    """Confirm as the buyer that the money arrived; when nothing else is owed the case closes as performed.

    :raises NothingDue: when nothing waits for confirmation
    """
    dispute = held(dispute_id, "obligation.confirm", by, at)
    obligation = _current(dispute, ObligationState.PENDING, ObligationState.CLAIMED_DONE, ObligationState.DISPUTED)
    obligation.state, obligation.confirmed_at = ObligationState.CONFIRMED, at
    obligation.save(update_fields=["state", "confirmed_at"])
    deadlines.meet("settlement.performance", dispute, at=at, subject=obligation.key)
    events.record("obligation.confirmed", dispute, by=dispute.named(by), at=at, number=obligation.number)
    remaining = obligation.settlement.obligations.exclude(state=ObligationState.CONFIRMED)
    if not remaining.exists():
        dispute.state = MACHINE.after("perform", dispute.state)
        dispute.outcome = Outcome.PERFORMED
        dispute.closed_at, dispute.closed_by = at, dispute.named(by).reference
        dispute.recovered_fen = obligation.settlement.terms["amount_fen"]
        dispute.save()
        deadlines.cancel(dispute, at=at)
        deadlines.start("case.evaluation", dispute, at=at)
        events.record("dispute.closed", dispute, by=dispute.named(by), at=at, outcome=dispute.outcome)
    return dispute


@transaction.atomic
def dispute_performance(*, dispute_id: int, by: Actor, at: datetime) -> Obligation:
    """Say as the buyer that the money reported as paid did not arrive.

    :raises NothingDue: when nothing was reported
    """
    dispute = held(dispute_id, "obligation.confirm", by, at)
    obligation = _current(dispute, ObligationState.CLAIMED_DONE)
    obligation.state = ObligationState.DISPUTED
    obligation.save(update_fields=["state"])
    events.record("obligation.disputed", dispute, by=dispute.named(by), at=at, number=obligation.number)
    return obligation
