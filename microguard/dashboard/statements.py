"""Sellers' own statements at the desk: read, then published as they are or declined with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from merchants.actions.statements import LONGEST_REASON, judge_statement
from merchants.models import SellerStatement
from merchants.states import StatementState
from microguard.accounts.admin import PolicyAdmin, WordFilter
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.core.templatetags.mg import moment


class StatementFilter(WordFilter):
    """Waiting, published or not."""

    title = gettext_lazy("Status")
    parameter_name = "state"
    words = tuple(StatementState.choices)


class JudgeForm(forms.Form):
    """Why a statement is not published."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("If it is not published: why? The seller reads this."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": LONGEST_REASON}),
    )


@admin.register(SellerStatement)
class StatementAdmin(PolicyAdmin):
    """Statements, newest first."""

    heading = gettext_lazy("Sellers' statements")
    reading = "statement.judge"
    list_display = ("seller", "text", "standing", "offered")
    list_filter = (StatementFilter,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SellerStatement]:
        """Bring the seller along."""
        return super().get_queryset(request).select_related("merchant")

    @admin.display(description=gettext_lazy("Seller"))
    def seller(self, statement: SellerStatement) -> str:
        """Return the seller's number in the registry."""
        return str(statement.merchant)

    @admin.display(description=gettext_lazy("Stage"))
    def standing(self, statement: SellerStatement) -> str:
        """Return what became of it."""
        return str(StatementState(statement.state).label)

    @admin.display(description=gettext_lazy("Written"))
    def offered(self, statement: SellerStatement) -> str:
        """Return when it was offered."""
        return moment(statement.offered_at)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the statement, and take the decision on one that waits."""
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        statement = self.get_queryset(request).filter(pk=int(object_id)).first()
        if statement is None:
            raise Http404
        form = JudgeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                judge_statement(
                    statement_id=statement.pk,
                    publishes="publish" in request.POST,
                    reason=form.cleaned_data["reason"],
                    by=acting(request),
                    at=clock.now(),
                )
            except Refusal as refusal:
                form.add_error("reason", refusal.message)
            else:
                messages.success(request, _("Kept."))
                return redirect("admin:merchants_sellerstatement_changelist")
        return self.page(
            request,
            "desk/statement.html",
            _("Statement of seller {seller}").format(seller=statement.merchant),
            422 if form.errors else 200,
            statement=statement,
            form=form,
            waits=statement.state == StatementState.WAITING,
            seller_url=reverse("admin:merchants_merchant_change", args=[statement.merchant_id]),
            page_url=reverse("sellers:page", args=[statement.merchant.public_key]),
        )
