"""How a case ends: closed by a person with its outcome, withdrawn, or settled and performed at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.actions.decision import accept_complaint
from complaints.actions.filing import StepAnswers, Wanted, file_complaint, save_step, start_draft
from complaints.models import Complaint
from complaints.states import ClaimKind, Source
from complaints.states import State as ComplaintState
from disputes.actions.access import held
from disputes.actions.mediation import drop_proposal
from disputes.actions.opening import open_dispute
from disputes.models import Dispute
from disputes.states import MACHINE, OfferState, Outcome
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.digests import digest_of
from microguard.core.errors import Refusal
from microguard.core.idempotency import once
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

SHORTEST_NOTE = 4


class NoteMissing(Refusal):
    """Closing a case needs a word on how it ended."""

    code = "note_missing"

    def __init__(self) -> None:
        super().__init__(_("Write in a few words how it ended."))


@transaction.atomic
def close_dispute(
    *,
    dispute_id: int,
    outcome: str,
    note: str,
    recovered_fen: int | None = None,
    by: Actor,
    at: datetime,
) -> Dispute:
    """Close an open dispute with its outcome, as the office decided it.

    :raises microguard.core.machine.NotPossible: when it is closed already
    :raises NoteMissing: without a word on how it ended
    """
    dispute = held(dispute_id, "dispute.close", by, at)
    if len(note.strip()) < SHORTEST_NOTE:
        raise NoteMissing
    return _close(dispute, outcome, note, recovered_fen, by, at)


def _close(
    dispute: Dispute, outcome: str, note: str, recovered_fen: int | None, by: Actor, at: datetime
) -> Dispute:
    dispute.state = MACHINE.after("close", dispute.state)
    dispute.outcome = Outcome(outcome)
    dispute.closed_at, dispute.closed_by = at, by.reference
    dispute.closing_note, dispute.recovered_fen = note.strip(), recovered_fen
    dispute.save()
    dispute.offers.filter(state=OfferState.OPEN).update(state=OfferState.ENDED, ended_at=at)
    drop_proposal(dispute, at=at)
    deadlines.cancel(dispute, at=at)
    deadlines.start("case.evaluation", dispute, at=at)
    events.record("dispute.closed", dispute, by=by, at=at, outcome=dispute.outcome)
    return dispute


@transaction.atomic
def withdraw_dispute(
    *, dispute_id: int, solved: bool, recovered_fen: int | None, by: Actor, at: datetime
) -> Dispute:
    """Withdraw the complaint while its dispute is open: solved only if the complainant says so."""
    dispute = held(dispute_id, "complaint.withdraw", by, at)
    outcome = Outcome.WITHDRAWN_SOLVED if solved else Outcome.WITHDRAWN_OTHER
    return _close(dispute, outcome, "", recovered_fen if solved else None, dispute.named(by), at)


@transaction.atomic
def settle_at_once(*, complaint_id: int, recovered_fen: int | None, note: str, by: Actor, at: datetime) -> Dispute:
    """Close a case, from any open stage, as settled and performed at once (on the spot or by phone).

    A complaint that is not decided yet is accepted and its dispute opened on the way; no codes, no time to
    reconsider: the money is there.

    :raises NoteMissing: without a word on how it ended
    :raises microguard.core.machine.NotPossible: when the case has ended
    """
    complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
    policies.require(by, "dispute.settle_at_once", complaint)
    if len(note.strip()) < SHORTEST_NOTE:
        raise NoteMissing
    if complaint.state != ComplaintState.ACCEPTED:  # refused for one that was declined, withdrawn or not filed
        accept_complaint(complaint_id=complaint_id, merchant_id=complaint.merchant_id, by=by, at=at)
    dispute = open_dispute(complaint_id=complaint_id, by=by, at=at)
    deadlines.catch_up(dispute, at=at)  # what has run out counts as late, also when all ends well
    dispute.refresh_from_db()
    return _close(dispute, Outcome.PERFORMED, note, recovered_fen, by, at)


@dataclass(frozen=True)
class TakenMatter:
    """What the office notes of a matter that it is told or sent; `note` says how it ended, if it ended at once."""

    answers: StepAnswers
    recovered_fen: int | None = None
    note: str = ""
    source: str = Source.PHONE


def take_matter(*, matter: TakenMatter, key: str, by: Actor, at: datetime) -> str:
    """File a matter that came by phone, letter, window or work order; if it was settled at once, close it so.

    Returns the case number; a repeated request gets the same one.
    """

    def effect() -> str:
        draft = start_draft(language="zh-hans", at=at, source=matter.source)
        save_step(draft_key=draft.draft_key, answers=matter.answers)
        number = file_complaint(
            draft_key=draft.draft_key, key=key, consents=frozenset(), other_purchase=True, by=by, at=at
        )
        if matter.note:
            settle_at_once(
                complaint_id=draft.pk, recovered_fen=matter.recovered_fen, note=matter.note, by=by, at=at
            )
        return number

    columns = {name: str(value) for name, value in matter.answers.columns.items()}
    digest = digest_of([columns, matter.source, matter.answers.mentions, matter.recovered_fen, matter.note])
    return once(actor=by.reference, route="phone", key=key, request_digest=digest, at=at, effect=effect)


def refund_wanted(amount_fen: int) -> list[Wanted]:
    """Return the claim of a matter that the office takes down: the price back."""
    return [Wanted(ClaimKind.REFUND, amount_fen)]
