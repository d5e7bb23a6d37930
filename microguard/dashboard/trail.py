"""The trail at the desk: every recorded fact, read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from complaints.models import Complaint
from microguard.accounts import policies
from microguard.accounts.admin import PolicyAdmin
from microguard.accounts.middleware import acting
from microguard.core.digests import canonical
from microguard.core.references import read_case_number
from microguard.core.templatetags.mg import moment
from microguard.events.models import Event


class FoundByCase(ModelAdmin):
    """Rows that carry the chain of a case, found by the exact case number."""

    search_fields = ("chain",)
    search_help_text = _("Exact case number")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find the rows of one case; part of a number finds nothing."""
        if not search_term.strip():
            return queryset, False
        number = read_case_number(search_term)
        case = Complaint.objects.filter(number=number).only("pk").first() if number else None
        return (queryset.filter(chain=case.chain) if case else queryset.none()), False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Show the case as a link to those who work on cases, to others as its key."""
        if policies.can(acting(request), "desk.cases"):
            return tuple(self.list_display)
        return tuple("case_key" if column == "case" else column for column in self.list_display)

    @admin.display(description=_("Case"))
    def case(self, row: Any) -> str:
        """Return the key of the case as a link into it."""
        kind, _slash, pk = row.chain.partition("/")
        if kind != "case":
            return row.chain or "—"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:complaints_complaint_change", args=[pk]), row.chain
        )

    @admin.display(description=_("Case"))
    def case_key(self, row: Any) -> str:
        """Return the key of the case."""
        return row.chain or "—"


@admin.register(Event)
class EventAdmin(FoundByCase, PolicyAdmin):
    """Facts, newest first."""

    reading = "trail.read"
    heading = _("Trail")
    list_display = ("when", "fact", "case", "place", "who", "codes")
    fields = ("when", "fact", "case_key", "place", "who", "codes", "seal")
    readonly_fields = fields

    @admin.display(description=_("When"))
    def when(self, event: Event) -> str:
        """Return the instant of the fact."""
        return moment(event.at)

    @admin.display(description=_("Fact"))
    def fact(self, event: Event) -> str:
        """Return the name of the fact."""
        return event.name

    @admin.display(description=_("No."))
    def place(self, event: Event) -> int:
        """Return its place in the chain."""
        return event.number

    @admin.display(description=_("Who"))
    def who(self, event: Event) -> str:
        """Return who did it, as a reference that names no person."""
        return event.actor

    @admin.display(description=_("Seal"))
    def seal(self, event: Event) -> str:
        """Return the digest that seals it to the fact before."""
        return event.digest

    @admin.display(description=_("Codes"))
    def codes(self, event: Event) -> str:
        """Return ids and codes of the fact as they were sealed."""
        return canonical(event.facts).decode()
