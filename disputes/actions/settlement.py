"""From agreed terms to a settlement in force: sentences, signatures, time to reconsider."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.states import Side
from disputes.actions.access import held
from disputes.models import Dispute, Obligation, Settlement, Signature
from disputes.rules.terms import Terms, payment_due
from disputes.states import MACHINE, ObligationState, State
from microguard.accounts.actors import SYSTEM, Actor
from microguard.core.clock import CHINA
from microguard.core.digests import digest_of
from microguard.core.errors import Refusal
from microguard.core.machine import NotPossible
from microguard.core.money import yuan
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

LANGUAGES = ("zh-hans", "en")


class SettlementChanged(Refusal):
    """The version that was read is no longer the one in force."""

    code = "sign_changed"

    def __init__(self) -> None:
        super().__init__(_("The agreement has changed. Read the new version before signing."))


class AlreadySigned(Refusal):
    """One side has signed this version."""

    code = "already_signed"


class NameMissing(Refusal):
    """A signature needs the signer's name."""

    code = "name_none"


def draft_settlement(dispute: Dispute, *, terms: Terms, mediated: bool, by: Actor, at: datetime) -> Settlement:
    """Write the agreed terms as numbered sentences for both to sign; an unsigned older version is void.

    The caller holds the case and has moved it to SIGNING.
    """
    dispute.settlements.filter(void_at__isnull=True).update(void_at=at)
    version = dispute.settlements.count() + 1
    facts = written(terms, number=dispute.complaint.number or "", version=version, mediated=mediated)
    settlement: Settlement = Settlement.objects.create(
        dispute=dispute,
        version=version,
        terms=facts,
        digest=digest_of(facts),
        mediated=mediated,
        drafted_at=at,
    )
    events.record("settlement.drafted", dispute, by=by, at=at, version=version, digest=settlement.digest)
    return settlement


def written(terms: Terms, *, number: str, version: int, mediated: bool) -> dict[str, Any]:
    """Return what both sign: the facts of the agreement, and the sentences that say them in both languages."""
    return {
        "case": number,
        "version": version,
        "amount_fen": terms.amount_fen,
        "pay_within_days": terms.pay_within_days,
        "goods_returned": terms.goods_returned,
        "note": terms.note,
        "sentences": {language: _sentences(terms, mediated, language) for language in LANGUAGES},
    }


def _sentences(terms: Terms, mediated: bool, language: str) -> list[str]:
    with translation.override(language):
        sentences = []
        if terms.amount_fen:
            sentences.append(
                gettext(
                    "The seller pays the buyer {amount}, within {days} days of the day on which both have signed."
                ).format(amount=yuan(terms.amount_fen), days=terms.pay_within_days)
            )
        if terms.goods_returned:
            sentences.append(gettext("The buyer sends the goods back; the seller pays the freight."))
        if terms.note:
            sentences.append(gettext("Besides, both agree: {note}").format(note=terms.note))
        sentences.append(gettext("When this is done, the matter of this purchase is settled between the two."))
        sentences.append(
            gettext("If a date is missed, the other side may go to mediation, the authorities or a court at once.")
        )
        if not mediated:
            sentences.append(
                gettext(
                    "As no mediator took part, the buyer may take this agreement back within the time "
                    "to reconsider that is shown on the case page."
                )
            )
        return sentences


