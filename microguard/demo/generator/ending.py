"""How a dispute ends when it is not by payment: closed by the office, withdrawn, settled at once; in memory."""

from datetime import datetime
from functools import partial

from complaints.states import State as ComplaintState
from disputes.models import Offer
from disputes.states import OfferState, Outcome
from microguard.demo.generator import intake, trades
from microguard.demo.generator.course import BUYER, Course, Verb
from microguard.demo.generator.settling import finish
from microguard.demo.generator.talks import drop_proposal


def _close(case: Course, outcome: str, by: str, at: datetime, *, note: str, recovered_fen: int | None) -> None:
    case.move("close")
    for row in case.kept(Offer, state=OfferState.OPEN):
        row.update(state=OfferState.ENDED, ended_at=at)
    drop_proposal(case, at)
    finish(case, outcome, by=by, at=at, note=note, recovered_fen=recovered_fen)


def _closed_by_office(outcome: Outcome, case: Course, at: datetime) -> None:
    solved = outcome == Outcome.CONFIRMED_SOLVED
    recovered_fen = case.matter.amount_fen if solved else None
    _close(case, outcome, case.staff, at, note=trades.NOTES[outcome], recovered_fen=recovered_fen)


def closing(outcome: Outcome) -> Verb:
    """Return the verb by which the office closes a dispute with this outcome."""
    return partial(_closed_by_office, outcome)


def withdraw_solved(case: Course, at: datetime) -> None:
    """Withdraw as the buyer, because it is solved."""
    _close(case, Outcome.WITHDRAWN_SOLVED, BUYER, at, note="", recovered_fen=case.matter.amount_fen)


def withdraw_otherwise(case: Course, at: datetime) -> None:
    """Withdraw as the buyer, for another reason."""
    _close(case, Outcome.WITHDRAWN_OTHER, BUYER, at, note="", recovered_fen=None)


def settle_at_once(case: Course, at: datetime) -> None:
    """Close, from any open stage, as settled and performed at once."""
    if case.complaint["state"] != ComplaintState.ACCEPTED:
        intake.accept_and_open(case, at, opened_by=case.staff)
    note, paid = trades.NOTES[Outcome.PERFORMED], case.matter.claimed_fen or None
    _close(case, Outcome.PERFORMED, case.staff, at, note=note, recovered_fen=paid)
