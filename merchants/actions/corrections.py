"""An objection to a seller's public record: made by whoever proved a phone, answered at the desk in time."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.models import Correction, Merchant
from merchants.states import CorrectionResult, Wrong
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

SHORTEST_EXPLANATION, LONGEST_EXPLANATION = 10, 1000
SHORTEST_ANSWER, LONGEST_ANSWER = 10, 500


class OddExplanation(Refusal):
    """The explanation is too short or too long."""

    code = "odd_explanation"


class AskedAlready(Refusal):
    """An objection of the same phone to the same record waits for its answer."""

    code = "asked_already"


class AnsweredAlready(Refusal):
    """Somebody has answered it."""

    code = "answered_already"


class OddAnswer(Refusal):
    """The answer lacks its result or its words."""

    code = "odd_answer"


@dataclass(frozen=True)
class Objection:
    """What somebody objects to: the kind, one figure or "" for all, why, and whom we answer."""

    wrong: str
    figure: str
    explanation: str
    phone: str
    phone_hash: str  # proven
    language: str


@transaction.atomic
def ask_correction(*, merchant_id: int, objection: Objection, by: Actor, at: datetime) -> Correction:
    """Take an objection to the record of the seller with this profile; its clock begins to run.

    :raises OddExplanation: when it is too short or too long
    :raises AskedAlready: while another one of this phone waits
    """
    hold(f"merchant/{merchant_id}")
    merchant: Merchant = Merchant.objects.lock(pk=merchant_id)
    policies.require(by, "correction.ask")
    explanation = objection.explanation.strip().replace("\r\n", "\n")
    if len(explanation) < SHORTEST_EXPLANATION or len(explanation) > LONGEST_EXPLANATION:
        raise OddExplanation(
            _("Write {least} to {most} characters."), least=SHORTEST_EXPLANATION, most=LONGEST_EXPLANATION
        )
    if merchant.corrections.filter(phone_hash=objection.phone_hash, answered_at__isnull=True).exists():
        raise AskedAlready(_("Your earlier objection to this record waits for our answer."))
    correction: Correction = Correction.objects.create(
        merchant=merchant,
        wrong=Wrong(objection.wrong),
        figure=objection.figure,
        explanation=explanation,
        phone=objection.phone,
        phone_hash=objection.phone_hash,
        language=objection.language,
        asked_at=at,
        asked_by=by.reference,
    )
    deadlines.start("profile.correction", merchant, at=at, subject=correction.subject)
    events.record("correction.asked", merchant, by=by, at=at, correction=correction.pk, about=correction.wrong)
    return correction


@transaction.atomic
def answer_correction(*, correction_id: int, result: str, answer: str, by: Actor, at: datetime) -> Correction:
    """Answer an objection in words; whoever made it is told, and nothing is marked as disputed by it any more.

    :raises AnsweredAlready: when it was answered before
    :raises OddAnswer: without a result, or with too few or too many words
    """
    merchant = Correction.by_pk(correction_id).merchant
    hold(merchant.chain)
    correction: Correction = Correction.objects.lock(pk=correction_id)
    policies.require(by, "correction.answer")
    deadlines.catch_up(merchant, at=at)
    if correction.answered_at:
        raise AnsweredAlready(_("This was answered already. Load the page again."))
    answer = answer.strip().replace("\r\n", "\n")
    if result not in CorrectionResult.values:
        raise OddAnswer(_("Choose what we answer."), code="result_missing")
    if len(answer) < SHORTEST_ANSWER or len(answer) > LONGEST_ANSWER:
        raise OddAnswer(_("Write {least} to {most} characters."), least=SHORTEST_ANSWER, most=LONGEST_ANSWER)
    correction.result, correction.answer = CorrectionResult(result), answer
    correction.answered_at, correction.answered_by = at, by.reference
    correction.save()
    deadlines.meet("profile.correction", merchant, at=at, subject=correction.subject)
    events.record("correction.answered", merchant, by=by, at=at, correction=correction.pk)
    return correction
