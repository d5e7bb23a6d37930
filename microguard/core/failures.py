"""Pages of failure that Django calls by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form whose protection token is missing or old; what was saved stays saved."""
    return render(request, "403.html", {"stale_form": True}, status=403)
