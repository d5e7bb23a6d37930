"""The page on which a seller says who it is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from merchants.selectors import profiles_of
from merchants.selectors.claiming import owned_by
from merchants.selectors.identity import (
    level_of,
    licences_of,
    line_fen,
    reasons_to_check,
    registration_of,
    turnovers_of,
)
from merchants.selectors.public_page import public_name
from merchants.states import IN_WORDS
from microguard.accounts.actors import visitor
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.seller.profile_forms import PARTS, ProfileForm


@require_GET
def own_profile(request: HttpRequest) -> HttpResponse:
    """Lead to the profile that the reader owns; to all of them when there are several or none."""
    owned = list(owned_by(request.session.get(PROVEN_PHONE, "") or "-"))
    if len(owned) == 1:
        return redirect("seller:profile", key=owned[0].merchant.public_key)
    return redirect("seller:home")


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show what the owner has stated of the seller, and take one new statement."""
    proven = request.session.get(PROVEN_PHONE, "")
    if not proven:
        return redirect(f"{reverse('complaints:enter')}?next={request.path}")
    owner = next((each for each in owned_by(proven) if each.merchant.public_key == key), None)
    if owner is None:
        raise Http404
    about = str(request.POST.get("about", ""))
    if request.method == "POST" and about not in PARTS:
        raise Http404
    tried = _form(about, request.POST) if about else None
    if tried is not None and tried.is_valid():
        try:
            PARTS[about].perform(owner.merchant_id, tried.cleaned_data, visitor(proven), clock.now())
        except Refusal as refusal:
            field = {"odd_name": "name"}.get(refusal.code, refusal.code)
            tried.add_error(field if field in tried.fields else None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("seller:profile", key=key)
    context = _context(profiles_of(owner.merchant_id), about, tried)
    return render(request, "seller/profile.html", context, status=422 if tried is not None else 200)


def _form(about: str, data: Any = None) -> ProfileForm:
    return PARTS[about].form(data, prefix=about)


def _context(profiles: list[int], about: str, tried: ProfileForm | None) -> dict[str, Any]:
    today = clock.day_of(clock.now())
    line = line_fen(today)
    fact = registration_of(profiles)
    reasons = reasons_to_check(profiles, on=today) if fact else ()  # that nothing is stated, the page says anyway
    parts = {
        name: {"part": part, "form": tried if name == about and tried is not None else _form(name), "name": name}
        for name, part in PARTS.items()
    }
    return {
        "name": public_name(profiles) or _("A seller without a public name"),
        "level": level_of(profiles),
        "fact": fact,
        "licences": licences_of(profiles),
        "turnovers": turnovers_of(profiles),
        "line_yuan": None if line is None else f"{line // 100:,}",
        "reasons": [IN_WORDS[reason] for reason in reasons],
        "parts": parts,
        "tried": about if tried is not None else "",
        "form": tried,
    }
