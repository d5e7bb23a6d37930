"""Facts are recorded once, in order, for ever, and hold no personal data."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg2 import errors

from complaints.models import Complaint
from disputes.actions.performance import confirm_performance, report_performance
from microguard.accounts.actors import SYSTEM
from microguard.core.models import IdempotencyKey
from microguard.events import bell
from microguard.events.actions import deliver_next, first_broken_link, record
from microguard.events.models import Delivery, Event
from microguard.events.subscriptions import subscribers
from microguard.notifications.actions.sending import send_code, send_next
from microguard.notifications.models import Attempt, Dispatch
from tests.cases import STORY, a_filed_complaint, a_picture, a_signed_dispute
from tests.clock import FRIDAY_NOON, MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.database import as_owner, execute
from tests.people import CHEN_PHONE, ZHANG_PHONE, Office, chen, hire_office, zhang
from tests.threads import at_once, queued_up


@dataclass(frozen=True)
class Thing:
    """Something with a chain of facts."""

    chain: str


THING = Thing("thing/1")


def note(name: str = "thing.noted", **facts: Any) -> Event:
    return record(name, THING, by=SYSTEM, at=MONDAY_MORNING, **facts)


def numbers() -> list[int]:
    return list(Event.objects.filter(chain=THING.chain).order_by("number").values_list("number", flat=True))


def test_a_fact_that_was_rolled_back_leaves_no_gap(db: None) -> None:
    note()
    with pytest.raises(RuntimeError), transaction.atomic():
        note()
        raise RuntimeError("the deed failed after its fact")
    note()

    assert numbers() == [1, 2]
    assert first_broken_link(THING.chain) is None


def test_ten_writers_of_one_case_number_their_facts_without_gap(committed: None) -> None:
    def write() -> None:
        with transaction.atomic():
            note()

    queued_up(THING.chain, *[write] * 10)

    assert numbers() == list(range(1, 11))
    assert first_broken_link(THING.chain) is None


def test_the_writer_of_one_case_does_not_wait_for_another_case(committed: None) -> None:
    with transaction.atomic():
        note()
        (other,) = at_once(lambda: record("thing.noted", Thing("thing/2"), by=SYSTEM, at=MONDAY_MORNING).number)

    assert other == 1


def test_a_fact_and_its_deliveries_are_there_together_or_not_at_all(office: Office) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        a_filed_complaint()
        assert Delivery.objects.filter(event__name="complaint.filed").count() == 2
        raise RuntimeError("the power failed before the commit")

    assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)


def test_every_subscriber_of_a_fact_gets_a_delivery_due_at_once(office: Office) -> None:
    a_filed_complaint(at=MONDAY_NOON)

    waiting = Delivery.objects.filter(event__name="complaint.filed")

    assert set(waiting.values_list("subscriber", flat=True)) == set(subscribers("complaint.filed"))
    assert set(waiting.values_list("due_at", "done_at")) == {(MONDAY_NOON, None)}


CHANGES = {
    "another fact": "UPDATE events_event SET facts = '{\"amount_fen\": 1}' WHERE chain = %s AND number = 2",
    "another name": "UPDATE events_event SET name = 'thing.forged' WHERE chain = %s AND number = 2",
    "another actor": "UPDATE events_event SET actor = 'user:9' WHERE chain = %s AND number = 2",
    "a second later": "UPDATE events_event SET at = at + interval '1 second' WHERE chain = %s AND number = 2",
    "another link": "UPDATE events_event SET previous = repeat('1', 64) WHERE chain = %s AND number = 2",
    "another digest": "UPDATE events_event SET digest = repeat('1', 64) WHERE chain = %s AND number = 2",
    "taken out": "DELETE FROM events_event WHERE chain = %s AND number = 2",
    "moved to another case": "UPDATE events_event SET chain = 'thing/2' WHERE chain = %s AND number = 2",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_the_past_is_found_even_when_the_owner_made_it(committed: None, change: str) -> None:
    for amount in (100, 200, 300):
        note(amount_fen=amount)
    assert first_broken_link(THING.chain) is None

    with as_owner() as owner:
        owner.execute("ALTER TABLE events_event DISABLE TRIGGER USER")
        owner.execute(change, [THING.chain])
        owner.execute("ALTER TABLE events_event ENABLE TRIGGER USER")

    assert first_broken_link(THING.chain) == 2


FORBIDDEN = (
    "UPDATE events_event SET actor = 'system'",
    "DELETE FROM events_event",
    "TRUNCATE events_event CASCADE",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_may_not_change_a_fact(db: None, statement: str) -> None:
    note()

    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        execute(statement)

    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_not_even_the_owner_changes_a_fact_by_accident(committed: None, statement: str) -> None:
    note()

    with as_owner() as owner, pytest.raises(errors.RaiseException, match="append-only"):
        owner.execute(statement)

    assert numbers() == [1]


PERSONAL = (ZHANG_PHONE, CHEN_PHONE, "zhang@mail.cn", "张三", "陈四", "shoes_2026", "开胶", STORY)
CODE = re.compile(r"[\w.:/+-]{1,80}", re.ASCII)


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    rung: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    monkeypatch.setattr(bell.app, "send_task", lambda *args, **options: rung.append((args, options)))
    return rung


def walk_a_case(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)
    Complaint.objects.update(email="zhang@mail.cn")
    report_performance(dispute_id=dispute.pk, proof=a_picture("张三的转账.png"), by=chen(), at=MONDAY_NOON)
    confirm_performance(dispute_id=dispute.pk, by=zhang(), at=TUESDAY_MORNING)
    send_code(phone=ZHANG_PHONE, purpose="SIGN", language="en", at=TUESDAY_MORNING)
    while deliver_next(at=FRIDAY_NOON) or send_next(at=FRIDAY_NOON):
        continue


def test_no_fact_delivery_attempt_or_bell_of_a_whole_case_names_a_person(
    committed: None, bells: list[tuple[tuple[Any, ...], dict[str, Any]]]
) -> None:
    walk_a_case(hire_office())

    written = [
        json.dumps(list(model.objects.values()), default=str, ensure_ascii=False)
        for model in (Event, Delivery, Attempt, IdempotencyKey)
    ]
    written.append(repr(bells))
    written += Dispatch.objects.values_list("effect_key", flat=True)
    assert Event.objects.count() > 20
    assert Dispatch.objects.count() > 10
    assert [(word, text) for word in PERSONAL for text in written if word in text] == []


def test_the_facts_of_a_whole_case_are_ids_and_codes(office: Office) -> None:
    walk_a_case(office)

    values = [value for event in Event.objects.all() for value in event.facts.values()]

    assert len(values) > 20
    assert [value for value in values if not isinstance(value, int) and not CODE.fullmatch(value)] == []


def test_a_bell_carries_the_name_of_its_task_and_nothing_else(
    committed: None, bells: list[tuple[tuple[Any, ...], dict[str, Any]]]
) -> None:
    walk_a_case(hire_office())

    assert {args for args, _options in bells} == {("events.relay",), ("notifications.dispatch",)}
    assert {tuple(sorted(options)) for _args, options in bells} == {("expires", "retry")}


def test_a_broker_that_is_away_fails_no_deed(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(bell.app, "send_task", away)

    note()

    assert numbers() == [1]
    assert connection.is_usable()
