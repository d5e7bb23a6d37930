"""The page on which a seller says who it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from merchants.models import Licence, Registration
from merchants.rules.standing_in_register import Because
from merchants.selectors import profiles_of
from merchants.selectors.claiming import owned_by
from merchants.selectors.identity import (
    ended_by_office,
    last_objection,
    level_of,
    licences_of,
    line_fen,
    reasons_to_check,
    registration_of,
    turnovers_of,
    updates_awaited,
)
from merchants.selectors.public_page import public_name
from merchants.states import IN_WORDS
from microguard.accounts.actors import visitor
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.core import clock
from microguard.core.errors import NotFound, Refusal
from microguard.deadlines import actions as deadlines
from microguard.deadlines.models import Deadline
from microguard.deadlines.stored import told
from microguard.seller.profile_forms import PARTS, Stated, title_of

# To which field a refusal belongs that is not called like it.
FIELDS = {"odd_name": "name", "code_taken": "credit_code", "reason_missing": "explanation"}


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
    profiles = profiles_of(owner.merchant_id)
    stated = Stated(registration_of(profiles), tuple(licences_of(profiles)))
    about = str(request.POST.get("about", ""))
    if request.method == "POST" and about not in PARTS:
        raise Http404
    tried = PARTS[about].form(request.POST, prefix=about, stated=stated) if about else None
    is_taken = False
    if tried is not None and tried.is_valid():
        try:
            PARTS[about].perform(owner.merchant_id, tried.cleaned_data, visitor(proven), clock.now())
        except NotFound:
            tried.add_error(None, _("This is not stated any more. Load the page again."))
        except Refusal as refusal:
            is_taken = refusal.code == "code_taken"
            field = FIELDS.get(refusal.code, refusal.code)
            tried.add_error(field if field in tried.fields else None, refusal.message)
        else:
            messages.success(request, str(PARTS[about].done))
            return redirect("seller:profile", key=key)
    forms = {name: part.form(prefix=name, stated=stated) for name, part in PARTS.items()}
    if tried is not None:
        forms[about] = tried
    if is_taken:
        forms["code"].initial = {"credit_code": tried.data["registration-credit_code"]} if tried else {}
    context = _context(profiles, stated, clock.now()) | {
        "parts": {name: {"part": PARTS[name], "form": form, "name": name} for name, form in forms.items()},
        "tried": about,
        "form": tried,
        "is_taken": is_taken or about == "code",
    }
    return render(request, "seller/profile.html", context, status=422 if tried is not None else 200)


def _context(profiles: list[int], stated: Stated, at: datetime) -> dict[str, Any]:
    today = clock.day_of(at)
    line = line_fen(today)
    awaited = [_awaited(fact, deadline) for fact, deadline in updates_awaited(profiles, at=at)]
    # What the page says elsewhere is not said twice: that nothing is stated, and what waits for its update.
    said = {Because.NOTHING_STATED} | ({Because.LICENCE_RUN_OUT, Because.CHANGED_SINCE} if awaited else set())
    reasons = [reason for reason in reasons_to_check(profiles, on=today) if reason not in said]
    objection = last_objection(profiles)
    return {
        "name": public_name(profiles) or _("A seller without a public name"),
        "level": level_of(profiles),
        "fact": stated.fact,
        "licences": stated.licences,
        "turnovers": turnovers_of(profiles),
        "line_yuan": None if line is None else f"{line // 100:,}",
        "reasons": [IN_WORDS[reason] for reason in reasons],
        "awaited": awaited,
        "ended": ended_by_office(profiles),
        "objection": objection,
        "answer_due": deadlines.due("identity.objection", objection.merchant, subject=objection.subject)
        if objection
        else None,
        "now": at,
    }


def _awaited(fact: Registration | Licence, deadline: Deadline) -> dict[str, Any]:
    """Return what waits for its update, with its clock and the seller's word on it, if any."""
    change = fact.changes.filter(ended_at__isnull=True).first()
    licence = fact if isinstance(fact, Licence) else None
    parts = {"title": title_of(fact), "licence": licence, "change": change}
    return parts | {"deadline": deadline, "told": told(deadline)}
