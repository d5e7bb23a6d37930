"""Terms that have run out, swept with all that follows, against one statement for all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from complaints.models import Complaint
from complaints.states import State
from microguard.bench.people import Office
from microguard.bench.rounds import Race, Stopwatch, expect
from microguard.deadlines.actions import OPEN, lapse_next, reckon
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from microguard.events.subscriptions import subscribers

RULE = "first.contact"
LAPSED = f"{RULE}.lapsed"
MOST = 1_000
AT_ONCE = """
WITH lapsed AS (
    UPDATE deadlines_deadline SET lapsed_at = %(at)s
    WHERE rule = %(rule)s AND due_at <= %(at)s
      AND met_at IS NULL AND lapsed_at IS NULL AND cancelled_at IS NULL
    RETURNING id, subject, due_at, rule_version
), facts AS (
    INSERT INTO events_event (chain, number, name, actor, at, facts, previous, digest)
    SELECT 'bench/' || id, 1, %(name)s, 'system', %(at)s,
           jsonb_build_object('due_at', due_at, 'rule_version', rule_version, 'clock_of', subject),
           repeat('0', 64), encode(sha256(('bench/' || id)::bytea), 'hex')
    FROM lapsed RETURNING id
)
INSERT INTO events_delivery (event_id, subscriber, due_at, attempts, last_error)
SELECT facts.id, subscriber, %(at)s, 0, '' FROM facts, unnest(%(subscribers)s::text[]) AS subscriber
"""


def of(name: str, each: int) -> Callable[[Office, datetime], Race]:
    """Return the suite of so many clocks each in a thousand decided cases, or in as many as there are."""

    def suite(office: Office, at: datetime) -> Race:
        decided = Complaint.objects.filter(state=State.ACCEPTED).order_by("pk").values_list("pk", flat=True)
        return race(name, list(decided[:MOST]) * each, at)

    return suite


def race(name: str, cases: list[int], at: datetime) -> Race:
    """Return the race: a clock in each of the cases, with a consequence in none."""

    def once(watch: Stopwatch) -> None:
        _run_out(cases, at)
        before = Event.objects.filter(name=LAPSED).count()
        with watch.running():
            while lapse_next(at=at):
                continue
        _check(cases, before, at)

    def floor(watch: Stopwatch) -> None:
        _run_out(cases, at)
        before = Event.objects.filter(name=LAPSED).count()
        values: dict[str, Any] = {"at": at, "rule": RULE, "name": LAPSED, "subscribers": subscribers(LAPSED)}
        with watch.running(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(AT_ONCE, values)
        _check(cases, before, at)

    return Race(
        name,
        "clocks that ran out, swept: lapse, fact, deliveries",
        once,
        "the same rows by one UPDATE and INSERT statement",
        floor,
        samples=1,
        more={"clocks": len(cases)},
    )


def _run_out(cases: list[int], at: datetime) -> None:
    """Start a clock that ran out an hour ago for each of the cases; a case may be there more than once."""
    begun = at - timedelta(days=5)
    columns = {**reckon(RULE, at=begun), "due_at": at - timedelta(hours=1)}
    Deadline.objects.bulk_create(
        Deadline(case_id=case, subject=f"bench/{place}", rule=RULE, started_at=begun, **columns)
        for place, case in enumerate(cases)
    )


def _check(cases: list[int], before: int, at: datetime) -> None:
    lapsed = Event.objects.filter(name=LAPSED).count() - before
    expect(lapsed == len(cases), f"{lapsed} facts of {len(cases)} lapses")
    expect(not Deadline.objects.filter(OPEN, rule=RULE, due_at__lte=at).exists(), "a clock was left")
