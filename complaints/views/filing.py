"""The filing wizard: seven screens, every one an address of its own, every answer kept on the server."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from complaints.actions.evidence import add_evidence, remove_from_draft
from complaints.actions.filing import (
    Incomplete,
    PhoneNotProven,
    SamePurchase,
    StepAnswers,
    file_complaint,
    save_step,
)
from complaints.forms.check import CheckForm
from complaints.forms.seller import SellerForm
from complaints.forms.steps import StepForm, YouForm
from complaints.models import Complaint
from complaints.selectors import drafts_of_phone, evidence_of
from complaints.states import EvidenceKind, Side
from complaints.views.about import about_of
from complaints.views.drafts import draft_from, open_draft, remember
from complaints.views.law_note import law_note
from complaints.views.summary import summary_of
from complaints.wizard import FORM_STEPS, TOTAL, Step
from microguard.accounts.actions.codes import phone_hash, prove_phone
from microguard.accounts.actors import Actor, visitor
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.accounts.models import CodePurpose
from microguard.core import clock
from microguard.core.errors import NotFound, Refusal
from microguard.core.idempotency import KeyReused
from microguard.core.machine import NotPossible
from microguard.notifications.actions.sending import send_code

FILER = Actor(reference="complainant")


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one step, or keep its answers and go on."""
    current = FORM_STEPS.get(slug)
    if current is None:
        raise Http404
    draft, today = draft_from(request), clock.day_of(clock.now())
    if draft is not None and draft.number:
        if slug == "seller":
            draft = None  # a new complaint begins
        else:
            return redirect("complaints:done", number=draft.number)
    if slug == "seller":
        return _seller_step(request, current, draft, today)
    if request.method == "GET":
        if draft is None:
            return redirect("complaints:step", slug="seller")
        form = current.form(initial=current.form.known(draft), draft=draft, today=today)
        return _page(request, current, form, draft)
    draft = draft or open_draft(request)
    return _answered(request, current, current.form(request.POST, request.FILES, draft=draft, today=today), draft)


def _seller_step(request: HttpRequest, current: Step, draft: Complaint | None, today: date) -> HttpResponse:
    """Show or take the first step. Who comes from a seller's page or a look-up finds it filled in.

    What was typed at the look-up comes in the body of a request that is no answer yet ("begin") and is not saved.
    """
    about = about_of(request, draft)
    if request.method == "GET" or "begin" in request.POST:
        known = SellerForm.known(draft) if draft else {}
        is_new = about is not None and (draft is None or draft.merchant != about.merchant)
        initial = SellerForm.beginning(about, request.POST.get("value", "")[:64]) if about and is_new else known
        form = SellerForm(initial=initial, draft=draft, today=today, about=about)
        form.replaces = is_new and bool(known)
        return _page(request, current, form, draft)
    draft = draft or open_draft(request)
    form = SellerForm(request.POST, request.FILES, draft=draft, today=today, about=about)
    return _answered(request, current, form, draft)


def _answered(request: HttpRequest, current: Step, form: StepForm, draft: Complaint) -> HttpResponse:
    """Keep the answers of a step and go on."""
    try:
        response = _POSTS.get(current.slug, _keep)(request, current, form, draft)
    except NotPossible:  # it was filed from another tab in this very moment
        return redirect("complaints:check")
    return remember(response, draft, secure=settings.SECURE)


def _page(request: HttpRequest, current: Step, form: StepForm, draft: Complaint | None) -> HttpResponse:
    context: dict[str, Any] = {
        "step": current,
        "total": TOTAL,
        "form": form,
        "files": evidence_of(draft) if draft else [],
        "back_url": reverse("complaints:step", args=[current.preceding]) if current.preceding else reverse("home"),
        "proven": bool(draft and draft.phone_hash and request.session.get(PROVEN_PHONE) == draft.phone_hash),
        "law": law_note(draft, on=form.today) if draft and form.today and current.slug == "want" else None,
        "code_sent": request.session.get("code_sent") == (draft.phone_hash if draft else None),
    }
    return render(request, f"complaints/file/{current.slug}.html", context, status=422 if form.errors else 200)


def _onward(request: HttpRequest, current: Step) -> HttpResponse:
    changing = request.GET.get("change") == "1"
    slug = "check" if changing or current.following == "check" else current.following
    return redirect("complaints:check") if slug == "check" else redirect("complaints:step", slug=slug)


