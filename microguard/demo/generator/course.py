"""One case in memory: its facts, its clocks and its rows, as the actions would have left them.

The verbs stand in `intake` and `talks`. They move by the real state tables, reckon by the real legislation
and seal by the real chain; only the database is spared until the whole batch is copied.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from django.conf import settings
from django.db import models

from complaints.models import (
    Claim,
    Complaint,
    ComplaintRight,
    Consent,
    Evidence,
    LegalBasis,
    SellerMention,
)
from disputes.models import (
    Assignment,
    Dispute,
    Invitation,
    MediationConsent,
    Message,
    Obligation,
    Offer,
    Proposal,
    ProposalAnswer,
    Settlement,
    Signature,
)
from disputes.states import MACHINE
from merchants.models import Handle, HandleKey, HandleSighting, Merchant
from microguard.core.clock import CHINA, day_of
from microguard.core.files import Stored
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import reckon
from microguard.deadlines.ends import next_alarm
from microguard.deadlines.legislation import in_force
from microguard.deadlines.models import Deadline
from microguard.demo.generator.copying import Row, Sheet, keys_of
from microguard.demo.generator.matters import Matter
from microguard.events.actions import seal
from microguard.events.models import GENESIS, Event

KEYED: tuple[type[models.Model], ...] = (
    Merchant,
    Handle,
    Complaint,
    Evidence,
    Dispute,
    Offer,
    Proposal,
    Settlement,
    Obligation,
    Message,
)
UNKEYED: tuple[type[models.Model], ...] = (
    *(
        HandleSighting,
        HandleKey,
        SellerMention,
        Claim,
        Consent,
        Event,
        Deadline,
        Invitation,
        MediationConsent,
        Assignment,
    ),
    *(ProposalAnswer, Signature, ComplaintRight, LegalBasis),
)
IN_HOURS = {"settlement.cooling_off"}  # clocks whose end depends on the hour and not on the day alone
WARNED_AFTER = timedelta(seconds=7)
SYSTEM, BUYER, SELLER = "system", "complainant", "respondent"
Verb = Callable[["Course", datetime], None]
ON_LAPSE: dict[str, Verb] = {}


def on_lapse(*rules: str) -> Callable[[Verb], Verb]:
    """Register what happens in memory when a term of these rules ends unmet."""

    def register(verb: Verb) -> Verb:
        ON_LAPSE.update(dict.fromkeys(rules, verb))
        return verb

    return register


@dataclass(frozen=True)
class Staff:
    """The people of the office who handle the cases, by their keys; without mediators none is mediated."""

    officers: list[int]
    mediators: list[int]


@dataclass
class Known:
    """A seller in the registry: its key, and the handles that are noted with their keys."""

    merchant_id: int
    registered_at: datetime
    handles: dict[tuple[str, str], int] = field(default_factory=dict)


class Books:
    """The sheets of all tables, fresh keys for them, and the sellers registered so far."""

    def __init__(self, *, staff: Staff, proofs: list[Stored], keys_at_a_time: int) -> None:
        """Open empty sheets; `proofs` are pictures of payments that lie on disk already."""
        self.staff, self.proofs = staff, proofs
        self.sheets: dict[type[models.Model], Sheet] = {
            model: Sheet(model, keyed=model in KEYED) for model in (*KEYED, *UNKEYED)
        }
        self.keys: dict[type[models.Model], Iterator[int]] = {
            model: keys_of(model, at_a_time=keys_at_a_time) for model in KEYED
        }
        self.sellers: dict[int, Known] = {}


def _next(clock: Row) -> datetime:
    """Return when the next thing happens to a clock by itself: an alarm before its end, or its end."""
    due: datetime = clock["due_at"]
    if clock["alarm_days"] is None:
        return due
    alarmed: date = clock["due_strict_date"] - timedelta(days=clock["alarm_days"])
    return min(due, datetime.combine(alarmed, time.min, CHINA))


@lru_cache(maxsize=10_000)
def _reckoned(rule: str, day: date, noon: datetime) -> Row:
    return reckon(rule, at=noon)


class Course:
    """The case so far. Rows change until `close_books` hands them to the sheets."""

    def __init__(self, books: Books, matter: Matter, *, number: str, rng: Random) -> None:
        self.books, self.matter, self.number, self.rng = books, matter, number, rng
        self.pk = next(books.keys[Complaint])
        self.chain = f"case/{self.pk}"
        self.officer = rng.choice(books.staff.officers)
        self.staff = f"user:{self.officer}"
        self.mediator: int | None = None
        self.pay_days = 0  # for the next agreement; none is drawn when it is set
        self.rows: list[tuple[type[models.Model], Row]] = []
        self.complaint: Row = {}
        self.dispute: Row = {}
        self._running: dict[tuple[str, str], Row] = {}
        self._facts, self._digest = 0, GENESIS

    def keep(self, model: type[models.Model], **columns: Any) -> Row:
        """Open a row of the case, with a key where other rows name it."""
        if model in self.books.keys:
            columns.setdefault("id", next(self.books.keys[model]))
        row = self.books.sheets[model].row(**columns)
        self.rows.append((model, row))
        return row

    def kept(self, model: type[models.Model], **columns: Any) -> list[Row]:
        """Return the rows of a table that hold these values, oldest first."""
        return [
            row
            for kind, row in self.rows
            if kind is model and all(row[name] == value for name, value in columns.items())
        ]

    def drop(self, model: type[models.Model]) -> None:
        """Forget the rows of a table that the actions would have deleted."""
        self.rows = [(kind, row) for kind, row in self.rows if kind is not model]

    def close_books(self) -> None:
        """Hand all rows to the sheets."""
        for model, row in self.rows:
            self.books.sheets[model].add(row)

    def require(self, *states: str) -> None:
        """Pass when the dispute stands in one of these stages.

        :raises microguard.core.machine.NotPossible: when it does not
        """
        if self.dispute.get("state") not in states:
            raise NotPossible("not in this stage")

    def move(self, verb: str) -> None:
        """Take the dispute to the stage that the verb leads to.

        :raises microguard.core.machine.NotPossible: when the verb does not exist in its stage
        """
        self.dispute["state"] = MACHINE.after(verb, self.dispute.get("state", ""))

    def record(self, name: str, actor: str, at: datetime, **facts: Any) -> None:
        """Append a fact to the chain."""
        self._facts += 1
        sealed = seal(
            chain=self.chain,
            number=self._facts,
            name=name,
            actor=actor,
            at=at,
            facts=facts,
            previous=self._digest,
        )
        self._digest = sealed["digest"]
        self.keep(Event, **sealed)

    def start(self, rule: str, at: datetime, *, subject: str = "", **bounds: datetime | None) -> None:
        """Start a clock; `bounds` are `until` and `not_after`."""
        if rule in IN_HOURS or bounds:
            columns = reckon(rule, at=at, **bounds)
        else:
            columns = _reckoned(rule, day_of(at), at.replace(hour=12, minute=0, second=0, microsecond=0))
        subject = subject or self.chain
        self._running[rule, subject] = self.keep(
            Deadline, case_id=self.pk, subject=subject, rule=rule, started_at=at, **columns
        )

    def due(self, rule: str) -> datetime | None:
        """Return the end of the running clock of this rule."""
        running = self._running.get((rule, self.chain))
        return running["due_at"] if running else None

    def meet(self, rule: str, at: datetime, *, subject: str = "") -> None:
        """Stop the clock of this rule as met, if one runs; what had run out has lapsed before."""
        running = self._running.pop((rule, subject or self.chain), None)
        if running is not None:
            running["met_at"] = at

    def cancel(self, *rules: str, at: datetime) -> None:
        """Stop the clocks of these rules, of every rule when none is named."""
        for key in [key for key in self._running if not rules or key[0] in rules]:
            self._running.pop(key)["cancelled_at"] = at

    def pass_time(self, until: datetime) -> None:
        """Let every clock run out that ends by then, oldest first, within a sweep's fifteen seconds."""
        while True:
            late = [row for row in self._running.values() if _next(row) <= until and not row["alarmed_at"]]
            if not late:
                return
            first = min(late, key=_next)
            if _next(first) < first["due_at"]:
                self._warn(first, min(_next(first) + WARNED_AFTER, until))
                continue
            swept = first["due_at"] + timedelta(seconds=self.rng.randrange(15))
            self._run_out(first, min(swept, until))

    def _warn(self, clock: Row, at: datetime) -> None:
        due = clock["due_at"].astimezone(UTC).isoformat()
        facts = {"due_at": due, "days_before": clock["alarm_days"], "clock_of": clock["subject"]}
        self.record(f"{clock['rule']}.ending", SYSTEM, at, **facts)
        version = in_force(clock["rule"], settings.OPERATOR, day_of(clock["started_at"]))
        clock["alarm_days"] = next_alarm(version, clock["due_strict_date"], day_of(at))

    def _run_out(self, clock: Row, at: datetime) -> None:
        if clock["provisional"] and clock["basis"] == Deadline.Basis.STATUTORY:
            clock["alarmed_at"] = at
            self.record("deadline.provisional_end", SYSTEM, at, rule=clock["rule"])
            return
        del self._running[clock["rule"], clock["subject"]]
        clock["lapsed_at"] = at
        self.record(
            f"{clock['rule']}.lapsed",
            SYSTEM,
            at,
            due_at=clock["due_at"].astimezone(UTC).isoformat(),
            rule_version=clock["rule_version"],
            clock_of=clock["subject"],
        )
        consequence = ON_LAPSE.get(clock["rule"])
        if consequence:
            consequence(self, at)
