"""What happens once the two have agreed: signing, time to reconsider, payment; disputes.actions in memory."""

from datetime import datetime
from uuid import uuid4

from complaints.models import Evidence
from complaints.states import EvidenceKind, Side
from disputes.actions.settlement import written
from disputes.models import MediationConsent, Obligation, Settlement, Signature
from disputes.rules.terms import Terms, payment_due
from disputes.states import ObligationState, Outcome, State
from microguard.core.clock import CHINA
from microguard.core.digests import digest_of
from microguard.core.machine import NotPossible
from microguard.demo.generator.copying import Row
from microguard.demo.generator.course import BUYER, SELLER, SYSTEM, Course, on_lapse


def draft(case: Course, terms: Terms, *, mediated: bool, by: str, at: datetime) -> None:
    """Write the agreement down for both to sign."""
    version = len(case.kept(Settlement)) + 1
    facts = written(terms, number=case.number, version=version, mediated=mediated)
    digest = digest_of(facts)
    case.keep(
        Settlement,
        dispute_id=case.dispute["id"],
        version=version,
        terms=facts,
        digest=digest,
        mediated=mediated,
        drafted_at=at,
    )
    case.record("settlement.drafted", by, at, version=version, digest=digest)


def _in_force(case: Course) -> Row:
    found = case.kept(Settlement, void_at=None)
    if not found:
        raise NotPossible("nothing to sign")
    return found[0]


def _sign(case: Course, side: str, by: str, name: str, at: datetime) -> None:
    case.require(State.SIGNING)
    settlement = _in_force(case)
    case.keep(
        Signature,
        settlement_id=settlement["id"],
        side=side,
        name=name,
        digest=settlement["digest"],
        signed_at=at,
    )
    case.record("settlement.signed", by, at, version=settlement["version"], digest=settlement["digest"])
    if len(case.kept(Signature, settlement_id=settlement["id"])) == 2:
        _conclude(case, settlement, at)


def buyer_signs(case: Course, at: datetime) -> None:
    """Sign as the buyer."""
    _sign(case, Side.COMPLAINANT, BUYER, case.matter.buyer, at)


def seller_signs(case: Course, at: datetime) -> None:
    """Sign as the seller, whose name is known from then on."""
    case.require(State.SIGNING)
    case.dispute["respondent_name"] = case.matter.seller.name
    _sign(case, Side.RESPONDENT, SELLER, case.matter.seller.name, at)


def _conclude(case: Course, settlement: Row, at: datetime) -> None:
    settlement["signed_at"] = at
    case.move("conclude_mediated" if settlement["mediated"] else "conclude")
    obligation = case.keep(
        Obligation,
        settlement_id=settlement["id"],
        number=1,
        obligor=Side.RESPONDENT,
        amount_fen=settlement["terms"]["amount_fen"],
        due_at=payment_due(at.astimezone(CHINA), settlement["terms"]["pay_within_days"]),
    )
    subject = f"obligation/{obligation['id']}"
    case.start("settlement.performance", at, subject=subject, until=obligation["due_at"])
    if not settlement["mediated"]:
        case.start("settlement.cooling_off", at)
    case.record("settlement.concluded", SYSTEM, at, version=settlement["version"])


@on_lapse("settlement.cooling_off")
def take_effect(case: Course, at: datetime) -> None:
    """Put the agreement into force when nobody took it back."""
    if case.dispute["state"] == State.COOLING_OFF:
        case.move("take_effect")


def rescind(case: Course, at: datetime) -> None:
    """Take the agreement back within the time to reconsider."""
    case.move("rescind")
    _in_force(case)["void_at"] = at
    case.cancel("settlement.cooling_off", "settlement.performance", at=at)
    case.start("negotiation.term", at)
    case.record("settlement.rescinded", BUYER, at)


def refuse_to_sign(case: Course, at: datetime) -> None:
    """Refuse the draft as the seller; mediation is offered afresh."""
    case.move("refuse_to_sign")
    _in_force(case)["void_at"] = at
    case.drop(MediationConsent)
    case.start("mediation.consent", at)
    case.record("settlement.refused", SELLER, at)


def _owed(case: Course, *states: str) -> Row:
    case.require(State.COOLING_OFF, State.PERFORMANCE)
    settlement = _in_force(case)
    found = [row for row in case.kept(Obligation, settlement_id=settlement["id"]) if row["state"] in states]
    if not found:
        raise NotPossible("nothing owed")
    return found[0]


def report(case: Course, at: datetime) -> None:
    """Report the payment as the seller, with a picture of it."""
    obligation = _owed(case, ObligationState.PENDING, ObligationState.DISPUTED)
    proof = case.rng.choice(case.books.proofs)
    evidence = case.keep(
        Evidence,
        complaint_id=case.pk,
        key=uuid4(),
        side=Side.RESPONDENT,
        kind=EvidenceKind.PERFORMANCE,
        name="demo_payment.png",
        content_type=proof.content_type,
        size=proof.size,
        sha256=proof.sha256,
        view_sha256=proof.view_sha256,
        added_at=at,
        added_by=SELLER,
    )
    case.record(
        "evidence.added", SELLER, at, evidence=evidence["id"], side=Side.RESPONDENT.value, sha256=proof.sha256
    )
    obligation.update(state=ObligationState.CLAIMED_DONE, reported_at=at)
    case.record("obligation.reported", SELLER, at, number=obligation["number"], proof=evidence["id"])


def dispute_payment(case: Course, at: datetime) -> None:
    """Say as the buyer that the money did not arrive."""
    obligation = _owed(case, ObligationState.CLAIMED_DONE)
    obligation["state"] = ObligationState.DISPUTED
    case.record("obligation.disputed", BUYER, at, number=obligation["number"])


def confirm(case: Course, at: datetime) -> None:
    """Confirm as the buyer that the money arrived; the case closes as performed."""
    obligation = _owed(case, ObligationState.PENDING, ObligationState.CLAIMED_DONE, ObligationState.DISPUTED)
    obligation.update(state=ObligationState.CONFIRMED, confirmed_at=at)
    case.meet("settlement.performance", at, subject=f"obligation/{obligation['id']}")
    case.record("obligation.confirmed", BUYER, at, number=obligation["number"])
    case.move("perform")
    finish(case, Outcome.PERFORMED, by=BUYER, at=at, recovered_fen=obligation["amount_fen"])


def finish(
    case: Course, outcome: str, *, by: str, at: datetime, note: str = "", recovered_fen: int | None = None
) -> None:
    """Close the dispute that has just moved to CLOSED."""
    case.dispute.update(
        outcome=outcome, closed_at=at, closed_by=by, closing_note=note, recovered_fen=recovered_fen
    )
    case.cancel(at=at)
    case.start("case.evaluation", at)
    case.record("dispute.closed", by, at, outcome=str(outcome))
