"""Pages of failure that Django calls by name."""

import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from microguard.core.context import page

SECRETS = {"csrfmiddlewaretoken", "password", "code"}
# The database is away, is starting, or let us wait too long for a lock or an answer: no fault of the request.
AWAY = (OperationalError, InterfaceError)
RETRY_AFTER = 5  # seconds, in which a PostgreSQL that crashed is usually back


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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that cannot be read; one that is too long is told so."""
    too_long = isinstance(exception, RequestDataTooBig)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_long else HTTPStatus.BAD_REQUEST
    return HttpResponse(render_to_string("400.html", page(request) | {"too_long": too_long}), status=status)


def server_failure(request: HttpRequest) -> HttpResponse:
    """Return the page for an exception that nobody caught: 503 while the database is away, 500 otherwise.

    Django calls it while it handles the exception. Neither page touches the database.
    """
    away = isinstance(sys.exc_info()[1], AWAY)
    status = HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.INTERNAL_SERVER_ERROR
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        code = "unavailable" if away else "failed"
        response: HttpResponse = JsonResponse({"error": {"code": code, "message": status.phrase}}, status=status)
    else:
        # Without the request: the variables of a page in full (who is signed in, the demo's clock) are read
        # from the database.
        response = HttpResponse(render_to_string(f"{status.value}.html", page(request)), status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
