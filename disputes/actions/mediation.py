"""Mediation: offered, consented to, one mediator, the joint room, a proposal answered double-blind."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.states import Side
from disputes.actions.access import held
from disputes.actions.settlement import draft_settlement
from disputes.models import Assignment, Dispute, MediationConsent, Message, Proposal, ProposalAnswer
from disputes.rules.terms import Terms, may_accept
from disputes.states import MACHINE, OfferState, State
from microguard.accounts import policies
from microguard.accounts.actors import SYSTEM, Actor, actor_of
from microguard.accounts.models import User
from microguard.core.errors import Refusal
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

LONGEST_MESSAGE = 2000
# Words of one length: the length of a sealed answer must not tell which of the two it is.
ACCEPTED, REFUSED = "accept", "refuse"


class NotAMediator(Refusal):
    """The person may not mediate this case."""

    code = "not_a_mediator"


class NothingToSend(Refusal):
    """A message or proposal without words."""

    code = "msg_empty"


class NotYet(Refusal):
    """The step needs another one first."""

    code = "not_yet"


class NoProposal(Refusal):
    """No proposal is open."""

    code = "no_proposal"


@transaction.atomic
def ask_for_mediation(*, dispute_id: int, by: Actor, at: datetime) -> Dispute:
    """End the talks between the two and offer mediation; who asks consents by asking.

    :raises microguard.core.machine.NotPossible: unless the two are negotiating
    """
    dispute = held(dispute_id, "mediation.ask", by, at)
    MACHINE.after("ask_mediation", dispute.state)
    offer_mediation(dispute, by=dispute.named(by), at=at)
    _consent(dispute, dispute.side_of(by), consents=True, at=at)
    return dispute


def offer_mediation(dispute: Dispute, *, by: Actor, at: datetime) -> None:
    """Offer mediation to both sides and start their term to consent. The caller holds the case."""
    dispute.state = MACHINE.after("offer_mediation", dispute.state)
    dispute.save(update_fields=["state"])
    dispute.mediation_consents.all().delete()  # of an earlier round: nobody has answered this one yet
    deadlines.cancel(dispute, "negotiation.term", "respondent.reminder", at=at)
    deadlines.start("mediation.consent", dispute, at=at)
    events.record("mediation.offered", dispute, by=by, at=at)


@transaction.atomic
def answer_mediation(*, dispute_id: int, consents: bool, by: Actor, at: datetime) -> Dispute:
    """Consent to mediation, or refuse it; when both consent, mediation begins once a mediator is there.

    :raises microguard.core.machine.NotPossible: when mediation is not on offer
    """
    dispute = held(dispute_id, "mediation.consent", by, at)
    MACHINE.after("begin_mediation", dispute.state)
    _consent(dispute, dispute.side_of(by), consents=consents, at=at)
    return dispute


def _consent(dispute: Dispute, side: str, *, consents: bool, at: datetime) -> None:
    MediationConsent.objects.update_or_create(
        dispute=dispute, side=side, defaults={"consents": consents, "answered_at": at}
    )
    party = Actor(reference=side.lower())
    events.record("mediation.consented" if consents else "mediation.refused", dispute, by=party, at=at, side=side)
    if dispute.mediation_consents.filter(consents=True).count() == 2:
        deadlines.meet("mediation.consent", dispute, at=at)
        _begin_if_ready(dispute, at)


def _begin_if_ready(dispute: Dispute, at: datetime) -> None:
    consented = dispute.mediation_consents.filter(consents=True).count() == 2
    assignment = _mediator_of(dispute)
    declared = assignment is not None and assignment.declared_at is not None
    if consented and declared and dispute.state == State.MEDIATION_OFFERED:
        dispute.state = MACHINE.after("begin_mediation", dispute.state)
        dispute.save(update_fields=["state"])
        events.record("mediation.begun", dispute, by=SYSTEM, at=at)


def _mediator_of(dispute: Dispute) -> Assignment | None:
    assignment: Assignment | None = dispute.assignments.filter(ended_at__isnull=True).first()
    return assignment


@transaction.atomic
def assign_mediator(*, dispute_id: int, mediator_id: int, by: Actor, at: datetime) -> Assignment:
    """Give the case to a mediator, who then declares to be impartial; a former one is relieved.

    A mediator may take a case that nobody mediates; giving it to somebody, or to somebody else, is a right of
    its own.

    :raises NotAMediator: when the person has not that role, or another one has taken the case
    :raises NotYet: before mediation is offered
    """
    taken = mediator_id == by.user_id and not policies.can(by, "mediation.assign")
    dispute = held(dispute_id, "mediation.take" if taken else "mediation.assign", by, at)
    mediator = User.objects.filter(pk=mediator_id, is_active=True).first()
    if mediator is None or not policies.can(actor_of(mediator), "mediation.conduct"):
        raise NotAMediator(_("This person is not a mediator."))
    if not {State.MEDIATION_OFFERED, State.MEDIATION} & {State(dispute.state)}:
        raise NotYet(_("A mediator is assigned once mediation is offered."))
    present = _mediator_of(dispute)
    if taken and present is not None and present.mediator_id != mediator_id:
        raise NotAMediator(_("Another mediator has taken this case."))
    dispute.assignments.filter(ended_at__isnull=True).update(ended_at=at)
    assignment: Assignment = Assignment.objects.create(
        dispute=dispute, mediator=mediator, assigned_at=at, assigned_by=by.reference
    )
    deadlines.cancel(dispute, "mediator.declaration", "mediator.objection", at=at)
    deadlines.start("mediator.declaration", dispute, at=at)
    events.record("mediator.assigned", dispute, by=by, at=at, mediator=mediator.pk)
    return assignment


@transaction.atomic
def declare_impartiality(*, dispute_id: int, by: Actor, at: datetime) -> Assignment:
    """Declare as the assigned mediator to have no tie to either side; the parties are told the name."""
    dispute = held(dispute_id, "mediation.conduct", by, at)
    assignment = _mediator_of(dispute)
    if assignment is None or assignment.mediator_id != by.user_id:
        raise NotAMediator(_("This case is not assigned to you."))
    if assignment.declared_at is None:
        assignment.declared_at = at
        assignment.save(update_fields=["declared_at"])
        deadlines.meet("mediator.declaration", dispute, at=at)
        deadlines.start("mediator.objection", dispute, at=at)
        events.record("mediator.declared", dispute, by=by, at=at)
        _begin_if_ready(dispute, at)
    return assignment


@transaction.atomic
def post_message(*, dispute_id: int, text: str, key: str, by: Actor, at: datetime) -> Message:
    """Post a message to the joint room, where buyer, seller and mediator read it.

    A request that is repeated (same `key`) finds the message that it posted.

    :raises NothingToSend: when it is empty or too long
    :raises NotYet: before mediation has begun
    """
    dispute = held(dispute_id, "message.post", by, at)
    if dispute.state != State.MEDIATION:
        raise NotYet(_("The joint room opens when both agree to mediation and a mediator is there."))
    if not 1 <= len(text.strip()) <= LONGEST_MESSAGE:
        raise NothingToSend(_("Write something or attach a file."))
    side = dispute.side_of(by)
    posted: Message | None = dispute.messages.filter(side=side, key=key).first()
    if posted is not None:
        return posted
    message: Message = Message.objects.create(
        dispute=dispute,
        side=side,
        author_id=by.user_id if side == Side.OFFICE else None,
        text=text.strip(),
        posted_at=at,
        key=key,
    )
    events.record("message.posted", dispute, by=dispute.named(by), at=at, message=message.pk, side=side)
    return message


@transaction.atomic
def propose(*, dispute_id: int, terms: Terms, by: Actor, at: datetime) -> Proposal:
    """Propose terms as the mediator, with reasons in `terms.note`; a proposal that is open must end first.

    :raises NotYet: before mediation has begun, or while a proposal is open
    :raises NothingToSend: without reasons or without terms
    """
    dispute = held(dispute_id, "mediation.conduct", by, at)
    if dispute.state != State.MEDIATION:
        raise NotYet(_("The joint room opens when both agree to mediation and a mediator is there."))
    if dispute.proposals.filter(ended_at__isnull=True).exists():
        raise NotYet(_("Your last proposal has not been answered by both yet."))
    if not terms.note.strip() or not (terms.amount_fen or terms.goods_returned):
        raise NothingToSend(_("A proposal needs terms and the reasons for them."))
    proposal: Proposal = Proposal.objects.create(
        dispute=dispute,
        mediator_id=by.user_id or 0,
        amount_fen=terms.amount_fen,
        goods_returned=terms.goods_returned,
        pay_within_days=terms.pay_within_days,
        reasons=terms.note.strip(),
        made_at=at,
    )
    deadlines.start("proposal.reflection", dispute, at=at)
    events.record("proposal.made", dispute, by=by, at=at, proposal=proposal.pk)
    return proposal


@transaction.atomic
def answer_proposal(
    *, dispute_id: int, accepts: bool, waives_reflection: bool, by: Actor, at: datetime
) -> Proposal:
    """Seal one side's answer. When both are in, the proposal ends: agreed if both accept, else "no agreement".

    Neither side learns the other's answer; what is recorded is the joint result.

    :raises NoProposal: when none is open
    :raises NotYet: when a party accepts before a day's reflection without waiving it
    """
    dispute = held(dispute_id, "proposal.answer", by, at)
    proposal: Proposal | None = dispute.proposals.filter(ended_at__isnull=True).first()
    if proposal is None or dispute.state != State.MEDIATION:
        raise NoProposal(_("There is no open proposal. Load the page again."))
    if accepts and not may_accept(proposal.made_at, at, waived=waives_reflection):
        raise NotYet(_("Take a day to think it over, or tick that you do not want to wait."))
    side = dispute.side_of(by)
    ProposalAnswer.objects.update_or_create(
        proposal=proposal,
        side=side,
        defaults={
            "answer": ACCEPTED if accepts else REFUSED,
            "answered_at": at,
            "waived_reflection": waives_reflection,
        },
    )
    events.record("proposal.answered", dispute, by=dispute.named(by), at=at, side=side)
    answers = [answer.answer for answer in proposal.answers.all()]
    if len(answers) == 2:
        end_proposal(dispute, proposal, accepted=answers == [ACCEPTED, ACCEPTED], at=at)
    return proposal


def end_proposal(dispute: Dispute, proposal: Proposal, *, accepted: bool, at: datetime) -> None:
    """End the proposal with its joint result; single answers are destroyed. The caller holds the case."""
    proposal.ended_at, proposal.accepted = at, accepted
    proposal.save(update_fields=["ended_at", "accepted"])
    proposal.answers.update(answer="")
    deadlines.cancel(dispute, "proposal.reflection", at=at)
    events.record(
        "proposal.accepted" if accepted else "proposal.not_agreed",
        dispute,
        by=SYSTEM,
        at=at,
        proposal=proposal.pk,
    )
    if accepted:
        dispute.state = MACHINE.after("agree", dispute.state)
        dispute.save(update_fields=["state"])
        dispute.offers.filter(state=OfferState.OPEN).update(state=OfferState.ENDED, ended_at=at)
        terms = Terms(proposal.amount_fen, proposal.pay_within_days, proposal.goods_returned)
        draft_settlement(dispute, terms=terms, mediated=True, by=SYSTEM, at=at)


def drop_proposal(dispute: Dispute, *, at: datetime) -> None:
    """End an open proposal because the case was settled or closed otherwise; single answers are destroyed."""
    dropped = dispute.proposals.filter(ended_at__isnull=True)
    ProposalAnswer.objects.filter(proposal__in=dropped).update(answer="")
    dropped.update(ended_at=at, accepted=False)
    deadlines.cancel(dispute, "proposal.reflection", at=at)
