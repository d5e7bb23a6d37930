"""What follows from a fact happens exactly once, whoever fails or dies on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection

from merchants.models import Merchant
from microguard.accounts.actors import SYSTEM
from microguard.events import subscriptions
from microguard.events.actions import LONGEST_PAUSE, deliver_next, record
from microguard.events.models import Delivery, Event
from tests.clock import A_SECOND, MONDAY_MORNING
from tests.database import execute
from tests.threads import at_once

HAPPENED = "thing.happened"
Subscribe = Callable[[str, subscriptions.Handler], None]


@dataclass(frozen=True)
class Thing:
    """Something with a chain of facts."""

    chain: str = "thing/1"


class WorkerKilled(BaseException):
    """The worker ends in the middle of a handler."""


@pytest.fixture
def subscribe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Subscribe]:
    """Let a handler listen to HAPPENED for the length of one test."""
    monkeypatch.setattr(subscriptions, "_handlers", dict(subscriptions._handlers))
    monkeypatch.setitem(subscriptions._listening, HAPPENED, [])

    def listen(name: str, handler: subscriptions.Handler) -> None:
        subscriptions.on(HAPPENED, subscriber=name)(handler)

    yield listen


def leave_a_trace(event: Event) -> None:
    """The handler's effect: one row for each time that it was asked."""
    Merchant.objects.create(registered_at=event.at, registered_by=f"event:{event.number}")


def traces() -> list[str]:
    return sorted(Merchant.objects.values_list("registered_by", flat=True))


def happen(times: int = 1) -> None:
    for _ in range(times):
        record(HAPPENED, Thing(), by=SYSTEM, at=MONDAY_MORNING)


def hand_over_all(at: datetime = MONDAY_MORNING) -> None:
    while deliver_next(at=at):
        continue


def test_two_workers_hand_each_delivery_over_once(committed: None, subscribe: Subscribe) -> None:
    subscribe("test:trace", leave_a_trace)
    happen(30)

    at_once(hand_over_all, hand_over_all)

    assert traces() == sorted(f"event:{number}" for number in range(1, 31))
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_a_delivery_in_the_hands_of_one_worker_is_left_alone_by_the_other(
    committed: None, subscribe: Subscribe
) -> None:
    seen_by_the_other: list[bool] = []

    def slow(event: Event) -> None:
        seen_by_the_other.extend(at_once(lambda: deliver_next(at=MONDAY_MORNING)))
        leave_a_trace(event)

    subscribe("test:slow", slow)
    happen()

    hand_over_all()

    assert seen_by_the_other == [False]
    assert traces() == ["event:1"]


def test_a_delivery_that_is_not_due_yet_waits(db: None, subscribe: Subscribe) -> None:
    subscribe("test:trace", leave_a_trace)
    happen()

    assert deliver_next(at=MONDAY_MORNING - A_SECOND) is False
    assert traces() == []


def test_a_failing_handler_is_asked_again_with_growing_pauses_and_leaves_nothing_behind(
    db: None, subscribe: Subscribe
) -> None:
    def fail(event: Event) -> None:
        leave_a_trace(event)
        raise ValueError("张三 13800000001")

    subscribe("test:fail", fail)
    happen()
    pauses, at = [], MONDAY_MORNING
    for _ in range(12):
        assert deliver_next(at=at) is True
        delivery = Delivery.objects.get()
        pauses.append((delivery.due_at - at).total_seconds())
        at = delivery.due_at

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    assert (delivery.attempts, delivery.done_at, delivery.last_error) == (12, None, "ValueError")
    assert traces() == []


def test_a_handler_that_failed_for_a_week_still_holds_up_nobody(db: None, subscribe: Subscribe) -> None:
    def fail(_event: Event) -> None:
        raise ValueError

    subscribe("test:fail", fail)
    happen()
    Delivery.objects.update(attempts=2000)
    subscribe("test:trace", leave_a_trace)
    happen()

    hand_over_all()

    failing = Delivery.objects.filter(subscriber="test:fail").earliest("pk")
    assert failing.due_at == MONDAY_MORNING + LONGEST_PAUSE
    assert traces() == ["event:2"]


def test_a_failing_handler_does_not_keep_others_of_the_same_fact(db: None, subscribe: Subscribe) -> None:
    def fail(_event: Event) -> None:
        raise ValueError

    subscribe("test:fail", fail)
    subscribe("test:trace", leave_a_trace)
    happen(2)

    hand_over_all()

    assert traces() == ["event:1", "event:2"]
    assert Delivery.objects.filter(subscriber="test:fail", done_at__isnull=True).count() == 2


def test_a_handler_that_breaks_its_transaction_is_postponed_too(db: None, subscribe: Subscribe) -> None:
    subscribe("test:broken", lambda _event: execute("SELECT 1/0"))
    happen()

    hand_over_all()

    assert Delivery.objects.get().last_error == "DataError"


def test_a_subscriber_that_no_longer_exists_holds_up_nobody(db: None, subscribe: Subscribe) -> None:
    subscribe("test:gone", leave_a_trace)
    subscribe("test:trace", leave_a_trace)
    happen()
    del subscriptions._handlers["test:gone"]

    hand_over_all()

    assert traces() == ["event:1"]
    assert Delivery.objects.get(subscriber="test:gone").last_error == "KeyError"


def test_a_handler_that_recovers_is_handed_the_fact_in_the_end(db: None, subscribe: Subscribe) -> None:
    calls: list[int] = []

    def fail_first(event: Event) -> None:
        calls.append(event.number)
        if len(calls) < 3:
            raise ValueError
        leave_a_trace(event)

    subscribe("test:fail_first", fail_first)
    happen()

    hand_over_all(at=MONDAY_MORNING)
    hand_over_all(at=MONDAY_MORNING + timedelta(minutes=1))
    hand_over_all(at=MONDAY_MORNING + timedelta(minutes=2))

    assert traces() == ["event:1"]
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.last_error) == (3, "")
    assert delivery.done_at == MONDAY_MORNING + timedelta(minutes=2)


def test_what_a_killed_worker_had_in_hand_is_handed_over_by_the_next(
    committed: None, subscribe: Subscribe
) -> None:
    killed: list[int] = []

    def die_first(event: Event) -> None:
        leave_a_trace(event)
        if not killed:
            killed.append(event.number)
            raise WorkerKilled

    subscribe("test:die_first", die_first)
    happen(2)

    with pytest.raises(WorkerKilled):
        deliver_next(at=MONDAY_MORNING)
    assert traces() == []
    hand_over_all()

    assert traces() == ["event:1", "event:2"]


def test_what_a_worker_that_lost_its_connection_had_in_hand_is_handed_over_by_the_next(
    committed: None, subscribe: Subscribe
) -> None:
    killed: list[int] = []

    def lose_connection_first(event: Event) -> None:
        leave_a_trace(event)
        if not killed:
            killed.append(event.number)
            execute("SELECT pg_terminate_backend(pg_backend_pid())")

    subscribe("test:lose_connection_first", lose_connection_first)
    happen()

    with pytest.raises(Exception, match="connection|cursor"):
        deliver_next(at=MONDAY_MORNING)
    connection.close()
    hand_over_all()

    assert traces() == ["event:1"]
    assert Delivery.objects.get().attempts == 1


def test_two_subscribers_of_one_name_are_refused(subscribe: Subscribe) -> None:
    subscribe("test:trace", leave_a_trace)

    with pytest.raises(RuntimeError, match="test:trace"):
        subscribe("test:trace", lambda _event: None)
