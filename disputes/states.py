"""Where a dispute stands and how it ended: two separate things."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from microguard.core.machine import Machine


class State(models.TextChoices):
    """Stages of a dispute."""

    AWAITING_ANSWER = "AWAITING_ANSWER", _("Waiting for the seller")
    NEGOTIATION = "NEGOTIATION", _("Negotiation")
    MEDIATION_OFFERED = "MEDIATION_OFFERED", _("Mediation offered")
    MEDIATION = "MEDIATION", _("Mediation")
    SIGNING = "SIGNING", _("Signing")
    COOLING_OFF = "COOLING_OFF", _("Time to reconsider")
    PERFORMANCE = "PERFORMANCE", _("Keeping the agreement")
    SUSPENDED = "SUSPENDED", _("Suspended")
    CLOSED = "CLOSED", _("Closed")


class Outcome(models.TextChoices):
    """How a dispute ended."""

    PERFORMED = "PERFORMED", _("Settled and kept")
    CONFIRMED_SOLVED = "CONFIRMED_SOLVED", _("Solved, says the buyer")
    WITHDRAWN_SOLVED = "WITHDRAWN_SOLVED", _("Withdrawn, solved")
    WITHDRAWN_OTHER = "WITHDRAWN_OTHER", _("Withdrawn")
    NO_AGREEMENT = "NO_AGREEMENT", _("No agreement")
    NO_RESPONSE = "NO_RESPONSE", _("The seller did not answer")
    NO_CONSENT = "NO_CONSENT", _("No consent to mediation")
    TERM_EXPIRED = "TERM_EXPIRED", _("Term ended")
    BREACHED = "BREACHED", _("Agreement not kept")
    RESCINDED = "RESCINDED", _("Agreement taken back")
    DECLINED = "DECLINED", _("Not accepted")


TALKING = {State.NEGOTIATION, State.MEDIATION_OFFERED, State.MEDIATION}
OPEN = set(State) - {State.CLOSED}

MACHINE = Machine(
    answer=({State.AWAITING_ANSWER}, State.NEGOTIATION),
    ask_mediation=({State.NEGOTIATION}, State.MEDIATION_OFFERED),
    offer_mediation=({State.AWAITING_ANSWER, State.NEGOTIATION}, State.MEDIATION_OFFERED),
    begin_mediation=({State.MEDIATION_OFFERED}, State.MEDIATION),
    agree=(TALKING, State.SIGNING),
    refuse_to_sign=({State.SIGNING}, State.MEDIATION_OFFERED),
    conclude=({State.SIGNING}, State.COOLING_OFF),
    conclude_mediated=({State.SIGNING}, State.PERFORMANCE),
    take_effect=({State.COOLING_OFF}, State.PERFORMANCE),
    rescind=({State.COOLING_OFF}, State.NEGOTIATION),
    perform=({State.COOLING_OFF, State.PERFORMANCE}, State.CLOSED),
    close=(OPEN, State.CLOSED),
)


class OfferState(models.TextChoices):
    """What became of an offer."""

    OPEN = "OPEN", _("Open")
    REPLACED = "REPLACED", _("Replaced by a newer one")
    ACCEPTED = "ACCEPTED", _("Accepted")
    ENDED = "ENDED", _("No longer valid")


class ObligationState(models.TextChoices):
    """Whether what was agreed has been done."""

    PENDING = "PENDING", _("To be done")
    CLAIMED_DONE = "CLAIMED_DONE", _("Reported as done")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    DISPUTED = "DISPUTED", _("Not received")


class Objection(models.TextChoices):
    """What a seller who disagrees says."""

    PARTLY = "PARTLY", _("I agree in part")
    DISAGREE = "DISAGREE", _("I disagree")
    NOT_ME = "NOT_ME", _("This is not me")
