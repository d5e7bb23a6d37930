"""The regulator's page and its files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from microguard.accounts.middleware import acting
from microguard.accounts.roles import Role
from microguard.core import clock
from microguard.statistics.cases import last_month
from microguard.statistics.exports import csv, xlsx

PRESETS = {"last-month-cases": last_month}


def home(request: HttpRequest) -> HttpResponse:
    """Offer the files, with the month they are about."""
    period = last_month(clock.day_of(clock.now()))
    return render(request, "statistics/home.html", {"first": period.first, "last": period.last})


def export(request: HttpRequest, preset: str, kind: str) -> HttpResponse:
    """Hand out a file of cases in the reader's scope."""
    if preset not in PRESETS or kind not in {"csv", "xlsx"}:
        raise Http404
    actor = acting(request)
    scope = actor.scope if Role.REGULATOR in actor.roles else ""
    if Role.REGULATOR in actor.roles and not scope:
        raise Http404
    period = PRESETS[preset](clock.day_of(clock.now()))
    language = get_language() or "zh-hans"
    writer = csv if kind == "csv" else xlsx
    name = f"{preset}-{period.first:%Y-%m}.{kind}"
    response = HttpResponse(writer.write(period, scope=scope, language=language), content_type=writer.TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
