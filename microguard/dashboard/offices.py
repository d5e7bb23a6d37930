"""Offices outside at the desk: regulators and platforms, the ways to them, and how each way is doing."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints.states import Channel
from microguard.accounts import policies
from microguard.accounts.admin import PolicyAdmin
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.dashboard.reasons import reason_in_words
from microguard.jurisdictions.divisions import choices, full_name
from microguard.jurisdictions.models import Office
from microguard.notifications.actions.endpoints import (
    OfficeRecord,
    add_endpoint,
    change_address,
    register_office,
    stop_endpoint,
)
from microguard.notifications.models import ChannelName, Circuit, Endpoint
from microguard.notifications.ways import circuit_of

KINDS = (
    (Office.Kind.REGULATOR, gettext_lazy("Market regulator")),
    (Office.Kind.PLATFORM, gettext_lazy("Platform")),
)
WAYS = tuple((name.value, name.label) for name in ChannelName if name != ChannelName.SMS)


class OfficeForm(forms.Form):
    """A new office outside."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what kind of office it is.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter the name of the office.")},
    )
    division = forms.ChoiceField(label=gettext_lazy("Area (regulators)"), required=False)
    runs = forms.MultipleChoiceField(
        label=gettext_lazy("What it runs (platforms)"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ChoiceField)
        division.choices = [("", "—"), *choices(today)]

    def office(self) -> OfficeRecord:
        """Return what was entered; what belongs to the other kind is dropped."""
        given = self.cleaned_data
        if given["kind"] == Office.Kind.REGULATOR:
            return OfficeRecord(given["kind"], given["name"], division=given["division"])
        return OfficeRecord(given["kind"], given["name"], runs=tuple(given["runs"]))


class WayForm(forms.Form):
    """A further way to an office."""

    use_required_attribute = False
    channel = forms.ChoiceField(
        label=gettext_lazy("How does the office want to be told?"),
        choices=WAYS,
        error_messages={"required": gettext_lazy("Choose how the office wants to be told.")},
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("An e-mail address, a web address with https://, or a postal address"),
        max_length=300,
        required=False,
    )


@admin.register(Office)
class OfficeAdmin(PolicyAdmin):
    """Offices; the page of one shows its ways in the order in which they are tried."""

    heading = gettext_lazy("Offices outside")
    reading = "office.read"
    changing = "office.manage"
    list_display = ("title", "what", "area", "ways")
    search_fields = ("name",)

    def get_urls(self) -> list[URLPattern]:
        """Add what is done to the ways of an office."""
        way = path("<int:pk>/way/", self.admin_site.admin_view(self.way_view), name="jurisdictions_office_way")
        return [way, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Office]:
        """Bring the ways along."""
        return super().get_queryset(request).prefetch_related("endpoints")

    @admin.display(description=gettext_lazy("Name"))
    def title(self, office: Office) -> str:
        """Return the name of the office."""
        return office.name

    @admin.display(description=gettext_lazy("What"))
    def what(self, office: Office) -> str:
        """Return whether it is a regulator or a platform."""
        return str(dict(KINDS)[Office.Kind(office.kind)])

    @admin.display(description=gettext_lazy("Area"))
    def area(self, office: Office) -> str:
        """Return the area of a regulator, what a platform runs."""
        labels = dict(Channel.choices)
        return full_name(office.division) or " · ".join(str(labels.get(code, code)) for code in office.runs)

    @admin.display(description=gettext_lazy("Ways"))
    def ways(self, office: Office) -> str:
        """Return the ways in their order."""
        found = sorted(office.endpoints.all(), key=lambda endpoint: endpoint.place)
        return " → ".join(endpoint.get_channel_display() for endpoint in found if not endpoint.stopped_at) or "—"

    @method_decorator(require_http_methods(["GET", "POST"]))
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask for a new office and enter it."""
        at = clock.now()
        form = OfficeForm(request.POST if request.method == "POST" else None, today=clock.day_of(at))
        if form.is_bound and form.is_valid():
            try:
                office = register_office(office=form.office(), by=acting(request), at=at)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("Entered. Now say how it wants to be told."))
                return redirect("admin:jurisdictions_office_change", office.pk)
        return self.page(
            request, "desk/office_new.html", _("A new office"), 422 if form.errors else 200, form=form
        )

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the office with its ways."""
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        return self._office(request, int(object_id), WayForm())

    def _office(
        self,
        request: HttpRequest,
        pk: int,
        form: WayForm,
        *,
        made: Endpoint | None = None,
        typed: tuple[int, str] | None = None,
    ) -> HttpResponse:
        office = Office.objects.filter(pk=pk).first()
        if office is None:
            raise Http404
        return self.page(
            request,
            "desk/office.html",
            office.name,
            422 if form.errors or typed else 200,
            office=office,
            what=self.what(office),
            area=self.area(office),
            lines=[
                _line(endpoint, typed if typed and typed[0] == endpoint.pk else None)
                for endpoint in office.endpoints.order_by("place", "pk")
            ],
            form=form,
            secret=made.secret if made else "",
            may_manage=policies.can(acting(request), "office.manage"),
        )

    @method_decorator(require_POST)
    def way_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Name a further way, change the address of one, or stop one."""
        endpoint = request.POST.get("endpoint", "")
        if endpoint.isdecimal() and len(endpoint) < 19:
            return self._change_way(request, pk, int(endpoint))
        form = WayForm(request.POST)
        if form.is_valid():
            try:
                made = add_endpoint(office_id=pk, **form.cleaned_data, by=acting(request), at=clock.now())
                return self._office(request, pk, WayForm(), made=made)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
        return self._office(request, pk, form)

    def _change_way(self, request: HttpRequest, pk: int, endpoint_id: int) -> HttpResponse:
        if not Endpoint.objects.filter(pk=endpoint_id, office=pk).exists():
            raise Http404
        by, at = acting(request), clock.now()
        try:
            if "stop" in request.POST:
                stop_endpoint(endpoint_id=endpoint_id, by=by, at=at)
            else:
                change_address(endpoint_id=endpoint_id, address=request.POST.get("address", ""), by=by, at=at)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return self._office(request, pk, WayForm(), typed=(endpoint_id, request.POST.get("address", "")))
        messages.success(request, _("Changed."))
        return redirect("admin:jurisdictions_office_change", pk)


def _line(endpoint: Endpoint, typed: tuple[int, str] | None) -> dict[str, Any]:
    """Return a way with how it is doing; an address that was refused stays as it was typed."""
    circuit = Circuit.objects.filter(key=circuit_of(endpoint.channel, endpoint.pk) or "-").first()
    trouble = ""
    if endpoint.stopped_at:
        trouble = (
            _("stopped by us") if endpoint.stop_reason == "by_operator" else reason_in_words(endpoint.stop_reason)
        )
    elif circuit is not None and circuit.opened_at:
        trouble = reason_in_words(circuit.reason)
    return {
        "endpoint": endpoint,
        "way": endpoint.get_channel_display(),
        "address": typed[1] if typed else endpoint.address,
        "trouble": trouble,
        "since": endpoint.stopped_at or (circuit.opened_at if circuit else None),
        "is_stopped": endpoint.stopped_at is not None,
    }
