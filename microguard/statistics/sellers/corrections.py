"""Objecting to a seller's public record, with a phone proven by a code; the receipt carries the answer."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from merchants.actions.corrections import AskedAlready, Objection, OddExplanation, ask_correction
from merchants.models import Correction
from merchants.selectors.public_page import public_name
from microguard.accounts.actions.codes import prove_phone
from microguard.accounts.middleware import acting
from microguard.accounts.models import CodePurpose
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.deadlines.legislation import in_force
from microguard.deadlines.models import Deadline
from microguard.deadlines.wording import length_of
from microguard.notifications.actions.sending import send_code
from microguard.statistics.sellers.forms import CorrectionForm
from microguard.statistics.sellers.views import of_public_record, seller_at


@require_http_methods(["GET", "POST"])
@of_public_record
def correction(request: HttpRequest, key: UUID) -> HttpResponse:
    """Text a code to the phone, then take the objection of whoever gives it back."""
    root, profiles = seller_at(key)
    form, sent, at = CorrectionForm(request.POST or None), False, clock.now()
    if form.is_valid():
        try:
            if "send_code" in request.POST:
                phone, language = form.cleaned_data["phone"], get_language() or "zh-hans"
                send_code(phone=phone, purpose=CodePurpose.CORRECT_RECORD, language=language, at=at)
                sent = True
            else:
                asked = _ask(request, root.pk, form.cleaned_data)
                return redirect("sellers:receipt", key=root.public_key, receipt=asked.key)
        except (OddExplanation, AskedAlready) as refusal:
            form.add_error("explanation", refusal.message)
        except Refusal as refusal:
            form.add_error("code", refusal.message)
    context = {
        "form": form,
        "seller": root,
        "name": public_name(profiles) or _("A seller without a public name"),
        "sent": sent,
        "length": length_of(in_force("profile.correction", settings.OPERATOR, clock.day_of(at))),
    }
    return render(request, "sellers/correction.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, merchant_id: int, told: dict[str, Any]) -> Correction:
    at = clock.now()
    proven = prove_phone(phone=told["phone"], purpose=CodePurpose.CORRECT_RECORD, code=told["code"], at=at)
    objection = Objection(
        wrong=told["wrong"],
        figure=told["figure"],
        explanation=told["explanation"],
        phone=told["phone"],
        phone_hash=proven,
        language=get_language() or "zh-hans",
    )
    return ask_correction(merchant_id=merchant_id, objection=objection, by=acting(request), at=at)


@require_GET
@of_public_record
def receipt(request: HttpRequest, key: UUID, receipt: UUID) -> HttpResponse:
    """Tell whoever objected by when we answer, and then the answer; neither phone nor explanation stands here."""
    root, profiles = seller_at(key)
    asked = Correction.objects.filter(key=receipt, merchant_id__in=profiles).first()
    if asked is None:
        raise Http404
    clock_of = Deadline.objects.filter(rule="profile.correction", subject=asked.subject).first()
    context = {
        "asked": asked,
        "seller": root,
        "name": public_name(profiles) or _("A seller without a public name"),
        "due_at": clock_of.due_at if clock_of else None,
        "now": clock.now(),
    }
    return render(request, "sellers/receipt.html", context)
