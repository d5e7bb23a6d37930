"""Messages at the desk: which went, which did not and why, and what a person does about those."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from microguard.accounts import policies
from microguard.accounts.admin import PolicyAdmin, WordFilter
from microguard.accounts.middleware import acting
from microguard.core import clock, masking
from microguard.core.errors import Refusal
from microguard.core.templatetags.mg import moment
from microguard.dashboard.reasons import reason_in_words
from microguard.dashboard.trail import FoundByCase
from microguard.notifications.actions.by_hand import (
    may_note_hand_delivery,
    may_note_return,
    may_resend,
    note_hand_delivery,
    note_return,
    resend,
)
from microguard.notifications.letters import letter_pdf
from microguard.notifications.models import Attempt, ChannelName, Dispatch, DispatchState, Letter, Manner


class SentFilter(WordFilter):
    """Gone, still to go, or waiting for a person."""

    title = gettext_lazy("Status")
    parameter_name = "state"
    words = tuple(DispatchState.choices)


class ChannelFilter(WordFilter):
    """How a message travels."""

    title = gettext_lazy("Channel")
    parameter_name = "channel"
    words = tuple(ChannelName.choices)


class HandDeliveryForm(forms.Form):
    """How a person brought a message to its recipient."""

    use_required_attribute = False
    manner = forms.ChoiceField(
        label=gettext_lazy("How was it delivered?"),
        choices=Manner.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how it was delivered.")},
    )
    delivered_date = forms.DateField(
        label=gettext_lazy("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Choose the day of delivery."),
            "invalid": gettext_lazy("Choose the day of delivery."),
        },
    )
    reference = forms.CharField(
        label=gettext_lazy("Parcel number, or who took it (optional)"), max_length=80, required=False
    )


@admin.register(Dispatch)
class DispatchAdmin(FoundByCase, PolicyAdmin):
    """Messages, newest first; the address with stars, the text only where it carries no code."""

    heading = gettext_lazy("Messages sent")
    reading = "dispatch.read"
    list_display = ("about", "case", "way", "status", "written", "sent", "last_result")
    list_filter = (SentFilter, ChannelFilter)

    def get_urls(self) -> list[URLPattern]:
        """Add what a person does about a message, and the letter to print."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/again/", view(self.again_view), name="notifications_dispatch_again"),
            path("<int:pk>/returned/", view(self.returned_view), name="notifications_dispatch_returned"),
            path("<int:pk>/delivered/", view(self.delivered_view), name="notifications_dispatch_delivered"),
            path("<int:pk>/letter.pdf", view(self.letter_view), name="notifications_dispatch_letter"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispatch]:
        """Bring the outcome of the last attempt along."""
        last = Attempt.objects.filter(dispatch=OuterRef("pk")).order_by("-number")
        found: QuerySet[Dispatch] = super().get_queryset(request)
        return found.annotate(
            last_outcome=Subquery(last.values("outcome")[:1]), tries=Subquery(last.values("number")[:1])
        )

    def _dispatch(self, pk: int) -> Dispatch:
        found: Dispatch | None = Dispatch.objects.filter(pk=pk).select_related("office", "endpoint").first()
        if found is None:
            raise Http404
        return found

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a message, every attempt with its result in words, and what can be done about it."""
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        dispatch = self._dispatch(int(object_id))
        may = policies.can(acting(request), "dispatch.settle")
        return self.page(
            request,
            "desk/message.html",
            _("Message"),
            dispatch=dispatch,
            case_url=self.case(dispatch) if policies.can(acting(request), "desk.cases") else "",
            address=self.masked_address(dispatch),
            text=self.text(dispatch),
            attempts=[
                {"number": attempt.number, "at": attempt.started_at, "result": reason_in_words(attempt.outcome)}
                for attempt in dispatch.attempts.order_by("number")
            ],
            letter=Letter.objects.filter(dispatch=dispatch).first(),
            hand_delivery=getattr(dispatch, "hand_delivery", None),
            may_resend=may and may_resend(dispatch, at=clock.now()),
            may_note_hand_delivery=may and may_note_hand_delivery(dispatch),
            may_note_return=may and may_note_return(dispatch),
        )

    def _done(self, request: HttpRequest, pk: int, act: Callable[..., Any], done: str) -> HttpResponse:
        try:
            act(dispatch_id=pk, by=acting(request), at=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done)
        back = request.POST.get("back") == "day"
        return redirect("admin:index") if back else redirect("admin:notifications_dispatch_change", pk)

    @method_decorator(require_POST)
    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a message again, at once."""
        return self._done(request, pk, resend, _("It is due again: it goes within seconds if its server answers."))

    @method_decorator(require_POST)
    def returned_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that a message came back."""
        return self._done(request, pk, note_return, _("Noted. It goes on another way if there is one."))

    @method_decorator(require_http_methods(["GET", "POST"]))
    def delivered_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask how a message was delivered, and note it."""
        dispatch = self._dispatch(pk)
        if not may_note_hand_delivery(dispatch):
            return redirect("admin:notifications_dispatch_change", pk)
        today: date = clock.day_of(clock.now())
        form = HandDeliveryForm(
            request.POST if request.method == "POST" else None, initial={"delivered_date": today}
        )
        if form.is_bound and form.is_valid():
            try:
                note_hand_delivery(dispatch_id=pk, **form.cleaned_data, by=acting(request), at=clock.now())
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("Noted as delivered."))
                return redirect("admin:notifications_dispatch_change", pk)
        status = 422 if form.errors else 200
        title = _("How was it delivered?")
        return self.page(request, "desk/delivered.html", title, status, form=form, dispatch=dispatch)

    @method_decorator(require_GET)
    def letter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand out the letter as PDF."""
        letter = Letter.objects.filter(dispatch=pk).select_related("dispatch__office").first()
        if letter is None:
            raise Http404
        answer = HttpResponse(letter_pdf(letter), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="letter-{letter.year}-{letter.serial}.pdf"'
        return answer

    @admin.display(description=gettext_lazy("Notice"))
    def about(self, dispatch: Dispatch) -> str:
        """Return what the message is about, in its own words where it has any that are no secret."""
        return (not dispatch.secret and dispatch.subject) or dispatch.notice

    @admin.display(description=gettext_lazy("Channel"))
    def way(self, dispatch: Dispatch) -> str:
        """Return how it travels."""
        return dispatch.get_channel_display()

    @admin.display(description=gettext_lazy("Status"))
    def status(self, dispatch: Dispatch) -> str:
        """Return what has become of it."""
        return dispatch.get_state_display()

    @admin.display(description=gettext_lazy("Written"))
    def written(self, dispatch: Dispatch) -> str:
        """Return when the message was written."""
        return moment(dispatch.created_at)

    @admin.display(description=gettext_lazy("Sent"))
    def sent(self, dispatch: Dispatch) -> str:
        """Return when it went, or a dash."""
        return moment(dispatch.sent_at) or "—"

    @admin.display(description=gettext_lazy("Last attempt"))
    def last_result(self, dispatch: Any) -> str:
        """Return the number and outcome of the last attempt."""
        if not dispatch.tries:
            return "—"
        return f"{dispatch.tries}: {reason_in_words(dispatch.last_outcome)}"

    def masked_address(self, dispatch: Dispatch) -> str:
        """Return the address with stars; what an office outside has named is no secret of a person."""
        if dispatch.office_id:
            return dispatch.address or "—"
        mask = masking.phone if dispatch.channel == ChannelName.SMS else masking.handle
        return mask(dispatch.address) or "—"

    def text(self, dispatch: Dispatch) -> str:
        """Return subject and body, unless the message carries a code."""
        if dispatch.secret:
            return str(_("This message carries a code and is not shown."))
        return "\n".join(part for part in (dispatch.subject, dispatch.body) if part)
