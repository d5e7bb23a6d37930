"""The case page and what a party does from it: one template, two viewers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints.actions.decision import give_information, withdraw_complaint
from complaints.actions.evidence import add_evidence
from complaints.actions.standing import tell_facts
from complaints.forms.told import ToldForm
from complaints.rules.law_facts import ASKED_OF_BUYER
from complaints.selectors import evidence_of, kept_or_not, promises_in
from complaints.states import UNDECIDED, EvidenceKind, Side
from complaints.states import State as ComplaintState
from complaints.views.pages import picture
from complaints.views.summary import claim_value
from disputes.actions.outcome import withdraw_dispute
from disputes.forms.party import FileForm, InformForm, WithdrawForm
from disputes.models import Dispute
from disputes.selectors.cases import CaseFile, case_file, mediation_stopped_since, reconsideration
from disputes.selectors.promises import answers_awaited
from disputes.selectors.timeline import entries_of
from disputes.selectors.turns import next_action
from microguard.accounts import policies
from microguard.accounts.middleware import acting
from microguard.core import clock, files
from microguard.core.errors import NotFound, Refusal
from microguard.core.money import yuan

View = Callable[..., HttpResponseBase]


def of_case(view: View) -> View:
    """Hand the view the case, as `case`, if the reader may do in it what the route's row in the table says.

    Otherwise 404, as if the case did not exist.
    """

    @wraps(view)
    def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponseBase:
        try:
            case = case_file(number, viewer=acting(request))
            policies.require(acting(request), _action_of(request), case.dispute or case.complaint)
        except (NotFound, policies.NotAllowed) as error:
            raise Http404 from error
        return view(request, case=case, **kwargs)

    return opened


def _action_of(request: HttpRequest) -> str:
    assert request.resolver_match is not None
    action = policies.table().action_for(request.resolver_match.view_name, request.method or "GET")
    assert action is not None  # the middleware let the request pass
    return action


def of_dispute(view: View) -> View:
    """Like of_case, for pages that exist only once there is a dispute; `dispute` comes along."""

    @of_case
    @wraps(view)
    def opened(request: HttpRequest, case: CaseFile, **kwargs: Any) -> HttpResponseBase:
        if case.dispute is None:
            raise Http404
        return view(request, case=case, dispute=case.dispute, **kwargs)

    return opened


def frame(case: CaseFile) -> dict[str, Any]:
    """Return what every page of a case shows: the case, whose turn it is, and the way back."""
    turn = next_action(case)
    number = str(case.complaint.number)
    url = reverse(f"disputes:{turn.page}", args=[number]) if turn.page else ""
    return {
        "complaint": case.complaint,
        "dispute": case.dispute,
        "side": case.side,
        "turn": {
            "whose": turn.whose,
            "sentence": turn.sentence,
            "due": turn.due_at,
            "why": reverse("disputes:deadline", args=[number, turn.clock]) if turn.clock else "",
            "action": {"label": turn.label, "url": url} if url and turn.label else None,
        },
        "case_url": reverse("disputes:case", args=[number]),
        "now": clock.now(),
    }


def page(request: HttpRequest, case: CaseFile, template: str, form: Any = None, **context: Any) -> HttpResponse:
    """Draw a page of the case; a form with errors makes it 422."""
    status = 422 if form is not None and form.errors else 200
    return render(request, f"disputes/{template}.html", frame(case) | {"form": form} | context, status=status)


def back_to_case(request: HttpRequest, case: CaseFile, message: str) -> HttpResponse:
    """Say what was done and go back to the case."""
    messages.success(request, message)
    return redirect("disputes:case", number=case.complaint.number)


@require_GET
@of_case
def show(request: HttpRequest, case: CaseFile) -> HttpResponse:
    """Show the case to one of its parties."""
    dispute, promised = case.dispute, promises_in(case.complaint)
    return page(
        request,
        case,
        "case",
        facts=_facts(case),
        promised=kept_or_not(case.complaint, promised),
        awaited=answers_awaited(dispute, promised) if dispute else [],
        is_seller=case.side == Side.RESPONDENT,
        entries=entries_of(case),
        files=_files(case),
        stages=_stages(case),
        reconsideration=reconsideration(dispute) if dispute else None,
        stopped_since=mediation_stopped_since(case.complaint) if dispute else None,
        may_withdraw=case.side == Side.COMPLAINANT and _is_open(case),
        may_add=case.side != Side.OFFICE and _is_open(case),
        mediator=_mediator(dispute),
        **_tracing(case),
        ended=case.complaint.state == "DECLINED" or bool(dispute and dispute.outcome),
    )


def _is_open(case: CaseFile) -> bool:
    if case.dispute is not None:
        return not case.dispute.outcome
    return case.complaint.state in {*UNDECIDED, ComplaintState.ACCEPTED}


def _tracing(case: CaseFile) -> dict[str, Any]:
    """Return the steps by which the seller was looked for; the seller does not read them."""
    if case.side == Side.RESPONDENT:
        return {"shows_tracing": False}
    steps = list(case.complaint.tracing_steps.order_by("-found_date", "-pk"))
    under_way = case.complaint.state == ComplaintState.TRACING_SELLER
    return {"tracing": steps, "shows_tracing": bool(steps) or under_way}


def _mediator(dispute: Dispute | None) -> Any:
    if dispute is None:
        return None
    named = dispute.assignments.filter(ended_at__isnull=True, declared_at__isnull=False)
    assignment = named.select_related("mediator").first()
    return assignment.mediator if assignment else None


def _stages(case: CaseFile) -> list[dict[str, Any]]:
    """Return the four steps of a case: filed, negotiated, mediated, kept."""
    place = {
        "AWAITING_ANSWER": 1,
        "NEGOTIATION": 1,
        "MEDIATION_OFFERED": 2,
        "MEDIATION": 2,
        "SIGNING": 2,
        "COOLING_OFF": 3,
        "PERFORMANCE": 3,
        "CLOSED": 4,
    }.get(case.dispute.state if case.dispute else "", 0)
    labels = [_("Filed"), _("Negotiation"), _("Mediation"), _("Performance")]
    return [
        {"label": label, "state": "done" if number < place else "current" if number == place else "to_come"}
        for number, label in enumerate(labels)
    ]


def _facts(case: CaseFile) -> list[dict[str, Any]]:
    complaint = case.complaint
    facts: list[tuple[Any, Any]] = [(_("Case number"), complaint.number)]
    if case.side == Side.COMPLAINANT:
        mentions = complaint.mentions.filter(traced="").order_by("pk")  # what we found about others stays here
        sellers = "\n".join(f"{mention.get_type_display()} {mention.value}" for mention in mentions)
        facts.append((_("Seller"), sellers))
    else:
        facts.append((_("Buyer"), complaint.complainant_name))
    facts += [
        (_("Goods"), complaint.item),
        (_("Paid"), yuan(complaint.amount_fen or 0)),
        (_("Problem"), complaint.get_problem_display()),
        (_("What happened"), complaint.story),
    ]
    facts += [(claim.get_kind_display(), claim_value(claim)) for claim in complaint.claims.order_by("pk")]
    return [{"label": label, "value": value} for label, value in facts]


def _files(case: CaseFile) -> list[dict[str, Any]]:
    number = case.complaint.number
    return [
        {
            "name": f"{file.get_kind_display()} · {file.get_side_display()}",
            "url": reverse("disputes:evidence", args=[number, file.key]),
            "original_url": reverse("disputes:original", args=[number, file.key]),
            "is_picture": bool(file.view_sha256),
            "sha256": file.sha256,
            "added_at": file.added_at,
        }
        for file in evidence_of(case.complaint)
    ]


@require_GET
@of_case
def evidence(request: HttpRequest, case: CaseFile, key: Any) -> HttpResponse | FileResponse:
    """Show the view copy of a picture; what cannot be shown is offered as the original."""
    found = evidence_of(case.complaint).filter(key=key).first()
    if found is None:
        raise Http404
    if not found.view_sha256:
        return redirect("disputes:original", number=case.complaint.number, key=key)
    return picture(found.view_sha256)


@require_GET
@of_case
def original(request: HttpRequest, case: CaseFile, key: Any) -> FileResponse:
    """Hand out the original's bytes, to be saved and never to be shown by the browser."""
    found = evidence_of(case.complaint).filter(key=key).first()
    if found is None:
        raise Http404
    response = FileResponse(
        files.path_of(found.sha256).open("rb"),
        as_attachment=True,
        filename=f"{case.complaint.number}-{found.sha256[:12]}",
        content_type="application/octet-stream",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_http_methods(["GET", "POST"])
@of_case
def add_file(request: HttpRequest, case: CaseFile) -> HttpResponse:
    """Put a further file into the case, while it is open."""
    if not _is_open(case):
        raise Http404
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        by = (case.dispute or case.complaint).named(acting(request))
        try:
            add_evidence(
                complaint_id=case.complaint.pk,
                upload=form.cleaned_data["file"],
                side=case.side,
                kind=form.cleaned_data["kind"],
                by=by,
                at=clock.now(),
            )
            return back_to_case(request, case, _("The file is in the case."))
        except Refusal as refusal:
            form.add_error("file", refusal.message)
    return page(request, case, "add_file", form)


@require_http_methods(["GET", "POST"])
@of_case
def inform(request: HttpRequest, case: CaseFile) -> HttpResponse:
    """Answer what the office asked, with a file if there is one."""
    form = InformForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        by, at = acting(request), clock.now()
        try:
            if form.cleaned_data["file"]:
                add_evidence(
                    complaint_id=case.complaint.pk,
                    upload=form.cleaned_data["file"],
                    side=case.side,
                    kind=EvidenceKind.OTHER,
                    by=case.complaint.named(by),
                    at=at,
                )
            give_information(complaint_id=case.complaint.pk, answer=form.cleaned_data["answer"], by=by, at=at)
            return back_to_case(request, case, _("Sent. We go on with your case."))
        except Refusal as refusal:
            form.add_error("file" if refusal.code.startswith("file") else None, refusal.message)
    return page(request, case, "inform", form)


@require_http_methods(["GET", "POST"])
@of_case
def tell(request: HttpRequest, case: CaseFile) -> HttpResponse:
    """Answer a few questions that matter for what went wrong; the office may do so for a buyer."""
    complaint = case.complaint
    if not _is_open(case):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ToldForm(posted, facts=ASKED_OF_BUYER[complaint.problem], known=complaint.told_facts)
    if form.is_valid():
        tell_facts(complaint_id=complaint.pk, answers=form.answers(), by=acting(request), at=clock.now())
        return back_to_case(request, case, _("Thank you. It is in your case."))
    return page(request, case, "tell", form)


@require_http_methods(["GET", "POST"])
@of_case
def withdraw(request: HttpRequest, case: CaseFile) -> HttpResponse:
    """Withdraw the complaint, and say whether it was solved."""
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        by, at = acting(request), clock.now()
        try:
            if case.dispute is None:
                withdraw_complaint(complaint_id=case.complaint.pk, by=by, at=at)
            else:
                withdraw_dispute(
                    dispute_id=case.dispute.pk,
                    solved=form.cleaned_data["reason"] == "solved",
                    recovered_fen=form.cleaned_data["recovered_fen"],
                    by=by,
                    at=at,
                )
            return back_to_case(request, case, _("Withdrawn."))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return page(request, case, "withdraw", form)
