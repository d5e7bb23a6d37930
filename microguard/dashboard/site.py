"""The desk: Django's admin site, entered through the same sign-in as everything else."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from microguard.accounts import policies
from microguard.accounts.admin import PolicyAdmin
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.dashboard.docket import day_of_desk

# The admin's scripts compile their expressions in the browser and set styles on elements.
CONTENT_SECURITY = {"script-src": [UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}
PAGES = (
    ("admin:index", _("My day"), "desk.enter"),
    ("admin:complaints_complaint_changelist", _("Complaints"), "desk.cases"),
    ("admin:disputes_dispute_changelist", _("Disputes"), "desk.cases"),
    ("admin:merchants_merchant_changelist", _("Sellers"), "registry.read"),
    ("admin:merchants_sellerstatement_changelist", _("Statements"), "statement.judge"),
    ("admin:merchants_correction_changelist", _("Objections"), "correction.answer"),
    ("admin:notifications_dispatch_changelist", _("Messages sent"), "dispatch.read"),
    ("admin:jurisdictions_office_changelist", _("Offices outside"), "office.read"),
    ("ops:claims", _("Claims to profiles"), "claim.decide"),
    ("ops:calendars", _("Calendars"), "calendar.load"),
    ("admin:events_event_changelist", _("Trail"), "trail.read"),
    ("admin:accounts_user_changelist", _("Staff"), "staff.manage"),
    ("statistics:home", _("Statistics"), "statistics.export"),
)
GREENS = {
    "50": "#f1f8f4",
    "100": "#e6f4ec",
    "200": "#c8e5d5",
    "300": "#9bd0b3",
    "400": "#5cc98b",
    "500": "#3aa86b",
    "600": "#0b6b3a",
    "700": "#08562f",
    "800": "#074526",
    "900": "#06371f",
    "950": "#03200f",
}


class Desk(UnfoldAdminSite):
    """The site of officers, mediators and those who run the service."""

    site_title = "MicroGuard"
    site_header = "MicroGuard"
    index_title = _("My day")
    index_template = "desk/day.html"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take in only lists that ask our permission table; those that other packages bring stay out."""
        if admin_class is not None and issubclass(admin_class, PolicyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever the permission table lets see the desk."""
        actor = getattr(request, "actor", None)
        return actor is not None and policies.can(actor, "desk.enter")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Wrap a page of the desk: entrance, and what its scripts and styles may do."""
        return csp_update(CONTENT_SECURITY)(super().admin_view(view, cacheable))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page of the desk shows: its pages, its colours, its style sheet."""
        context: dict[str, Any] = super().each_context(request)
        actor = acting(request)
        pages = [
            {"label": label, "url": reverse(route)}
            for route, label, action in PAGES
            if policies.can(actor, action)
        ]
        for page in pages:
            page["current"] = request.path == page["url"]
        context["colors"]["primary"] = GREENS
        return context | {
            "desk_pages": pages,
            "may_search_cases": policies.can(actor, "desk.cases"),
            "styles": [static("desk/desk.css")],
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the reader's day."""
        day = day_of_desk(acting(request), at=clock.now(), after=request.GET)
        return super().index(request, (extra_context or {}) | day)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign out and go to the home page."""
        auth.logout(request)
        return redirect("home")
