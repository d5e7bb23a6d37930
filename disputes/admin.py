"""Disputes at the desk: the list; each line leads to the one workbench of its case."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from disputes.models import Assignment, Dispute
from microguard.accounts.admin import PolicyAdmin
from microguard.core.money import yuan
from microguard.core.references import read_case_number
from microguard.core.templatetags.mg import moment


@admin.register(Dispute)
class DisputeAdmin(PolicyAdmin):
    """Disputes, newest first."""

    heading = _("Disputes")
    reading = "desk.cases"
    list_display = ("case", "state", "outcome", "amount", "recovered", "opened", "closed", "mediator")
    list_display_links = None
    list_filter = ("state", "outcome")
    search_fields = ("complaint__number",)
    search_help_text = _("Exact case number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        """Bring the complaint and the mediator's name along."""
        present = Assignment.objects.filter(dispute=OuterRef("pk"), ended_at__isnull=True)
        found: QuerySet[Dispute] = super().get_queryset(request)
        return found.select_related("complaint").annotate(
            mediator_name=Subquery(present.values("mediator__name")[:1])
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find the one dispute of this case number; part of a number finds nothing."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(complaint__number=read_case_number(search_term) or ""), False

    @admin.display(description=_("case number"))
    def case(self, dispute: Dispute) -> str:
        """Return the case number, leading to the workbench."""
        url = reverse("admin:complaints_complaint_change", args=[dispute.complaint_id])
        return format_html('<a href="{}">{}</a>', url, dispute.complaint.number)

    @admin.display(description=_("Amount"))
    def amount(self, dispute: Dispute) -> str:
        """Return what the buyer paid."""
        return yuan(dispute.complaint.amount_fen or 0)

    @admin.display(description=_("Money back"))
    def recovered(self, dispute: Dispute) -> str:
        """Return what reached the buyer."""
        return "—" if dispute.recovered_fen is None else yuan(dispute.recovered_fen)

    @admin.display(description=_("Opened"))
    def opened(self, dispute: Dispute) -> str:
        """Return when it was opened."""
        return moment(dispute.opened_at)

    @admin.display(description=_("Closed"))
    def closed(self, dispute: Dispute) -> str:
        """Return when it was closed, or a dash."""
        return moment(dispute.closed_at) or "—"

    @admin.display(description=_("Mediator"))
    def mediator(self, dispute: Any) -> str:
        """Return who mediates."""
        return dispute.mediator_name or "—"
