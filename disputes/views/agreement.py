"""The agreement: read, signed by code, reconsidered, kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from complaints.states import Side
from disputes.actions.performance import confirm_performance, dispute_performance, report_performance
from disputes.actions.settlement import refuse_to_sign, rescind_settlement, sign_settlement
from disputes.forms.party import PaidForm, SignForm
from disputes.models import Dispute
from disputes.selectors.cases import CaseFile, reconsideration, settlement_in_force
from disputes.views.case import back_to_case, of_dispute, page
from microguard.accounts.actions.codes import prove_phone
from microguard.accounts.middleware import acting
from microguard.accounts.models import CodePurpose
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.notifications.actions.sending import send_code


@require_http_methods(["GET", "POST"])
@of_dispute
def settlement(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Show the agreement in numbered sentences; sign it by name and one-time code."""
    agreed = settlement_in_force(dispute)
    fresh = SignForm(initial={"digest": agreed.digest if agreed else ""})
    if request.method == "GET":
        return _settlement_page(request, case, dispute, fresh)
    try:
        if "send_code" in request.POST:
            _send_code(case, dispute)
            messages.success(request, _("The code is on its way to your phone."))
            return redirect("disputes:settlement", number=case.complaint.number)
    except Refusal as refusal:
        return _settlement_page(request, case, dispute, fresh, error=refusal.message)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            _sign(request, case, dispute, form)
            return back_to_case(request, case, _("You have signed."))
        except Refusal as refusal:
            form.add_error("code" if refusal.code.startswith("otp") else None, refusal.message)
    return _settlement_page(request, case, dispute, form)


def _send_code(case: CaseFile, dispute: Dispute) -> None:
    language = get_language() or "zh-hans"
    send_code(phone=_phone_of(case, dispute), purpose=CodePurpose.SIGN, language=language, at=clock.now())


def _sign(request: HttpRequest, case: CaseFile, dispute: Dispute, form: SignForm) -> None:
    code = form.cleaned_data["code"]
    prove_phone(phone=_phone_of(case, dispute), purpose=CodePurpose.SIGN, code=code, at=clock.now())
    sign_settlement(
        dispute_id=dispute.pk,
        digest=form.cleaned_data["digest"],
        name=form.cleaned_data["name"],
        by=acting(request),
        at=clock.now(),
    )


def _settlement_page(
    request: HttpRequest, case: CaseFile, dispute: Dispute, form: SignForm, *, error: str = ""
) -> HttpResponse:
    agreed = settlement_in_force(dispute)
    signed = {signature.side: signature for signature in agreed.signatures.all()} if agreed else {}
    response = page(
        request,
        case,
        "settlement",
        form,
        settlement=agreed,
        sentences=_sentences(agreed),
        signatures=list(signed.values()),
        has_signed=case.side in signed,
        is_party=case.side != Side.OFFICE,
        reconsideration=reconsideration(dispute),
        form_errors=[{"id": "", "text": error}] if error else [],
    )
    if error:
        response.status_code = 422
    return response


def _sentences(agreed: Any) -> list[str]:
    if agreed is None:
        return []
    by_language: dict[str, list[str]] = agreed.terms["sentences"]
    return by_language.get(get_language() or "", by_language["zh-hans"])


def _phone_of(case: CaseFile, dispute: Dispute) -> str:
    """Return the phone to which a signer's code goes: the one under which the side entered the case."""
    return dispute.respondent_phone if case.side == Side.RESPONDENT else case.complaint.phone


@require_POST
@of_dispute
def refuse(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Refuse to sign; mediation is offered instead."""
    return _do(request, case, refuse_to_sign, dispute, _("You did not sign. A mediator can help now."))


@require_POST
@of_dispute
def rescind(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Take the agreement back within the time to reconsider."""
    return _do(request, case, rescind_settlement, dispute, _("You took the agreement back. The talks go on."))


def _do(request: HttpRequest, case: CaseFile, action: Any, dispute: Dispute, done: str) -> HttpResponse:
    try:
        action(dispute_id=dispute.pk, by=acting(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("disputes:case", number=case.complaint.number)
    return back_to_case(request, case, done)


@require_http_methods(["GET", "POST"])
@of_dispute
def performance(request: HttpRequest, case: CaseFile, dispute: Dispute) -> HttpResponse:
    """Show what is owed; the seller reports payment with proof, the buyer says whether it arrived."""
    form = PaidForm(request.POST or None, request.FILES or None) if case.side == Side.RESPONDENT else None
    if request.method == "POST":
        by, at = acting(request), clock.now()
        try:
            if "received" in request.POST:
                confirm_performance(dispute_id=dispute.pk, by=by, at=at)
                return back_to_case(request, case, _("Thank you. The case is closed."))
            if "not_received" in request.POST:
                dispute_performance(dispute_id=dispute.pk, by=by, at=at)
                return back_to_case(request, case, _("We ask the seller about the payment."))
            if form is not None and form.is_valid():
                report_performance(dispute_id=dispute.pk, proof=form.cleaned_data["proof"], by=by, at=at)
                return back_to_case(request, case, _("Sent. The buyer is asked to confirm."))
        except Refusal as refusal:
            if form is None:
                messages.error(request, refusal.message)
                return redirect("disputes:performance", number=case.complaint.number)
            form.add_error("proof", refusal.message)
    agreed = settlement_in_force(dispute)
    obligations = agreed.obligations.order_by("number") if agreed else []
    return page(request, case, "performance", form, obligations=obligations)
