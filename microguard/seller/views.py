"""Doors of the seller's own pages; a seller signs in by phone, as every party does."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from disputes.selectors.seller import waiting_for_seller
from merchants.actions.claiming import (
    ContestDead,
    begin_claim,
    bring_proof,
    contest_claim,
    contestable,
    withdraw_claim,
)
from merchants.models import Merchant, ProfileClaim
from merchants.selectors import profiles_of
from merchants.selectors.claiming import claims_of_phone, owned_by, owner_of
from merchants.selectors.public_page import public_name
from merchants.states import CLAIM_OPEN, ClaimProof, ClaimState
from microguard.accounts.actions.codes import prove_phone
from microguard.accounts.actors import visitor
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.accounts.models import CodePurpose
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.deadlines import actions as deadlines
from microguard.notifications.actions.sending import send_code
from microguard.seller.forms import ClaimForm, ProofForm


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """List what waits for the seller, soonest first, and the profiles it owns or claims."""
    proven = request.session.get(PROVEN_PHONE, "")
    if not proven:
        return redirect(f"{reverse('complaints:enter')}?next={reverse('seller:home')}")
    context = {
        "waiting": waiting_for_seller(proven),
        "owned": [(owner.merchant, _name(profiles_of(owner.merchant_id))) for owner in owned_by(proven)],
        "claims": [
            (claim, _name(profiles_of(claim.merchant_id)))
            for claim in claims_of_phone(proven)
            if claim.state in CLAIM_OPEN
        ],
        "now": clock.now(),
        "is_public": bool(settings.PUBLIC_RECORD_REVIEW),
    }
    return render(request, "seller/home.html", context)


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, key: UUID) -> HttpResponse:
    """Claim a profile, bring the proof, see how the claim stands; the same address for all three."""
    merchant = Merchant.objects.filter(public_key=key).first()
    if merchant is None:
        raise Http404
    profiles = profiles_of(merchant.pk)
    proven = request.session.get(PROVEN_PHONE, "")
    made = _claim_of(proven, profiles)
    if made is not None and made.state in CLAIM_OPEN:
        return _claimed(request, key, made, profiles)
    context = {"name": _name(profiles), "last": made, "is_mine": _is_mine(proven, profiles), "sent": False}
    form = ClaimForm(request.POST or None)
    if form.is_valid():
        try:
            if "send_code" in request.POST:
                _send(form.cleaned_data["phone"])
                context["sent"] = True
            else:
                _begin(request, merchant, form.cleaned_data)
                return redirect("seller:claim", key=key)
        except Refusal as refusal:
            form.add_error("proof" if refusal.code == "other_proof" else "code", refusal.message)
    return render(request, "seller/claim.html", context | {"form": form}, status=422 if form.errors else 200)


def _send(phone: str) -> None:
    send_code(phone=phone, purpose=CodePurpose.CLAIM, language=get_language() or "zh-hans", at=clock.now())


def _begin(request: HttpRequest, merchant: Merchant, data: dict[str, Any]) -> None:
    proven = prove_phone(phone=data["phone"], purpose=CodePurpose.CLAIM, code=data["code"], at=clock.now())
    request.session.cycle_key()
    request.session[PROVEN_PHONE] = proven  # kept although the claim may be refused: the phone is proven
    begin_claim(
        merchant_id=merchant.pk,
        proof=data["proof"],
        phone=data["phone"],
        language=get_language() or "zh-hans",
        by=visitor(proven),
        at=clock.now(),
    )


def _claimed(request: HttpRequest, key: UUID, made: ProfileClaim, profiles: list[int]) -> HttpResponse:
    form = ProofForm(request.POST or None, request.FILES or None) if "send_proof" in request.POST else ProofForm()
    try:
        if "withdraw" in request.POST:
            withdraw_claim(claim_id=made.pk, by=visitor(made.phone_hash), at=clock.now())
            messages.success(request, _("You took your claim back."))
            return redirect("seller:claim", key=key)
        if form.is_valid():
            bring_proof(claim_id=made.pk, uploads=form.uploads(), by=visitor(made.phone_hash), at=clock.now())
            return redirect("seller:claim", key=key)
    except Refusal as refusal:
        if form.is_bound:
            form.add_error("file", refusal.message)
        else:
            messages.error(request, refusal.message)
            return redirect("seller:claim", key=key)
    context = {
        "name": _name(profiles),
        "claim": made,
        "form": form if made.state == ClaimState.AWAITING_PROOF else None,
        "by_signature": made.proof == ClaimProof.SIGNATURE,
        "due_at": _due(made),
        "now": clock.now(),
    }
    return render(request, "seller/claimed.html", context, status=422 if form.errors else 200)


def _due(made: ProfileClaim) -> Any:
    rule = "claim.cooling" if made.state == ClaimState.COOLING else "claim.review"
    return deadlines.due(rule, made.merchant, subject=made.subject)


def _claim_of(proven: str, profiles: list[int]) -> ProfileClaim | None:
    made = ProfileClaim.objects.filter(phone_hash=proven, merchant__in=profiles) if proven else None
    found: ProfileClaim | None = made.order_by("-begun_at", "-pk").first() if made is not None else None
    return found


def _is_mine(proven: str, profiles: list[int]) -> bool:
    owner = owner_of(profiles)
    return bool(proven) and owner is not None and owner.phone_hash == proven


def _name(profiles: list[int]) -> str:
    return public_name(profiles) or _("A seller without a public name")


@require_http_methods(["GET", "POST"])
def contest(request: HttpRequest, token: str) -> HttpResponse:
    """Let an old contact object to a claim with one tap; opening the link alone changes nothing."""
    try:
        found = contest_claim(token=token, at=clock.now()) if request.method == "POST" else contestable(token)
    except ContestDead as refusal:
        return render(request, "seller/contest.html", {"refusal": refusal.message}, status=410)
    context = {
        "name": _name(found.told_profiles),
        "is_contested": found.state == ClaimState.CONTESTED,
        "due_at": deadlines.due("claim.cooling", found.merchant, subject=found.subject),
        "now": clock.now(),
    }
    return render(request, "seller/contest.html", context)
