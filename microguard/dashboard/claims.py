"""Claims to profiles at the desk: the proof looked at, objections decided."""

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from complaints.views.pages import picture
from merchants.actions.ownership import accept_proof, grant_claim, refuse_claim
from merchants.models import ClaimFile, Handle, IdentityObjection, ProfileClaim
from merchants.selectors import profiles_of
from merchants.selectors.claiming import claims_at_desk, owner_of
from merchants.states import ClaimState
from microguard.accounts.middleware import acting
from microguard.core import clock, masking
from microguard.core.errors import Refusal
from microguard.deadlines import actions as deadlines

MOST = 200


class DecisionForm(forms.Form):
    """The reason for a decision."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The claimant reads it when the claim is refused."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """List the claims that wait for a person."""
    rows = [
        {
            "claim": claim,
            "due_at": deadlines.due("claim.review", claim.merchant, subject=claim.subject),
        }
        for claim in claims_at_desk()[:MOST]
    ]
    objections = IdentityObjection.objects.filter(answered_at__isnull=True).count()
    context = {"title": _("Claims to profiles"), "rows": rows, "objections": objections, "now": clock.now()}
    return TemplateResponse(request, "ops/claims.html", admin.site.each_context(request) | context)


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Show one claim with its proof and decide it."""
    found = ProfileClaim.objects.select_related("merchant").filter(pk=claim_id).first()
    if found is None:
        raise Http404
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            _decide(request, found.pk, form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error("reason", refusal.message)
        else:
            messages.success(request, _("Done."))
            return redirect("ops:claim", claim_id=found.pk)
    profiles = profiles_of(found.merchant_id)
    context = {
        "title": _("Claim to {seller}").format(seller=found.merchant),
        "claim": found,
        "phone": masking.phone(str(found.phone)),
        "handles": [str(handle) for handle in Handle.objects.filter(merchant__in=profiles).order_by("pk")],
        "owner": owner_of(profiles),
        "due_at": deadlines.due("claim.review", found.merchant, subject=found.subject),
        "is_review": found.state == ClaimState.UNDER_REVIEW,
        "is_contested": found.state == ClaimState.CONTESTED,
        "form": form,
        "now": clock.now(),
    }
    shared = admin.site.each_context(request)
    return TemplateResponse(request, "ops/claim.html", shared | context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, claim_id: int, reason: str) -> None:
    by, at = acting(request), clock.now()
    if "accept" in request.POST:
        accept_proof(claim_id=claim_id, by=by, at=at)
    elif "grant" in request.POST:
        grant_claim(claim_id=claim_id, reason=reason, by=by, at=at)
    else:
        refuse_claim(claim_id=claim_id, reason=reason, by=by, at=at)


@require_GET
def claim_file(request: HttpRequest, claim_id: int, file_id: int) -> FileResponse:
    """Show a picture that was brought as proof."""
    file = ClaimFile.objects.filter(pk=file_id, claim_id=claim_id).exclude(view_sha256="").first()
    if file is None:
        raise Http404
    return picture(file.view_sha256)
