"""Messages at the desk: which went, which did not, and why."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from microguard.accounts.admin import PolicyAdmin, WordFilter
from microguard.core import masking
from microguard.core.templatetags.mg import moment
from microguard.dashboard.trail import FoundByCase
from microguard.notifications.models import Attempt, ChannelName, Dispatch, DispatchState

STATES = {
    DispatchState.DUE: _("to be sent"),
    DispatchState.SENT: _("sent"),
    DispatchState.EXPIRED: _("expired"),
}
CHANNELS = {ChannelName.EMAIL: _("e-mail"), ChannelName.SMS: _("text message")}


class SentFilter(WordFilter):
    """Gone, or still to go."""

    title = _("Status")
    parameter_name = "state"
    words = tuple(STATES.items())


class ChannelFilter(WordFilter):
    """How a message travels."""

    title = _("Channel")
    parameter_name = "channel"
    words = tuple(CHANNELS.items())


class AttemptInline(TabularInline):
    """Every try to hand a message over."""

    model = Attempt
    verbose_name_plural = _("Attempts")
    fields = ("place", "started", "result")
    readonly_fields = fields
    ordering = ("number",)
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return True: whoever sees the message sees its attempts."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: attempts are made by the worker."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: what was tried stays on record."""
        return False

    @admin.display(description=_("No."))
    def place(self, attempt: Attempt) -> int:
        """Return which try it was."""
        return attempt.number

    @admin.display(description=_("When"))
    def started(self, attempt: Attempt) -> str:
        """Return when it was begun."""
        return moment(attempt.started_at)

    @admin.display(description=_("Result"))
    def result(self, attempt: Attempt) -> str:
        """Return how it ended."""
        return attempt.outcome or str(_("not known"))


@admin.register(Dispatch)
class DispatchAdmin(FoundByCase, PolicyAdmin):
    """Messages, newest first; the address with stars, the text only where it carries no code."""

    heading = _("Messages sent")
    reading = "dispatch.read"
    list_display = ("about", "case", "way", "status", "written", "sent", "last_result")
    list_filter = (SentFilter, ChannelFilter)
    fields = ("about", "case_key", "way", "status", "masked_address", "written", "sent", "next_try", "text")
    readonly_fields = fields
    inlines = (AttemptInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispatch]:
        """Bring the outcome of the last attempt along."""
        last = Attempt.objects.filter(dispatch=OuterRef("pk")).order_by("-number")
        found: QuerySet[Dispatch] = super().get_queryset(request)
        return found.annotate(
            last_outcome=Subquery(last.values("outcome")[:1]), tries=Subquery(last.values("number")[:1])
        )

    @admin.display(description=_("Notice"))
    def about(self, dispatch: Dispatch) -> str:
        """Return which notice it is."""
        return dispatch.notice

    @admin.display(description=_("Channel"))
    def way(self, dispatch: Dispatch) -> str:
        """Return how it travels."""
        return str(CHANNELS[ChannelName(dispatch.channel)])

    @admin.display(description=_("Status"))
    def status(self, dispatch: Dispatch) -> str:
        """Return whether it has gone."""
        return str(STATES[DispatchState(dispatch.state)])

    @admin.display(description=_("Written"))
    def written(self, dispatch: Dispatch) -> str:
        """Return when the message was written."""
        return moment(dispatch.created_at)

    @admin.display(description=_("Sent"))
    def sent(self, dispatch: Dispatch) -> str:
        """Return when it went, or a dash."""
        return moment(dispatch.sent_at) or "—"

    @admin.display(description=_("Next attempt"))
    def next_try(self, dispatch: Dispatch) -> str:
        """Return when it is tried again, while it has not gone."""
        return moment(dispatch.due_at) if dispatch.state == "DUE" else "—"

    @admin.display(description=_("Last attempt"))
    def last_result(self, dispatch: Any) -> str:
        """Return the number and outcome of the last attempt."""
        if not dispatch.tries:
            return "—"
        return f"{dispatch.tries}: {dispatch.last_outcome or _('not known')}"

    @admin.display(description=_("Address"))
    def masked_address(self, dispatch: Dispatch) -> str:
        """Return the address with stars."""
        mask = masking.phone if dispatch.channel == ChannelName.SMS else masking.handle
        return mask(dispatch.address) or "—"

    @admin.display(description=_("Text"))
    def text(self, dispatch: Dispatch) -> str:
        """Return subject and body, unless the message carries a code."""
        if dispatch.secret:
            return str(_("This message carries a code and is not shown."))
        return "\n".join(part for part in (dispatch.subject, dispatch.body) if part)
