"""What a seller answers to its public record: a statement of its own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from disputes.selectors.sellers import SellerOfCases
from merchants.actions.statements import offer_statement
from merchants.selectors.public_page import last_statement, public_name
from microguard.accounts import policies
from microguard.accounts.middleware import PROVEN_PHONE, acting
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.statistics.sellers.forms import StatementForm
from microguard.statistics.sellers.views import of_public_record, seller_at


@require_http_methods(["GET", "POST"])
@of_public_record
def statement(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a statement from the seller, known by the phone with which it answered in one of its cases."""
    root, profiles = seller_at(key)
    seller, by = SellerOfCases(profiles), acting(request)
    speaks = policies.can(by, "statement.offer", seller)
    form = StatementForm(request.POST if request.method == "POST" and speaks else None)
    if form.is_valid():
        text, at = form.cleaned_data["text"], clock.now()
        try:
            offer_statement(merchant_id=root.pk, text=text, speaks_for=seller, by=by, at=at)
        except Refusal as refusal:
            form.add_error("text", refusal.message)
        else:
            messages.success(request, _("We got it and read it before it is published."))
            return redirect("sellers:statement", key=root.public_key)
    context = {
        "form": form,
        "seller": root,
        "name": public_name(profiles) or _("A seller without a public name"),
        "speaks": speaks,
        "is_proven": bool(request.session.get(PROVEN_PHONE)),
        "last": last_statement(profiles) if speaks else None,
    }
    return render(request, "sellers/statement.html", context, status=422 if form.errors else 200)
