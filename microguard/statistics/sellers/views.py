"""The public look-up and page of a seller: nobody signs in, and nothing of it stands in a search engine."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from merchants.models import Merchant
from merchants.selectors.commitments import open_commitments
from merchants.selectors.public_page import (
    at_public_address,
    disputed_figures,
    public_name,
    published_statement,
)
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.core.qr import read_qr
from microguard.statistics.periods import last_twelve_months
from microguard.statistics.publication import SMALLEST_COUNT
from microguard.statistics.sellers.forms import LookUpForm
from microguard.statistics.sellers.looking import Found, is_claimed, look_up, look_up_code
from microguard.statistics.sellers.publication import bars_of, definitions, enough_people, lines_of, problems_of
from microguard.statistics.sellers.standing import standing_of
from microguard.statistics.sellers.visits import LOOK_UPS_PER, may_look_up

KEPT_BY_CACHES = 300  # seconds; a record changes a few times a day

View = Callable[..., HttpResponse]


def of_public_record(view: View) -> View:
    """Keep search engines out."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answered


def kept_by_caches(view: View) -> View:
    """Let caches keep a page for whoever brings no session: it is the same for all of them."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            patch_cache_control(response, public=True, max_age=KEPT_BY_CACHES)
        return response

    return answered


@require_http_methods(["GET", "POST"])
@of_public_record
def sellers(request: HttpRequest) -> HttpResponse:
    """Look a seller up before paying; without a recorded legal review the advice stands alone.

    The handle comes in the body of the request, so that it stands in no address and no log.
    """
    is_public = bool(settings.PUBLIC_RECORD_REVIEW)
    form = LookUpForm(request.POST, request.FILES) if request.method == "POST" else LookUpForm()
    context: dict[str, Any] = {"form": form, "is_public": is_public, "looked_up": False, "least": SMALLEST_COUNT}
    if not is_public or not form.is_valid():
        return render(request, "sellers/look_up.html", context, status=422 if is_public and form.errors else 200)
    if not may_look_up(request):
        context["wait_seconds"] = int(LOOK_UPS_PER.total_seconds())
        return render(request, "sellers/look_up.html", context, status=429)
    try:
        found = _looked_up(form)
    except Refusal as refusal:
        form.add_error("picture", refusal.message)
        return render(request, "sellers/look_up.html", context, status=422)
    typed = "" if form.cleaned_data["picture"] else form.cleaned_data["handle"]
    return render(request, "sellers/look_up.html", context | {"looked_up": True, "found": found, "typed": typed})


def _looked_up(form: LookUpForm) -> list[Found]:
    at, picture = clock.now(), form.cleaned_data["picture"]
    if picture:
        return look_up_code(read_qr(picture), at=at)
    return look_up(form.cleaned_data["handle"], at=at)


@require_GET
@of_public_record
@kept_by_caches
def how(request: HttpRequest) -> HttpResponse:
    """Tell what each figure of a seller's page means, and what is never on it."""
    return render(request, "sellers/how.html", {"definitions": definitions(), "least": SMALLEST_COUNT})


@require_GET
@of_public_record
@kept_by_caches
def page(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the record of a seller; the address of a profile that was merged leads to the seller it belongs to."""
    root, profiles = seller_at(key)
    if root.public_key != key:
        return redirect("sellers:page", key=root.public_key)
    at = clock.now()
    standing = standing_of(profiles, last_twelve_months(clock.day_of(at)), at=at)
    context = {
        "seller": root,
        "key": str(root.public_key),
        "name": public_name(profiles) or _("A seller without a public name"),
        "is_claimed": is_claimed(profiles),
        "standing": standing,
        "is_shown": enough_people(standing),
        "lines": lines_of(standing),
        "problems": problems_of(standing),
        "bars": bars_of(standing),
        "least": SMALLEST_COUNT,
        "disputed": disputed_figures(profiles),
        "commitments": open_commitments(profiles, clock.day_of(at)),
        "statement": published_statement(profiles),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "sellers/page.html", context)


def seller_at(key: UUID) -> tuple[Merchant, list[int]]:
    """Return the seller of a public address: the profile at its root, and the keys of all its profiles.

    :raises django.http.Http404: where there is none, and while nothing is published about sellers
    """
    profiles = at_public_address(key)
    if not profiles:
        raise Http404
    return Merchant.by_pk(profiles[0]), profiles
