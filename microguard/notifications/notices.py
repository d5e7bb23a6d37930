"""Who is told of which fact: event -> audience -> recipients, with the variables that its text may use.

The text of a notice is `templates/notices/<event>/<audience>.txt`: its first line is the subject (and, with
the address of the page, the whole of a text message), the rest the body of an e-mail.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language

from microguard.accounts.actors import SYSTEM
from microguard.core.locks import hold
from microguard.events import actions as events
from microguard.events.models import Event
from microguard.events.subscriptions import on
from microguard.notifications.channels.webhook import content
from microguard.notifications.letters import number_letter
from microguard.notifications.models import ChannelName, Dispatch, DispatchState
from microguard.notifications.ways import Recipient, Way, circuit_of

GIVES_UP_AFTER = timedelta(hours=76)  # a little longer than all pauses between attempts


@dataclass(frozen=True)
class Notice:
    """What one audience is told of one event."""

    event: str
    audience: str
    recipients: Callable[[Event], Iterable[Recipient]]
    variables: tuple[str, ...]
    context: Callable[[Event], dict[str, Any]]
    gives_up_after: timedelta

    @property
    def name(self) -> str:
        return f"{self.event}:{self.audience}"

    @property
    def template(self) -> str:
        return f"notices/{self.event}/{self.audience}.txt"


notices: list[Notice] = []
unannounced: dict[str, str] = {}


def tell(
    event: str,
    audience: str,
    *,
    recipients: Callable[[Event], Iterable[Recipient]],
    variables: tuple[str, ...],
    context: Callable[[Event], dict[str, Any]],
    gives_up_after: timedelta = GIVES_UP_AFTER,
) -> None:
    """Declare a notice; it is written when the event's delivery is handed over.

    `gives_up_after` is how long one way is tried before the next one.
    """
    notice = Notice(event, audience, recipients, variables, context, gives_up_after)
    notices.append(notice)
    on(event, subscriber=f"notice:{notice.name}")(lambda happened: write(notice, happened))


def no_notice(event: str, *, because: str) -> None:
    """Declare that nobody is told of this event, and why."""
    unannounced[event] = because


def write(notice: Notice, event: Event) -> None:
    """Write the notice's messages for all its recipients; those that exist already stay as they are."""
    hold(event.chain)  # before any letter is numbered: whoever gives a way up takes the two in this order too
    for recipient in notice.recipients(event):
        if recipient.ways:
            _write(notice, event, recipient, recipient.ways[0], at=event.at)


def write_next_way(dispatch: Dispatch, *, at: datetime) -> bool:
    """Write a notice anew for the first way of its recipient that was not tried yet; False when there is none.

    Addresses are those of today: what was put right since the first message counts.
    """
    notice = called(dispatch.notice)
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
    facts, subject, body = rendered(notice, event, recipient.language)
    by_letter = way.channel == ChannelName.LETTER
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
            "state": DispatchState.TO_DELIVER if by_letter else DispatchState.DUE,
            "created_at": at,
            "due_at": at,
            "gives_up_at": at + notice.gives_up_after,
        },
    )
    if made and by_letter:
        number_letter(dispatch, at=at)


def rendered(notice: Notice, event: Event, language: str) -> tuple[dict[str, Any], str, str]:
    """Return what a notice may tell of the event now, and its subject and text in this language."""
    with translation.override(language):
        facts = notice.context(event)
        text = render_to_string(notice.template, {name: facts[name] for name in notice.variables})
    subject, _, body = (part.strip() for part in text.strip().partition("\n"))
    return facts, subject, body


def words_of(dispatch: Dispatch) -> str:
    """Return a webhook's notice in words, as its office may be told of it now; else its body."""
    notice = called(dispatch.notice)
    if notice is None or dispatch.event is None:
        return dispatch.body
    return rendered(notice, dispatch.event, get_language() or settings.LANGUAGE_CODE)[2]


def called(name: str) -> Notice | None:
    """Return the notice of this name; None when it is no longer declared."""
    return next((notice for notice in notices if notice.name == name), None)


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
