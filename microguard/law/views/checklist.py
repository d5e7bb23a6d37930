"""What a seller has to mind: a few questions, the duties that follow, and what is missing by the answers."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from microguard.core import clock
from microguard.law.duties import applying
from microguard.law.forms.checklist import ChecklistForm
from microguard.law.register import Duty, Standing


class Group(NamedTuple):
    """The duties that stand alike by the answers."""

    standing: Standing
    duties: tuple[Duty, ...]


@require_GET
def checklist(request: HttpRequest) -> HttpResponse:
    """Ask, and answer from the address alone: nothing is stored, and the page can be kept or printed."""
    today = clock.day_of(clock.now())
    asked = ChecklistForm(on=today)
    form = ChecklistForm(request.GET, on=today) if asked.fields.keys() & request.GET.keys() else asked
    if not form.is_valid():
        return render(request, "law/checklist.html", {"form": form}, status=422 if form.errors else 200)
    found = applying(form.facts, today)
    groups = [
        Group(standing, tuple(duty for duty in found if duty.standing(form.facts) is standing))
        for standing in Standing
    ]
    return render(
        request, "law/checked.html", {"form": form, "facts": form.facts, "groups": groups, "today": today}
    )
