"""Recording a fact, and handing it to those who listen."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection, transaction

from microguard.accounts.actors import Actor
from microguard.core.digests import digest_of
from microguard.core.locks import hold
from microguard.events.bell import ring
from microguard.events.models import GENESIS, Delivery, Event
from microguard.events.subscriptions import handler_of, subscribers

logger = logging.getLogger(__name__)
LONGEST_PAUSE = timedelta(minutes=10)


class Chained(Protocol):
    """A thing whose facts form a chain; `chain` is the chain's key, such as "case/17"."""

    @property
    def chain(self) -> str: ...


class Fact:
    """Something to record of a thing; only ids and codes belong into `facts`."""

    def __init__(self, name: str, subject: Chained, **facts: Any) -> None:
        self.name, self.chain, self.facts = name, subject.chain, facts


def record(name: str, subject: Chained, *, by: Actor, at: datetime, **facts: Any) -> Event:
    """Append a fact to the subject's chain and queue its deliveries, in the caller's transaction.

    Only ids and codes belong into `facts`. The chain is locked until the transaction ends, so numbers
    have no gap and two writers of one case wait for each other, never for another case.
    """
    return record_all([Fact(name, subject, **facts)], by=by, at=at)[0]


def record_all(happened: Sequence[Fact], *, by: Actor, at: datetime) -> list[Event]:
    """Append facts, each to the chain of its subject and in this order, in as many statements as for one."""
    chains = {fact.chain for fact in happened}
    hold(*chains)
    ends = _ends_of(chains)
    appended = []
    for fact in happened:
        number, previous = ends.get(fact.chain, (0, GENESIS))
        sealed = seal(
            chain=fact.chain,
            number=number + 1,
            name=fact.name,
            actor=by.reference,
            at=at,
            facts=fact.facts,
            previous=previous,
        )
        ends[fact.chain] = (number + 1, sealed["digest"])
        appended.append(Event(**sealed))
    Event.objects.bulk_create(appended)
    Delivery.objects.bulk_create(
        Delivery(event=event, subscriber=subscriber, due_at=at)
        for event in appended
        for subscriber in subscribers(event.name)
    )
    transaction.on_commit(lambda: ring("events.relay"), robust=True)
    return appended


def has_recorded(name: str, subject: Chained) -> bool:
    """Tell whether a fact of this name stands in the subject's chain."""
    return Event.objects.filter(chain=subject.chain, name=name).exists()


def _ends_of(chains: set[str]) -> dict[str, tuple[int, str]]:
    """Return number and digest of the last event of each chain that has one."""
    with connection.cursor() as cursor:
        # One step down the index a chain: by plain means all events of all chains would be read.
        cursor.execute(
            "SELECT last.chain, last.number, last.digest FROM unnest(%s::text[]) AS asked,"
            " LATERAL (SELECT chain, number, digest FROM events_event WHERE chain = asked"
            " ORDER BY number DESC LIMIT 1) AS last",
            [list(chains)],
        )
        return {chain: (number, digest) for chain, number, digest in cursor.fetchall()}


def seal(
    *, chain: str, number: int, name: str, actor: str, at: datetime, facts: dict[str, Any], previous: str
) -> dict[str, Any]:
    """Return the columns of an event, with the digest that binds them to the event before."""
    columns = {
        "chain": chain,
        "number": number,
        "name": name,
        "actor": actor,
        "at": at,
        "facts": facts,
        "previous": previous,
    }
    return {**columns, "digest": digest_of({**columns, "at": at.timestamp()})}


def first_broken_link(chain: str) -> int | None:
    """Return the number of the first event whose digest or link does not fit; None when the chain is whole."""
    previous = GENESIS
    for number, event in enumerate(Event.objects.filter(chain=chain).order_by("number"), start=1):
        expected = seal(
            chain=chain,
            number=number,
            name=event.name,
            actor=event.actor,
            at=event.at,
            facts=event.facts,
            previous=previous,
        )
        if any(getattr(event, column) != value for column, value in expected.items()):
            return number
        previous = event.digest
    return None


def deliver_next(*, at: datetime) -> bool:
    """Hand over the one delivery that is due first and is not being handed over elsewhere.

    The handler's effect and the mark "done" commit together, so each is handed over exactly once. A
    handler that fails is asked again later, with growing pauses, and never holds up the others.
    Returns False when nothing was due.
    """
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(done_at__isnull=True, due_at__lte=at)
            .order_by("due_at", "id")
            .first()
        )
        if delivery is None:
            return False
        try:
            with transaction.atomic():
                handler_of(delivery.subscriber)(delivery.event)
            delivery.done_at = at
            delivery.last_error = ""
        except Exception as error:
            logger.exception("delivery %s to %s failed", delivery.pk, delivery.subscriber)
            # Bounded before the power is taken: after days of failures it would be no timedelta any more.
            pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(delivery.attempts, 16)))
            delivery.due_at = at + pause
            delivery.last_error = type(error).__name__
        delivery.attempts += 1
        delivery.save(update_fields=["due_at", "done_at", "attempts", "last_error"])
    return True
