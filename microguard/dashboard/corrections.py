"""Objections to sellers' public records at the desk: read, looked into, answered in words."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import CharField, DateTimeField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from merchants.actions.corrections import LONGEST_ANSWER, answer_correction
from merchants.models import Correction
from merchants.states import CorrectionResult
from microguard.accounts.admin import PolicyAdmin, WordFilter
from microguard.accounts.middleware import acting
from microguard.core import clock, masking
from microguard.core.errors import Refusal
from microguard.core.templatetags.mg import due_text, moment
from microguard.deadlines.models import Deadline


class ResultFilter(WordFilter):
    """Answered, and how; or not yet."""

    title = gettext_lazy("Status")
    parameter_name = "result"
    words = (*CorrectionResult.choices, ("waiting", gettext_lazy("Not answered yet")))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows of the chosen result; those without one wait."""
        if self.value() == "waiting":
            return queryset.filter(answered_at__isnull=True)
        return super().queryset(request, queryset)


class AnswerForm(forms.Form):
    """What we answer."""

    use_required_attribute = False
    result = forms.ChoiceField(
        label=gettext_lazy("What do we answer?"),
        choices=CorrectionResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what we answer.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("In words, for whoever objected"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": LONGEST_ANSWER}),
    )


@admin.register(Correction)
class CorrectionAdmin(PolicyAdmin):
    """Objections, newest first."""

    heading = gettext_lazy("Objections to public records")
    reading = "correction.answer"
    list_display = ("seller", "wrong", "asked", "due", "result")
    list_filter = (ResultFilter,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        """Bring along the seller and the end of the clock; the instant at which the list is read, too."""
        subject = Concat(Value("correction/"), Cast(OuterRef("pk"), CharField()))
        term = Deadline.objects.filter(rule="profile.correction", subject=subject)
        return (
            super()
            .get_queryset(request)
            .select_related("merchant")
            .annotate(
                due_at=Subquery(term.values("due_at")[:1]),
                read_at=Value(clock.now(), output_field=DateTimeField()),
            )
        )

    @admin.display(description=gettext_lazy("Seller"))
    def seller(self, correction: Correction) -> str:
        """Return the seller's number in the registry."""
        return str(correction.merchant)

    @admin.display(description=gettext_lazy("Asked"))
    def asked(self, correction: Correction) -> str:
        """Return when the objection was made."""
        return moment(correction.asked_at)

    @admin.display(description=gettext_lazy("Answer due"))
    def due(self, correction: Any) -> str:
        """Return until when it has to be answered, in words; a dash once it is."""
        return _due(correction.due_at, correction.read_at) if not correction.answered_at else "—"

    @method_decorator(require_http_methods(["GET", "POST"]))
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the objection, and take the answer to one that waits."""
        found = self.get_queryset(request).filter(pk=int(object_id)) if _is_key(object_id) else None
        correction: Any = found.first() if found is not None else None
        if correction is None:
            raise Http404
        form = AnswerForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            told, at = form.cleaned_data, clock.now()
            try:
                answer_correction(
                    correction_id=correction.pk,
                    result=told["result"],
                    answer=told["answer"],
                    by=acting(request),
                    at=at,
                )
            except Refusal as refusal:
                form.add_error("answer", refusal.message)
            else:
                messages.success(request, _("Kept. Whoever objected is told."))
                return redirect("admin:merchants_correction_changelist")
        return self.page(
            request,
            "desk/correction.html",
            _("Objection to the record of seller {seller}").format(seller=correction.merchant),
            422 if form.errors else 200,
            correction=correction,
            form=form,
            figure=correction.get_figure_display() or _("All of it"),
            phone=masking.phone(correction.phone),
            due=_due(correction.due_at, correction.read_at),
            seller_url=reverse("admin:merchants_merchant_change", args=[correction.merchant_id]),
            page_url=reverse("sellers:page", args=[correction.merchant.public_key]),
        )


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18


def _due(due_at: datetime | None, now: datetime) -> str:
    return due_text(due_at, now) if due_at else "—"
