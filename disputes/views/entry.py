"""The seller's link: what it is about, one's phone proven by a code, and "this is not me"."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.forms.entry import EnterForm
from disputes.actions.opening import (
    LinkDead,
    deny_identity,
    enter_by_link,
    live_invitation,
    open_link,
    refuse_other_phone,
    renew_link,
)
from disputes.forms.party import LinkForm, NotMeForm
from disputes.models import Dispute
from microguard.accounts.actions.codes import prove_phone
from microguard.accounts.middleware import PROVEN_PHONE, acting
from microguard.accounts.models import CodePurpose
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.deadlines import actions as deadlines
from microguard.notifications.actions.sending import send_code


@require_http_methods(["GET", "POST"])
def respond(request: HttpRequest, token: str) -> HttpResponse:
    """Tell the seller what the case is about, and let whoever proves a phone into it."""
    try:
        dispute = open_link(token=token, at=clock.now())
    except LinkDead as refusal:
        return _dead_link(request, token, refusal)
    if dispute.complaint.roles_of(acting(request)):
        messages.info(request, _("This link is for the seller. You are signed in as the buyer."))
    form = LinkForm(request.POST or None)
    sent = False
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            refuse_other_phone(dispute, phone)
            if "send_code" in request.POST:
                language = get_language() or "zh-hans"
                send_code(phone=phone, purpose=CodePurpose.OPEN_CASE, language=language, at=clock.now())
                sent = True
            else:
                return _enter(request, token, phone, form.cleaned_data["code"])
        except LinkDead as refusal:
            return _dead_link(request, token, refusal)
        except Refusal as refusal:
            form.add_error(
                "phone" if refusal.code in {"another_phone", "seller_self"} else "code", refusal.message
            )
    context = _about(dispute) | {"form": form, "token": token, "sent": sent}
    return render(request, "disputes/respond/start.html", context, status=422 if form.errors else 200)


def _about(dispute: Dispute) -> dict[str, Any]:
    return {
        "complaint": dispute.complaint,
        "claims": dispute.complaint.claims.order_by("pk"),
        "due_at": deadlines.due("respondent.answer", dispute),
        "now": clock.now(),
    }


def _enter(request: HttpRequest, token: str, phone: str, code: str) -> HttpResponse:
    proven = prove_phone(phone=phone, purpose=CodePurpose.OPEN_CASE, code=code, at=clock.now())
    dispute = enter_by_link(
        token=token, phone=phone, phone_hash=proven, language=get_language() or "zh-hans", at=clock.now()
    )
    request.session.cycle_key()
    request.session[PROVEN_PHONE] = proven
    return redirect("disputes:case", number=dispute.complaint.number)


def _dead_link(request: HttpRequest, token: str, refusal: LinkDead) -> HttpResponse:
    """Say that the link no longer works and offer a new one; the answer is the same for every number."""
    form = EnterForm(request.POST if "renew" in request.POST else None)
    renewed = False
    if form.is_valid():
        renew_link(token=token, phone=form.cleaned_data["phone"], at=clock.now())
        renewed = True
    context = {"form": form, "renewed": renewed, "refusal": refusal.message}
    return render(request, "disputes/respond/dead.html", context, status=422 if form.errors else 410)


@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Take the word of somebody who got the link by mistake; a person at the office looks into it."""
    try:
        dispute = live_invitation(token, at=clock.now()).dispute
        form = NotMeForm(request.POST or None)
        if form.is_valid():
            deny_identity(token=token, reason=form.cleaned_data["reason"], at=clock.now())
            return render(request, "disputes/respond/not_me_done.html", {})
    except LinkDead as refusal:
        return _dead_link(request, token, refusal)
    context = _about(dispute) | {"form": form, "token": token}
    return render(request, "disputes/respond/not_me.html", context, status=422 if form.errors else 200)
