"""Reading messages: an office's own, those of a case that have not arrived, and those that wait for a person."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from microguard.accounts.actors import Actor
from microguard.core.errors import NotFound
from microguard.notifications.models import Attempt, Circuit, Dispatch, DispatchState

ROWS = 25
FOR_A_PERSON = (DispatchState.DEAD, DispatchState.TO_DELIVER)


@dataclass(frozen=True)
class InboxPage:
    """One page of an office's notices, newest first; `older` is the paging key of the next one."""

    notices: list[Dispatch]
    older: int | None


def of_office(office_id: int | None) -> QuerySet[Dispatch]:
    """Return the notices to this office, whichever way they went."""
    return Dispatch.objects.filter(office=office_id or 0, office__isnull=False).exclude(state=DispatchState.MOVED)


def inbox(office_id: int | None, *, before: int | None = None) -> InboxPage:
    """Return one page of the office's notices."""
    rows = of_office(office_id)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: ROWS + 1])
    older = found[ROWS - 1].pk if len(found) > ROWS else None
    return InboxPage(found[:ROWS], older)


def notice_to(actor: Actor, dispatch_id: int) -> Dispatch:
    """Return a notice to the actor's own office.

    :raises NotFound: when there is none, and just so when it went to another office
    """
    found: Dispatch | None = of_office(actor.office_id).filter(pk=dispatch_id).select_related("office").first()
    if found is None:
        raise NotFound("not found")
    return found


def for_a_person() -> QuerySet[Any]:
    """Return the messages that wait for a person: undeliverable ones and letters to deliver, newest first.

    `last_outcome` is that of the last attempt, None where there was none.
    """
    last = Attempt.objects.filter(dispatch=OuterRef("pk")).order_by("-number").values("outcome")[:1]
    waiting: QuerySet[Dispatch] = Dispatch.objects.filter(state__in=FOR_A_PERSON).select_related(
        "office", "letter"
    )
    return waiting.annotate(last_outcome=Subquery(last)).order_by("-pk")


def undelivered(chain: str) -> QuerySet[Dispatch]:
    """Return the messages of a case that have not reached their recipient's side and wait for a person."""
    found: QuerySet[Dispatch] = Dispatch.objects.filter(chain=chain, state__in=FOR_A_PERSON)
    return found.select_related("office", "letter").order_by("pk")


def open_circuits() -> QuerySet[Circuit]:
    """Return the servers that do not take our messages at present."""
    failing: QuerySet[Circuit] = Circuit.objects.filter(opened_at__isnull=False)
    return failing.order_by("opened_at", "pk")
