"""Pages of failure that Django calls by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SECRETS = {"csrfmiddlewaretoken", "password", "code"}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form whose protection token is missing or old, with what was typed to send again.

    The answers come back only into a page of ours that a person has to confirm, and only when the form was
    sent from our own pages; files and secrets have to be given anew.
    """
    from_us = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    typed = [
        (name, value)
        for name, values in (request.POST.lists() if from_us else ())
        if name not in SECRETS
        for value in values
    ]
    return render(request, "403.html", {"stale_form": True, "typed": typed}, status=403)
