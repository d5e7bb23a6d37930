"""The desk: Django's admin site, entered through the same sign-in as everything else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from microguard.accounts import policies
from microguard.accounts.middleware import acting


class Desk(UnfoldAdminSite):
    """The site of officers, mediators and those who run the service."""

    site_title = "MicroGuard"
    site_header = "MicroGuard"
    index_title = _("My day")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever the permission table lets see the desk."""
        actor = getattr(request, "actor", None)
        return actor is not None and policies.can(actor, "desk.enter")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the reader's day."""
        from microguard.dashboard.docket import day_of_desk

        return super().index(request, {**(extra_context or {}), **day_of_desk(acting(request))})
