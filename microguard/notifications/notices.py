"""Who is told of which fact: event -> audience -> recipients, with the variables that its text may use.

The text of a notice is `templates/notices/<event>/<audience>.txt`: its first line is the subject (and, with
the address of the page, the whole of a text message), the rest the body of an e-mail.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from microguard.accounts.actors import SYSTEM
from microguard.events import actions as events
from microguard.events.models import Event
from microguard.events.subscriptions import on
from microguard.notifications.channels.webhook import content
from microguard.notifications.letters import number_letter
from microguard.notifications.models import ChannelName, Dispatch, DispatchState
from microguard.notifications.ways import Recipient, Way, circuit_of


@dataclass(frozen=True)
class Notice:
    """What one audience is told of one event."""

    event: str
    audience: str
    recipients: Callable[[Event], Iterable[Recipient]]
    variables: tuple[str, ...]
    context: Callable[[Event], dict[str, Any]]

    @property
    def name(self) -> str:
        return f"{self.event}:{self.audience}"

    @property
    def template(self) -> str:
        return f"notices/{self.event}/{self.audience}.txt"


GIVES_UP_AFTER = timedelta(hours=76)  # a little longer than all pauses between attempts
# How a channel's message begins its life: one that needs no network is there as soon as it is written.
FIRST_STATE = {ChannelName.INBOX: DispatchState.SENT, ChannelName.LETTER: DispatchState.TO_DELIVER}

notices: list[Notice] = []
unannounced: dict[str, str] = {}


def tell(
    event: str,
    audience: str,
    *,
    recipients: Callable[[Event], Iterable[Recipient]],
    variables: tuple[str, ...],
    context: Callable[[Event], dict[str, Any]],
) -> None:
    """Declare a notice; it is written when the event's delivery is handed over."""
    notice = Notice(event, audience, recipients, variables, context)
    notices.append(notice)
    on(event, subscriber=f"notice:{notice.name}")(lambda happened: write(notice, happened))


def no_notice(event: str, *, because: str) -> None:
    """Declare that nobody is told of this event, and why."""
    unannounced[event] = because


def write(notice: Notice, event: Event) -> None:
    """Write the notice's messages for all its recipients; those that exist already stay as they are."""
    for recipient in notice.recipients(event):
        if recipient.ways:
            _write(notice, event, recipient, recipient.ways[0], at=event.at)


def write_next_way(dispatch: Dispatch, *, at: datetime) -> bool:
    """Write a notice anew for the first way of its recipient that was not tried yet; False when there is none.

    Addresses are those of today: what was put right since the first message counts.
    """
    notice = next((notice for notice in notices if notice.name == dispatch.notice), None)
    if notice is None or dispatch.event is None:
        return False
    for recipient in notice.recipients(dispatch.event):
        if recipient.key == dispatch.recipient:
            for way in recipient.ways:
                key = _effect_key(notice, dispatch.event, recipient, way)
                if not Dispatch.objects.filter(effect_key=key).exists():
                    _write(notice, dispatch.event, recipient, way, at=at)
                    return True
    return False


def _effect_key(notice: Notice, event: Event, recipient: Recipient, way: Way) -> str:
    return f"{event.chain}#{event.number}:{notice.audience}:{recipient.key}:{way.channel}"


def _write(notice: Notice, event: Event, recipient: Recipient, way: Way, *, at: datetime) -> None:
    key = _effect_key(notice, event, recipient, way)
    if Dispatch.objects.filter(effect_key=key).exists():
        return
    with translation.override(recipient.language):
        facts = notice.context(event)
        text = render_to_string(notice.template, {name: facts[name] for name in notice.variables})
    subject, _, body = (part.strip() for part in text.strip().partition("\n"))
    state = FIRST_STATE.get(ChannelName(way.channel), DispatchState.DUE)
    dispatch, made = Dispatch.objects.get_or_create(
        effect_key=key,
        defaults={
            "chain": event.chain,
            "event": event,
            "notice": notice.name,
            "recipient": recipient.key,
            "office_id": recipient.office_id,
            "endpoint_id": way.endpoint_id,
            "channel": way.channel,
            "circuit": circuit_of(way.channel, way.endpoint_id),
            "address": way.address,
            "subject": subject,
            "body": _body(way, notice, event, subject, body, facts),
            "state": state,
            "created_at": at,
            "due_at": at,
            "gives_up_at": at + GIVES_UP_AFTER,
            "sent_at": at if state == DispatchState.SENT else None,
        },
    )
    if made and state == DispatchState.TO_DELIVER:
        number_letter(dispatch, at=at)
    elif made and state == DispatchState.SENT:
        record_sent(dispatch, at=at)


def record_sent(dispatch: Dispatch, *, at: datetime) -> None:
    """Record in the case that a notice has reached its recipient's side."""
    if dispatch.chain:
        facts = {"notice": dispatch.notice, "channel": dispatch.channel, "dispatch": dispatch.pk}
        events.record("notice.sent", dispatch, by=SYSTEM, at=at, **facts)


def _body(way: Way, notice: Notice, event: Event, subject: str, body: str, facts: dict[str, Any]) -> str:
    """Return the text as the channel takes it: a short one for phones, facts for machines, else the whole."""
    if way.channel == ChannelName.SMS:
        page = facts["url"] if "url" in notice.variables else ""
        return f"MicroGuard: {subject} {page}".strip()
    if way.channel == ChannelName.WEBHOOK:
        return content(kind=event.name, at=event.at.isoformat(), data=facts["data"])
    return body