@transaction.atomic
def sign_settlement(*, dispute_id: int, digest: str, name: str, by: Actor, at: datetime) -> Settlement:
    """Sign the version with this digest by typed name; the caller has just proved the signer's phone by a code.

    With the second signature the settlement takes its course: without a mediator the buyer may reconsider
    first, with one it is in force at once.

    :raises SettlementChanged: when another version is in force now
    :raises AlreadySigned: when this side has signed it
    """
    dispute = held(dispute_id, "settlement.sign", by, at)
    settlement: Settlement | None = dispute.settlements.filter(void_at__isnull=True).first()
    if settlement is None or settlement.digest != digest:
        raise SettlementChanged
    if dispute.state != State.SIGNING:
        raise AlreadySigned(_("Both have signed this agreement."))
    if len(name.strip()) < 2:
        raise NameMissing(_("Enter your name."))
    side = dispute.side_of(by)
    try:
        with transaction.atomic():
            Signature.objects.create(
                settlement=settlement, side=side, name=name.strip(), digest=digest, signed_at=at
            )
    except IntegrityError as error:
        raise AlreadySigned(_("You have signed this agreement already.")) from error
    if side == Side.RESPONDENT and not dispute.respondent_name:
        dispute.respondent_name = name.strip()
        dispute.save(update_fields=["respondent_name"])
    events.record(
        "settlement.signed", dispute, by=dispute.named(by), at=at, version=settlement.version, digest=digest
    )
    if settlement.signatures.count() == 2:
        _conclude(dispute, settlement, at)
    return settlement


def _conclude(dispute: Dispute, settlement: Settlement, at: datetime) -> None:
    settlement.signed_at = at
    settlement.save(update_fields=["signed_at"])
    verb = "conclude_mediated" if settlement.mediated else "conclude"
    dispute.state = MACHINE.after(verb, dispute.state)
    dispute.save(update_fields=["state"])
    obligation = Obligation.objects.create(
        settlement=settlement,
        number=1,
        obligor=Side.RESPONDENT,
        amount_fen=settlement.terms["amount_fen"],  # none where something else than money was agreed
        due_at=payment_due(at.astimezone(CHINA), settlement.terms["pay_within_days"]),
    )
    deadlines.start("settlement.performance", dispute, at=at, subject=obligation.key, until=obligation.due_at)
    if not settlement.mediated:
        deadlines.start("settlement.cooling_off", dispute, at=at)
    events.record("settlement.concluded", dispute, by=SYSTEM, at=at, version=settlement.version)


def take_effect(dispute: Dispute, *, at: datetime) -> None:
    """Put the settlement into force when the time to reconsider has passed. The caller holds the case."""
    dispute.state = MACHINE.after("take_effect", dispute.state)
    dispute.save(update_fields=["state"])


@transaction.atomic
def rescind_settlement(*, dispute_id: int, by: Actor, at: datetime) -> Dispute:
    """Take the agreement back within the time to reconsider: talks go on with a fresh term.

    :raises microguard.core.machine.NotPossible: when that time has passed, or payment was reported
    """
    dispute = held(dispute_id, "settlement.rescind", by, at)
    dispute.state = MACHINE.after("rescind", dispute.state)
    in_force = Obligation.objects.filter(settlement__dispute=dispute, settlement__void_at__isnull=True)
    if in_force.exclude(state=ObligationState.PENDING).exists():
        raise NotPossible(_("This is no longer possible: the case has moved on. Load the page again."))
    dispute.save(update_fields=["state"])
    dispute.settlements.filter(void_at__isnull=True).update(void_at=at)
    deadlines.cancel(dispute, "settlement.cooling_off", "settlement.performance", at=at)
    deadlines.start("negotiation.term", dispute, at=at)
    events.record("settlement.rescinded", dispute, by=dispute.named(by), at=at)
    return dispute


@transaction.atomic
def refuse_to_sign(*, dispute_id: int, by: Actor, at: datetime) -> Dispute:
    """Refuse to sign the draft: it is void and mediation is offered, for both to answer afresh."""
    dispute = held(dispute_id, "settlement.sign", by, at)
    dispute.state = MACHINE.after("refuse_to_sign", dispute.state)
    dispute.save(update_fields=["state"])
    dispute.settlements.filter(void_at__isnull=True).update(void_at=at)
    dispute.mediation_consents.all().delete()
    deadlines.start("mediation.consent", dispute, at=at)
    events.record("settlement.refused", dispute, by=dispute.named(by), at=at)
    return dispute
