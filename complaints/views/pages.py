"""The receipt, the way in by phone, one's own cases, and the status by case number."""

import hmac
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints.forms.entry import EnterForm, TrackForm
from complaints.models import Complaint
from complaints.selectors import cases_of_phone, complaint_by_number, evidence_of, next_steps
from complaints.views.drafts import draft_from
from microguard.accounts.actions.codes import prove_phone
from microguard.accounts.middleware import PROVEN_PHONE, acting
from microguard.accounts.models import CodePurpose
from microguard.core import clock, files
from microguard.core.errors import NotFound, Refusal
from microguard.core.qr import qr_data_url
from microguard.core.references import read_case_number
from microguard.notifications.actions.sending import send_code

TRIES, TRIES_PER = 5, timedelta(hours=1)


def absolute(request: HttpRequest, path: str) -> str:
    """Return the whole address of a path of ours."""
    return request.build_absolute_uri(path)


@require_GET
def done(request: HttpRequest, number: str) -> HttpResponse:
    """Show the receipt: the number, what happens next and when."""
    try:
        complaint = complaint_by_number(number, viewer=acting(request))
    except NotFound as error:
        raise Http404 from error
    context = {
        "complaint": complaint,
        "qr": qr_data_url(absolute(request, f"{reverse('complaints:track')}?number={number}")),
        "steps": next_steps(complaint),
        "now": clock.now(),
    }
    return render(request, "complaints/file/done.html", context)


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Prove a phone by a one-time code, then go on where the reader wanted to go."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = reverse("complaints:mine")
    form = EnterForm(request.POST or None)
    sent = False
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            if "send_code" in request.POST:
                language = get_language() or "zh-hans"
                send_code(phone=phone, purpose=CodePurpose.OPEN_CASE, language=language, at=clock.now())
                sent = True
            else:
                proven = prove_phone(
                    phone=phone, purpose=CodePurpose.OPEN_CASE, code=form.cleaned_data["code"], at=clock.now()
                )
                request.session.cycle_key()
                request.session[PROVEN_PHONE] = proven
                return redirect(target)
        except Refusal as refusal:
            form.add_error("code", refusal.message)
    status = 422 if form.errors else 200
    return render(request, "complaints/enter.html", {"form": form, "sent": sent}, status=status)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """List the complaints of whoever proved a phone."""
    proven = request.session.get(PROVEN_PHONE, "")
    if not proven:
        return redirect(f"{reverse('complaints:enter')}?next={reverse('complaints:mine')}")
    return render(request, "complaints/mine.html", {"cases": cases_of_phone(proven)})


@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Show where a case stands to whoever knows its number and the phone's last four digits; no names."""
    form = TrackForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    found: Complaint | None = None
    if form.is_valid():
        found = _tracked(form.cleaned_data["number"], form.cleaned_data["last_four"])
        if found is None:
            form.add_error("number", _("No match. Check the code and the last 4 digits."))
    context: dict[str, Any] = {"form": form, "found": found, "now": clock.now()}
    if found is not None:
        context["steps"] = next_steps(found)
    return render(request, "complaints/track.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _tracked(text: str, last_four: str) -> Complaint | None:
    try:
        # Tries at one case queue up behind its lock: many at once cannot slip past the count.
        complaint: Complaint = Complaint.objects.lock(number=read_case_number(text) or "")
    except NotFound:
        return None
    counted = f"track:{complaint.number}"
    tries = cache.get(counted, 0)
    if tries >= TRIES:
        return None
    if hmac.compare_digest(complaint.phone[-4:].encode(), last_four.encode()):
        return complaint
    cache.set(counted, tries + 1, TRIES_PER.total_seconds())
    return None


@require_GET
def draft_file(request: HttpRequest, key: Any) -> FileResponse:
    """Show a picture of this browser's draft."""
    draft = draft_from(request)
    # Once it is filed, the cookie alone opens nothing: the case page asks for the proven phone.
    evidence = evidence_of(draft).filter(key=key).first() if draft and not draft.number else None
    if evidence is None or not evidence.view_sha256:
        raise Http404
    return picture(evidence.view_sha256)


def picture(sha256: str) -> FileResponse:
    """Return a view copy, which was encoded by us and so is safe to show."""
    response = FileResponse(files.path_of(sha256).open("rb"), content_type="image/jpeg")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=3600"
    return response
