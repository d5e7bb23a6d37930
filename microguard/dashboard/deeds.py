"""What the office can do in a case now: the permission table and the state machines decide, one action each."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints.actions.breaches import note_breach, withdraw_breach
from complaints.actions.decision import accept_complaint, ask_information, decline_complaint
from complaints.actions.linking import LINKABLE, link_complaint
from complaints.actions.public_record import count_again, set_apart
from complaints.selectors import set_apart_now
from complaints.states import UNDECIDED
from complaints.states import State as ComplaintState
from disputes.actions.appraisal import let_term_run, stop_term
from disputes.actions.mediation import assign_mediator, declare_impartiality, post_message, propose
from disputes.actions.opening import make_link, note_invitation
from disputes.actions.outcome import close_dispute, settle_at_once
from disputes.states import MACHINE as DISPUTE
from disputes.states import State
from microguard.core.errors import Refusal
from microguard.dashboard import forms, promises, tracing
from microguard.dashboard.situation import Deed, Situation

UNDER_WAY = {State.MEDIATION_OFFERED, State.MEDIATION}
NOT_YET_IN = {State.AWAITING_ANSWER, State.NEGOTIATION, State.MEDIATION_OFFERED}


def _case(situation: Situation) -> int:
    return situation.case.complaint.pk


def _ask(situation: Situation, form: forms.QuestionForm, at: datetime) -> None:
    question = form.cleaned_data["question"]
    ask_information(complaint_id=_case(situation), question=question, by=situation.actor, at=at)


def _accept(situation: Situation, form: forms.AcceptForm, at: datetime) -> None:
    accept_complaint(complaint_id=_case(situation), merchant_id=form.merchant_id, by=situation.actor, at=at)


def _relink(situation: Situation, form: forms.LinkForm, at: datetime) -> None:
    merchant, reason = form.cleaned_data["merchant_id"], form.cleaned_data["reason"]
    link_complaint(complaint_id=_case(situation), merchant_id=merchant, reason=reason, by=situation.actor, at=at)


def _decline(situation: Situation, form: forms.DeclineForm, at: datetime) -> None:
    decline_complaint(complaint_id=_case(situation), **form.cleaned_data, by=situation.actor, at=at)


def _settle(situation: Situation, form: forms.SettleForm, at: datetime) -> None:
    settle_at_once(complaint_id=_case(situation), **form.cleaned_data, by=situation.actor, at=at)


def _link(situation: Situation, form: None, at: datetime) -> str:
    return make_link(dispute_id=situation.dispute.pk, by=situation.actor, at=at)


def _invited(situation: Situation, form: None, at: datetime) -> None:
    note_invitation(dispute_id=situation.dispute.pk, by=situation.actor, at=at)


def _assign(situation: Situation, form: forms.AssignForm, at: datetime) -> None:
    mediator = form.cleaned_data["mediator"].pk
    assign_mediator(dispute_id=situation.dispute.pk, mediator_id=mediator, by=situation.actor, at=at)


def _take(situation: Situation, form: None, at: datetime) -> None:
    me = situation.actor.user_id or 0
    assign_mediator(dispute_id=situation.dispute.pk, mediator_id=me, by=situation.actor, at=at)


def _declare(situation: Situation, form: None, at: datetime) -> None:
    declare_impartiality(dispute_id=situation.dispute.pk, by=situation.actor, at=at)


def _say(situation: Situation, form: forms.RoomForm, at: datetime) -> None:
    post_message(dispute_id=situation.dispute.pk, **form.cleaned_data, by=situation.actor, at=at)


def _propose(situation: Situation, form: forms.ProposalForm, at: datetime) -> None:
    propose(dispute_id=situation.dispute.pk, terms=form.terms(), by=situation.actor, at=at)


def _stop(situation: Situation, form: forms.StopForm, at: datetime) -> None:
    stop_term(dispute_id=situation.dispute.pk, **form.cleaned_data, by=situation.actor, at=at)


def _go_on(situation: Situation, form: forms.GoOnForm, at: datetime) -> None:
    let_term_run(dispute_id=situation.dispute.pk, **form.cleaned_data, by=situation.actor, at=at)


def _close(situation: Situation, form: forms.CloseForm, at: datetime) -> None:
    close_dispute(dispute_id=situation.dispute.pk, **form.cleaned_data, by=situation.actor, at=at)


def _breached(situation: Situation, form: promises.BreachForm, at: datetime) -> None:
    note_breach(complaint_id=_case(situation), **form.cleaned_data, by=situation.actor, at=at)


def _kept(situation: Situation, form: promises.KeptForm, at: datetime) -> None:
    withdraw_breach(breach_id=form.cleaned_data["breach_id"], by=situation.actor, at=at)


def _set_apart(situation: Situation, form: forms.SetApartForm, at: datetime) -> None:
    set_apart(complaint_id=_case(situation), **form.cleaned_data, by=situation.actor, at=at)


def _count_again(situation: Situation, form: None, at: datetime) -> None:
    count_again(complaint_id=_case(situation), by=situation.actor, at=at)


def _may_set_apart(situation: Situation) -> bool:
    complaint = situation.case.complaint
    linked = complaint.merchant_id is not None and situation.may("record.set_apart")
    return linked and set_apart_now(complaint) is None


def _may_count_again(situation: Situation) -> bool:
    return situation.may("record.set_apart") and set_apart_now(situation.case.complaint) is not None


def _is_mine(situation: Situation) -> bool:
    return situation.assignment is not None and situation.assignment.mediator_id == situation.actor.user_id


def _may_take(situation: Situation) -> bool:
    free = situation.assignment is None and situation.stands_in(UNDER_WAY)
    return free and situation.may("mediation.take")


def _may_declare(situation: Situation) -> bool:
    undeclared = situation.assignment is not None and situation.assignment.declared_at is None
    return undeclared and _is_mine(situation) and situation.may("mediation.conduct")


def _may_propose(situation: Situation) -> bool:
    if not (situation.stands_in({State.MEDIATION}) and situation.may("mediation.conduct")):
        return False
    return not situation.dispute.proposals.filter(ended_at__isnull=True).exists()


def _may_note_invitation(situation: Situation) -> bool:
    waiting = situation.stands_in({State.AWAITING_ANSWER}) and situation.dispute.invited_at is None
    return waiting and situation.may("dispute.invite")


def _may_invite(situation: Situation) -> bool:
    inside = situation.case.dispute is not None and bool(situation.case.dispute.respondent_phone_hash)
    return situation.stands_in(NOT_YET_IN) and not inside and situation.may("dispute.invite")


def _may_relink(situation: Situation) -> bool:
    complaint = situation.case.complaint
    named = complaint.merchant_id is not None or complaint.state == ComplaintState.TRACING_SELLER
    return named and complaint.state in LINKABLE and situation.may("registry.link")


def _may_settle(situation: Situation) -> bool:
    undecided = situation.case.dispute is None and situation.case.complaint.state in UNDECIDED
    open_dispute = situation.stands_in(DISPUTE.moves["close"][0])
    return (undecided or open_dispute) and situation.may("dispute.settle_at_once")


def _may_stop(situation: Situation) -> bool:
    runs = situation.case.dispute is not None and situation.term is not None and not situation.term.stopped_since
    return runs and situation.may("mediation.stop_term")


def _may_go_on(situation: Situation) -> bool:
    stands = situation.case.dispute is not None and situation.term is not None and situation.term.stopped_since
    return bool(stands) and situation.may("mediation.stop_term")


# In the order in which a case needs them: the first possible one is the next action.
DEEDS = (
    *tracing.UNDER_WAY,
    Deed(
        "accept",
        _("Take the case on"),
        lambda situation: situation.complaint_can("accept"),
        _accept,
        _("Accepted. The dispute opens in a moment."),
        forms.AcceptForm,
    ),
    Deed(
        "ask",
        _("Ask for information"),
        lambda situation: situation.complaint_can("ask_information"),
        _ask,
        _("The buyer is asked."),
        forms.QuestionForm,
    ),
    *tracing.BEGINNING,
    Deed(
        "link", _("Make a link for the seller"), _may_invite, _link, _("Copy the link now: it is shown only once.")
    ),
    Deed(
        "invited",
        _("The invitation reached the seller"),
        _may_note_invitation,
        _invited,
        _("Noted. The seller's time to answer runs."),
    ),
    Deed("take", _("Take it"), _may_take, _take, _("The case is yours. Declare that you are impartial.")),
    Deed("declare", _("I am impartial"), _may_declare, _declare, _("Declared. Both sides are told your name.")),
    Deed(
        "message",
        _("Write to both"),
        lambda situation: situation.stands_in({State.MEDIATION}) and situation.may("message.post"),
        _say,
        _("Sent to both."),
        forms.RoomForm,
    ),
    Deed(
        "propose",
        _("Make a proposal"),
        _may_propose,
        _propose,
        _("The proposal is with both sides. Neither sees the other's answer."),
        forms.ProposalForm,
    ),
    Deed(
        "assign",
        _("Assign a mediator"),
        lambda situation: situation.stands_in(UNDER_WAY) and situation.may("mediation.assign"),
        _assign,
        _("Assigned."),
        forms.AssignForm,
    ),
    Deed(
        "settle",
        _("Settled and paid at once"),
        _may_settle,
        _settle,
        _("Closed as settled and performed."),
        forms.SettleForm,
    ),
    Deed(
        "go_on",
        _("Let the time for mediation run again"),
        _may_go_on,
        _go_on,
        _("The time for mediation runs again. Both sides are told."),
        forms.GoOnForm,
    ),
    Deed(
        "stop",
        _("Stop the time for mediation"),
        _may_stop,
        _stop,
        _("The time for mediation stands still. Both sides are told."),
        forms.StopForm,
    ),
    Deed(
        "seller",
        _("It is another seller"),
        _may_relink,
        _relink,
        _("Linked. The story of the case keeps who it was before."),
        forms.LinkForm,
    ),
    Deed(
        "promise",
        _("The seller did not keep a promise"),
        lambda situation: situation.may("breach.note") and bool(promises.unbroken(situation.case)),
        _breached,
        _("Noted. Both sides read it in the case."),
        promises.BreachForm,
    ),
    Deed(
        "kept",
        _("Take back that a promise was not kept"),
        lambda situation: situation.may("breach.note") and bool(promises.broken(situation.case)),
        _kept,
        _("Taken back."),
        promises.KeptForm,
    ),
    Deed(
        "apart",
        _("Leave out of the seller's public record"),
        _may_set_apart,
        _set_apart,
        _("Left out. The buyer is told, reads the reason and may object."),
        forms.SetApartForm,
    ),
    Deed(
        "count",
        _("Count in the public record again"),
        _may_count_again,
        _count_again,
        _("It counts again. The buyer is told."),
    ),
    Deed(
        "decline",
        _("Decline the complaint"),
        lambda situation: situation.complaint_can("decline"),
        _decline,
        _("Declined. The buyer is told the reason and the other ways."),
        forms.DeclineForm,
        "danger",
    ),
    Deed(
        "close",
        _("Close without a settlement"),
        lambda situation: situation.stands_in(DISPUTE.moves["close"][0]) and situation.may("dispute.close"),
        _close,
        _("Closed."),
        forms.CloseForm,
        "danger",
    ),
)


class NotNow(Refusal):
    """The step is not possible in this case now, or not for this reader."""

    code = "not_now"

    def __init__(self) -> None:
        super().__init__(_("This is no longer possible: the case has moved on. Load the page again."))


def possible_deeds(situation: Situation) -> list[Deed]:
    """Return what this reader can do in this case now; the first is the next action."""
    return [deed for deed in DEEDS if deed.possible(situation)]


def deed_called(slug: str, situation: Situation) -> Deed:
    """Return the step of this name.

    :raises NotNow: when it is not possible now
    """
    for deed in DEEDS:
        if deed.slug == slug and deed.possible(situation):
            return deed
    raise NotNow