def _again(request: HttpRequest, current: Step) -> HttpResponse:
    """Go back to the same step, so that a reload sends nothing twice."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("complaints:step", args=[current.slug]) + query)


def _keep(request: HttpRequest, current: Step, form: StepForm, draft: Complaint) -> HttpResponse:
    if not form.is_valid():
        return _page(request, current, form, draft)
    answers: StepAnswers = form.answers()
    save_step(draft_key=draft.draft_key, answers=answers)
    return _onward(request, current)


def _keep_seller(request: HttpRequest, current: Step, form: StepForm, draft: Complaint) -> HttpResponse:
    if form.is_valid() and form.cleaned_data.get("picture"):
        _take_files(form, draft, [form.cleaned_data["picture"]], EvidenceKind.SELLER, "picture")
    return _keep(request, current, form, draft)


def _keep_evidence(request: HttpRequest, current: Step, form: StepForm, draft: Complaint) -> HttpResponse:
    uploads = request.FILES.getlist("files")
    if form.is_valid() and uploads:
        _take_files(form, draft, uploads, form.cleaned_data["kind"], "files")
        if form.is_valid():
            messages.success(request, _("Uploaded."))
    if form.errors:
        return _page(request, current, form, draft)
    if "upload" in request.POST or uploads:
        return _again(request, current)
    return _onward(request, current)


def _take_files(form: StepForm, draft: Complaint, uploads: list[Any], kind: str, field: str) -> None:
    """Keep every file that can be kept; each refused one leaves its sentence, the others stay."""
    for upload in uploads:
        try:
            add_evidence(
                complaint_id=draft.pk,
                upload=upload,
                side=Side.COMPLAINANT,
                kind=kind,
                by=FILER,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(field, refusal.message)


def _keep_you(request: HttpRequest, current: Step, form: StepForm, draft: Complaint) -> HttpResponse:
    if not form.is_valid():
        return _page(request, current, form, draft)
    phone, purpose, at = form.cleaned_data["phone"], CodePurpose.FILE, clock.now()
    hashed = phone_hash(phone)
    columns = {name: form.cleaned_data[name] for name in YouForm.base_fields if name != "code"}
    draft = save_step(draft_key=draft.draft_key, answers=StepAnswers({**columns, "phone_hash": hashed}))
    try:
        if request.session.get(PROVEN_PHONE) == hashed:
            return _onward(request, current)
        if "send_code" in request.POST:
            send_code(phone=phone, purpose=purpose, language=get_language() or "zh-hans", at=at)
            request.session["code_sent"] = hashed
            messages.success(request, _("The code is on its way to your phone."))
            return _again(request, current)
        _prove(request, phone, form.cleaned_data["code"])
    except Refusal as refusal:
        form.add_error("code", refusal.message)
        return _page(request, current, form, draft)
    return _onward(request, current)


def _prove(request: HttpRequest, phone: str, code: str) -> None:
    proven = prove_phone(phone=phone, purpose=CodePurpose.FILE, code=code, at=clock.now())
    request.session.cycle_key()
    request.session[PROVEN_PHONE] = proven
    request.session.pop("code_sent", None)


_POSTS = {"seller": _keep_seller, "evidence": _keep_evidence, "you": _keep_you}


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show all answers once more; file the complaint."""
    draft = draft_from(request)
    if draft is None:
        return redirect("complaints:step", slug="seller")
    if draft.number:
        return redirect("complaints:done", number=draft.number)
    with_bar = settings.OPERATOR == "consumer_association"
    if request.method == "GET":
        form = CheckForm(initial={"key": str(draft.draft_key)}, with_bar=with_bar)
        return _check_page(request, draft, form)
    form = CheckForm(request.POST, with_bar=with_bar)
    if not form.is_valid():
        return _check_page(request, draft, form)
    by = visitor(request.session.get(PROVEN_PHONE, ""))
    try:
        number = file_complaint(
            draft_key=draft.draft_key,
            key=form.cleaned_data["key"],
            consents=form.consents,
            other_purchase="other_purchase" in request.POST,
            by=by,
            at=clock.now(),
        )
    except SamePurchase as refusal:
        return _check_page(request, draft, form, refusal=refusal)
    except PhoneNotProven as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('complaints:step', args=['you'])}?change=1")
    except Incomplete as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('complaints:step', args=[refusal.steps[0]])}?change=1")
    except KeyReused:  # filed from another tab with other ticks: that complaint counts
        return redirect("complaints:check")
    return redirect("complaints:done", number=number)


def _check_page(
    request: HttpRequest, draft: Complaint, form: CheckForm, *, refusal: SamePurchase | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "total": TOTAL,
        "sections": summary_of(draft),
        "back_url": reverse("complaints:step", args=["you"]),
        "same_purchase": refusal,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "complaints/file/check.html", context, status=status)


@require_POST
def remove_file(request: HttpRequest, key: Any) -> HttpResponse:
    """Take a file out of the draft."""
    draft = draft_from(request)
    if draft is None:
        raise Http404
    try:
        remove_from_draft(draft_key=draft.draft_key, evidence_key=key, at=clock.now())
    except NotFound as error:
        raise Http404 from error
    messages.success(request, _("Removed."))
    return redirect("complaints:step", slug="evidence")


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with a draft after proving its phone."""
    proven = request.session.get(PROVEN_PHONE, "")
    if request.method == "POST" and "draft" in request.POST and proven:
        for draft in drafts_of_phone(proven):
            if str(draft.draft_key) == request.POST["draft"]:
                return remember(redirect("complaints:check"), draft, secure=settings.SECURE)
    if not proven:
        return redirect(f"{reverse('complaints:enter')}?next={reverse('complaints:resume')}")
    return render(request, "complaints/file/resume.html", {"drafts": drafts_of_phone(proven)})
