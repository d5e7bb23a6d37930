"""Answering, offering, agreeing; mediation and its joint room."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from complaints.states import Side
from disputes.actions.mediation import answer_mediation, answer_proposal, ask_for_mediation, post_message
from disputes.actions.negotiation import accept_offer, agree_to_claim, claimed_fen, contest, make_offer
from disputes.forms.party import ConsentForm, MessageForm, OfferForm, ProposalAnswerForm, ReplyForm
from disputes.models import Dispute
from disputes.selectors.cases import CaseFile, may_accept_from, offers_of
from disputes.states import OfferState
from disputes.views.case import back_to_case, of_dispute, page
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.errors import Refusal

CLAIM_PAID_WITHIN = 7  # days offered to a seller who agrees to the whole claim


@require_http_methods(["GET", "POST"])
@of_dispute
def reply(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Take the seller's first answer: agree, offer something else, or disagree."""
    form = ReplyForm(request.POST or None)
    if form.is_valid():
        answer, by, at = form.cleaned_data["answer"], acting(request), clock.now()
        if answer == "offer":
            return redirect("disputes:offers", number=case.complaint.number)
        try:
            if answer == "agree":
                agree_to_claim(dispute_id=dispute.pk, pay_within_days=CLAIM_PAID_WITHIN, by=by, at=at)
                return redirect("disputes:settlement", number=case.complaint.number)
            contest(dispute_id=dispute.pk, reason=form.cleaned_data["reason"], by=by, at=at)
            return back_to_case(request, case, _("Your answer is on its way to the buyer."))
        except Refusal as refusal:
            form.add_error("reason" if refusal.code == "answer_reason" else None, refusal.message)
    return page(request, case, "reply", form, claimed_fen=claimed_fen(dispute))


@require_http_methods(["GET", "POST"])
@of_dispute
def offers(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Show all offers; make one."""
    form = OfferForm(request.POST or None, initial={"amount_fen": claimed_fen(dispute) or None})
    if form.is_valid():
        try:
            make_offer(dispute_id=dispute.pk, terms=form.terms(), by=acting(request), at=clock.now())
            return back_to_case(request, case, _("Your offer is on its way to the other side."))
        except Refusal as refusal:
            form.add_error("amount_fen" if refusal.code == "offer_over" else None, refusal.message)
    cards = [_card(offer, case.side) for offer in offers_of(dispute)]
    return page(request, case, "offers", form, offers=cards)


def _card(offer: Any, side: str) -> dict[str, Any]:
    is_open = offer.state == OfferState.OPEN and clock.now() < offer.valid_until
    return {
        "pk": offer.pk,
        "side": offer.side,
        "is_own": offer.side == side,
        "is_open": is_open,
        "state": OfferState.ENDED.label
        if offer.state == OfferState.OPEN and not is_open
        else offer.get_state_display(),
        "amount_fen": offer.amount_fen,
        "goods_returned": offer.goods_returned,
        "pay_within_days": offer.pay_within_days,
        "note": offer.note,
        "made_at": offer.made_at,
        "valid_until": offer.valid_until,
    }


@require_http_methods(["GET", "POST"])
@of_dispute
def accept(request: HttpRequest, case: CaseFile, dispute: Dispute, offer: int) -> HttpResponse:
    """Repeat the offer in one sentence; accept exactly that."""
    found = dispute.offers.filter(pk=offer).first()
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            accept_offer(dispute_id=dispute.pk, offer_id=offer, by=acting(request), at=clock.now())
            return redirect("disputes:settlement", number=case.complaint.number)
        except Refusal as refusal:
            errors = [{"id": "", "text": refusal.message}]
    if found is None:
        return redirect("disputes:offers", number=case.complaint.number)
    response = page(request, case, "accept", offer=_card(found, case.side), form_errors=errors)
    response.status_code = 409 if errors else 200
    return response


@require_http_methods(["GET", "POST"])
@of_dispute
def mediation(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Say yes or no to mediation."""
    form = ConsentForm(request.POST or None)
    if form.is_valid():
        try:
            answer_mediation(
                dispute_id=dispute.pk,
                consents=form.cleaned_data["answer"] == "yes",
                by=acting(request),
                at=clock.now(),
            )
            return back_to_case(request, case, _("Your answer is recorded."))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return page(request, case, "mediation", form)


@require_POST
@of_dispute
def ask_mediation(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """End the talks between the two and ask for a mediator."""
    try:
        ask_for_mediation(dispute_id=dispute.pk, by=acting(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("disputes:case", number=case.complaint.number)
    return back_to_case(request, case, _("We ask the other side whether it agrees to mediation."))


@require_http_methods(["GET", "POST"])
@of_dispute
def room(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Show the joint room with its messages and the open proposal; post a message."""
    form = MessageForm(request.POST or None)
    if form.is_valid():
        try:
            post_message(
                dispute_id=dispute.pk,
                text=form.cleaned_data["text"],
                key=form.cleaned_data["key"],
                by=acting(request),
                at=clock.now(),
            )
            return redirect("disputes:room", number=case.complaint.number)
        except Refusal as refusal:
            form.add_error("text", refusal.message)
    return page(request, case, "room", form, **_room(case, dispute))


def _room(case: CaseFile, dispute: Dispute) -> dict[str, Any]:
    proposal = dispute.proposals.filter(ended_at__isnull=True).select_related("mediator").first()
    return {
        "thread": [
            {
                "who": message.author or message.get_side_display(),
                "role": _("Mediator") if message.author_id else message.get_side_display(),
                "at": message.posted_at,
                "text": message.text,
                "is_own": message.side == case.side,
            }
            for message in dispute.messages.select_related("author").order_by("pk")
        ],
        "proposal": proposal,
        "proposal_form": ProposalAnswerForm(),
        "answered": bool(proposal and proposal.answers.filter(side=case.side).exists()),
        "may_accept_from": may_accept_from(proposal.made_at) if proposal else None,
        "is_party": case.side != Side.OFFICE,
        "message_key": clock.now().isoformat(),
    }


@require_POST
@of_dispute
def proposal(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Seal one's answer to the mediator's proposal."""
    form = ProposalAnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_proposal(
                dispute_id=dispute.pk,
                accepts=form.cleaned_data["answer"] == "yes",
                waives_reflection=form.cleaned_data["waive"],
                by=acting(request),
                at=clock.now(),
            )
            return back_to_case(request, case, _("Your answer is sealed until both have answered."))
        except Refusal as refusal:
            form.add_error("waive" if refusal.code == "not_yet" else None, refusal.message)
    context = _room(case, dispute) | {"proposal_form": form, "message_form": MessageForm()}
    return page(request, case, "room", form, **context)
