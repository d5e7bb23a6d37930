"""Complaints at the desk: the list, one workbench per case, the steps taken there, and matters told or sent."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import DateTimeField, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints.actions.standing import judge_right, tell_facts
from complaints.forms.told import ToldForm
from complaints.models import Complaint
from complaints.rules.law_facts import TELLABLE
from complaints.states import State
from disputes.actions.outcome import take_matter
from disputes.selectors.cases import CaseFile
from microguard.accounts import policies
from microguard.accounts.admin import PolicyAdmin, WordFilter
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.errors import NotFound, Refusal
from microguard.core.money import yuan
from microguard.core.references import read_case_number
from microguard.core.templatetags.mg import due_text, moment
from microguard.dashboard.deeds import NotNow, deed_called
from microguard.dashboard.docket import pressing
from microguard.dashboard.identity import reveal_identity
from microguard.dashboard.situation import Deed, Situation, situation_of
from microguard.dashboard.telephone import MatterForm
from microguard.dashboard.workbench import case_at_desk, workbench


class StageFilter(WordFilter):
    """Stages of a complaint that was filed."""

    title = gettext_lazy("stage")
    parameter_name = "state"
    words = tuple((state.value, state.label) for state in State if state != State.DRAFT)


@admin.register(Complaint)
class ComplaintAdmin(PolicyAdmin):
    """Filed complaints; what happens to one happens on its workbench."""

    heading = gettext_lazy("Complaints")
    reading = "desk.cases"
    list_display = ("number", "source", "state", "problem", "item", "amount", "place", "filed", "next_due")
    list_filter = (StageFilter, "source", "problem")
    search_fields = ("number",)
    search_help_text = gettext_lazy("Exact case number")

    def get_urls(self) -> list[URLPattern]:
        """Add the page for matters told or sent, the steps of a case, its facts, and the showing of numbers."""
        view = self.admin_site.admin_view
        return [
            path("phone/", view(self.phone_view), name="complaints_complaint_phone"),
            path("<int:object_id>/reveal/", view(self.reveal_view), name="complaints_complaint_reveal"),
            path("<int:object_id>/facts/", view(self.facts_view), name="complaints_complaint_facts"),
            path("<int:object_id>/right/", view(self.right_view), name="complaints_complaint_right"),
            path("<int:object_id>/do/<slug:slug>/", view(self.deed_view), name="complaints_complaint_deed"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        """Leave drafts out; bring along what presses most, and the instant at which the list is read."""
        read_at = Value(clock.now(), output_field=DateTimeField())
        return pressing(Complaint.objects.filed(), "pk").annotate(read_at=read_at)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find the one complaint of this number; part of a number finds nothing."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(number=read_case_number(search_term) or ""), False

    @admin.display(description=gettext_lazy("Amount"))
    def amount(self, complaint: Complaint) -> str:
        """Return what was paid."""
        return yuan(complaint.amount_fen or 0)

    @admin.display(description=gettext_lazy("Place"))
    def place(self, complaint: Complaint) -> str:
        """Return province and city."""
        return complaint.place

    @admin.display(description=gettext_lazy("Filed"))
    def filed(self, complaint: Complaint) -> str:
        """Return when it was filed."""
        return moment(complaint.filed_at)

    @admin.display(description=gettext_lazy("Next due"))
    def next_due(self, complaint: Any) -> str:
        """Return until when the next thing is due, in words."""
        if complaint.pressing_at is None:
            return "—"
        return format_html(
            '<time datetime="{}">{}</time>',
            complaint.pressing_at.isoformat(),
            due_text(complaint.pressing_at, complaint.read_at),
        )

    def _case(self, request: HttpRequest, object_id: int) -> CaseFile:
        try:
            return case_at_desk(object_id, acting(request))
        except NotFound as error:
            raise Http404 from error

    def _workbench(self, request: HttpRequest, case: CaseFile, **shown: Any) -> HttpResponse:
        context = workbench(case, acting(request), at=clock.now(), **shown)
        return self.page(request, "desk/workbench.html", str(case.complaint.number), **context)

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the workbench of the case."""
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        return self._workbench(request, self._case(request, int(object_id)))

    @method_decorator(require_POST)
    def reveal_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show the phone numbers of the case this once, and record that they were shown."""
        case = self._case(request, object_id)
        try:
            reveal_identity(complaint_id=object_id, by=acting(request), at=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("admin:complaints_complaint_change", object_id)
        return self._workbench(request, case, revealed=True)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def deed_view(self, request: HttpRequest, object_id: int, slug: str) -> HttpResponse:
        """Ask for what a step needs, take it by one action, and go back to the workbench."""
        case = self._case(request, object_id)
        situation = situation_of(case, acting(request))
        try:
            deed = deed_called(slug, situation)
        except NotNow as refusal:
            messages.error(request, refusal.message)
            return redirect("admin:complaints_complaint_change", object_id)
        posted = request.POST if request.method == "POST" else None
        if deed.form is None:
            return self._press(request, deed, situation)
        at = clock.now()
        form = deed.form(posted, case=case, today=clock.day_of(at))
        if posted is not None and form.is_valid():
            try:
                deed.perform(situation, form, at)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, str(deed.done))
                return redirect("admin:complaints_complaint_change", object_id)
        status = 422 if form.errors else 200
        return self.page(
            request, "desk/deed.html", str(deed.label), status, form=form, deed=deed, complaint=case.complaint
        )

    @method_decorator(require_http_methods(["GET", "POST"]))
    def facts_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Complete or correct what is told of the case, in the words of the law's vocabulary."""
        case = self._case(request, object_id)
        known = case.complaint.told_facts
        posted = request.POST if request.method == "POST" else None
        form = ToldForm(posted, facts=TELLABLE, known=known, compact=True)
        if form.is_valid():
            try:
                tell_facts(complaint_id=object_id, answers=form.answers(), by=acting(request), at=clock.now())
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("Kept. What the law says was worked out anew."))
                return redirect("admin:complaints_complaint_change", object_id)
        status, title = 422 if form.errors else 200, _("Complete the facts")
        return self.page(request, "desk/told.html", title, status, form=form, complaint=case.complaint)

    @method_decorator(require_POST)
    def right_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Confirm or remove a right that the complaint alleges to be infringed."""
        self._case(request, object_id)
        right, verdict = request.POST.get("right", ""), request.POST.get("verdict", "")
        try:
            judge_right(complaint_id=object_id, right=right, verdict=verdict, by=acting(request), at=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Kept."))
        return redirect("admin:complaints_complaint_change", object_id)

    def _press(self, request: HttpRequest, deed: Deed, situation: Situation) -> HttpResponse:
        """Take a step that asks for nothing; opened as a page it leads back to the workbench."""
        case, token = situation.case, None
        if request.method == "POST":
            try:
                token = deed.perform(situation, None, clock.now())
            except Refusal as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(request, str(deed.done))
        if token:
            return self._workbench(request, case, token=token)
        return redirect("admin:complaints_complaint_change", case.complaint.pk)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def phone_view(self, request: HttpRequest) -> HttpResponse:
        """Take a matter by phone, letter, window or work order: file it, or file and close it as settled."""
        by, at = acting(request), clock.now()
        if not policies.can(by, "complaint.file"):
            raise Http404
        may_settle = policies.can(by, "dispute.settle_at_once")
        settles = may_settle and "settle" in request.POST
        posted = request.POST if request.method == "POST" else None
        form = MatterForm(posted, today=clock.day_of(at), settles=settles)
        if posted is not None and form.is_valid():
            try:
                number = take_matter(matter=form.matter(), key=form.cleaned_data["key"], by=by, at=at)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                done = _("Filed and closed as settled.") if settles else _("Filed.")
                messages.success(request, f"{number} · {done}")
                filed = Complaint.objects.get(number=number)
                return redirect("admin:complaints_complaint_change", filed.pk)
        status = 422 if form.errors else 200
        return self.page(
            request, "desk/phone.html", _("Take a matter by phone"), status, form=form, may_settle=may_settle
        )
