"""Who is told of which fact: event -> audience -> recipients, with the variables that its text may use.

The text of a notice is `templates/notices/<event>/<audience>.txt`: its first line is the subject (and, with
the address of the page, the whole of a text message), the rest the body of an e-mail.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from microguard.events.models import Event
from microguard.events.subscriptions import on
from microguard.notifications.models import ChannelName, Dispatch


@dataclass(frozen=True)
class Recipient:
    """One address of one person: `key` is stable and names no person ("complainant", "user:3")."""

    key: str
    channel: str
    address: str
    language: str


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
        with translation.override(recipient.language):
            facts = notice.context(event)
            text = render_to_string(notice.template, {name: facts[name] for name in notice.variables})
        subject, _, body = (part.strip() for part in text.strip().partition("\n"))
        page = facts["url"] if "url" in notice.variables else ""
        short = f"MicroGuard: {subject} {page}".strip()
        Dispatch.objects.get_or_create(
            effect_key=f"{event.chain}#{event.number}:{notice.audience}:{recipient.key}:{recipient.channel}",
            defaults={
                "chain": event.chain,
                "notice": notice.name,
                "channel": recipient.channel,
                "address": recipient.address,
                "subject": subject,
                "body": short if recipient.channel == ChannelName.SMS else body,
                "created_at": event.at,
                "due_at": event.at,
            },
        )
