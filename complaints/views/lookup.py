"""Looking a seller up before paying: by one exact handle, seldom enough that nobody can try a list of them."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from complaints.forms.entry import LookUpForm
from complaints.selectors import complainants_of
from microguard.core import clock
from microguard.core.encryption import keyed_hash

LOOK_UPS, LOOK_UPS_PER = 20, timedelta(hours=1)
SMALLEST_COUNT = 5  # below, it only says that there are some


@require_http_methods(["GET", "POST"])
def sellers(request: HttpRequest) -> HttpResponse:
    """Say how many people's complaints about a seller ended in the last year, and what to mind before paying.

    Without a recorded legal review the operator publishes nothing about sellers: then the advice stands alone.
    """
    is_public = bool(settings.PUBLIC_RECORD_REVIEW)
    form = LookUpForm(request.POST or None)
    context = {"form": form, "is_public": is_public, "looked_up": False}
    if not is_public or not form.is_valid():
        return render(request, "complaints/sellers.html", context, status=422 if form.errors else 200)
    if not _may_look_up(request):
        seconds = int(LOOK_UPS_PER.total_seconds())
        return render(request, "complaints/sellers.html", context | {"wait_seconds": seconds}, status=429)
    people = complainants_of(form.cleaned_data["handle"], at=clock.now())
    found = {"looked_up": True, "people": people, "is_few": 0 < people < SMALLEST_COUNT, "least": SMALLEST_COUNT}
    return render(request, "complaints/sellers.html", context | found)


def _may_look_up(request: HttpRequest) -> bool:
    """Count a look-up against the visitor's address; what is counted is its keyed hash."""
    counted = f"sellers:{keyed_hash('address', _address(request))}"
    seen = cache.get(counted, 0)
    if seen >= LOOK_UPS:
        return False
    cache.set(counted, seen + 1, LOOK_UPS_PER.total_seconds())
    return True


def _address(request: HttpRequest) -> str:
    """Return the visitor's address: what our own proxy saw, where one stands in front."""
    behind_proxy = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.SECURE else ""
    return behind_proxy or str(request.META.get("REMOTE_ADDR", ""))
