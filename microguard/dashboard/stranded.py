"""What the first page of the desk says of messages: those that wait for a person, and servers that are down."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.accounts.models import User
from microguard.dashboard.reasons import reason_in_words
from microguard.notifications.actions.by_hand import may_resend
from microguard.notifications.models import Circuit, Endpoint
from microguard.notifications.selectors import for_a_person, open_circuits

ROWS = 25


def troubles_of_messages(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """Return the messages that wait for a person, and the servers that are down, for those who see to them."""
    if not policies.can(actor, "dispatch.settle"):
        return {}
    waiting = list(for_a_person()[: ROWS + 1])
    people = _people(waiting)
    return {
        "sees_to_messages": True,
        "stranded": [_row(dispatch, people, at) for dispatch in waiting[:ROWS]],
        "more_stranded": len(waiting) > ROWS,
        "circuits": [
            {"name": _server(circuit), "reason": reason_in_words(circuit.reason), "since": circuit.opened_at}
            for circuit in open_circuits()
        ],
    }


def _row(dispatch: Any, people: dict[str, str], at: datetime) -> dict[str, Any]:
    again = may_resend(dispatch, at=at)
    return {
        "dispatch": dispatch,
        "to": dispatch.office or people.get(dispatch.recipient, dispatch.recipient),
        "url": reverse("admin:notifications_dispatch_change", args=[dispatch.pk]),
        "again_url": reverse("admin:notifications_dispatch_again", args=[dispatch.pk]) if again else "",
        "result": reason_in_words(dispatch.last_outcome) if dispatch.last_outcome is not None else "",
    }


def _people(dispatches: list[Any]) -> dict[str, str]:
    """Return what the recipients' keys stand for: the parties, and people of the office by their names."""
    keys = {dispatch.recipient.removeprefix("user:") for dispatch in dispatches}
    names = User.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()]).values_list("pk", "name")
    return {"complainant": _("Buyer"), "respondent": _("Seller"), **{f"user:{pk}": name for pk, name in names}}


def _server(circuit: Circuit) -> str:
    kind, _slash, pk = circuit.key.partition("/")
    if kind != "webhook":
        return _("Mail server")
    endpoint = Endpoint.objects.filter(pk=int(pk)).select_related("office").first()
    return endpoint.office.name if endpoint else circuit.key
