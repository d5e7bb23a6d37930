"""Looking for the seller behind a handle: each step with its source and its day, and letters to platforms."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.actions.filing import note_mentions
from complaints.models import Complaint, TracingStep
from complaints.selectors import is_seller_named_by_buyer, platforms_of
from complaints.states import MACHINE, Certainty, ConsentRecipient, State, TracingKind, TracingSource
from merchants.actions.registry import add_handles
from merchants.states import HandleType
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.errors import Refusal
from microguard.core.machine import NotPossible
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events
from microguard.jurisdictions.models import Office

PLATFORM_ANSWER = "platform.answer"
LONGEST_FOUND = 500


class StepIncomplete(Refusal):
    """A step of tracing lacks something, or contradicts itself."""

    code = "step_incomplete"


class NotAsked(Refusal):
    """The platform cannot be asked who the seller is."""

    code = "not_asked"


@dataclass(frozen=True)
class Finding:
    """What a step found: where, who told it, on which day, how sure it is; `handle_type` "" where it is none."""

    kind: str
    source: str
    found_date: date
    certainty: str
    found: str = ""
    handle_type: str = ""


@transaction.atomic
def start_tracing(*, complaint_id: int, by: Actor, at: datetime) -> Complaint:
    """Look for the seller before it is decided whether the complaint is accepted.

    :raises microguard.core.machine.NotPossible: unless the complaint waits for a decision
    """
    complaint = _held(complaint_id, by, at)
    complaint.state = MACHINE.after("start_tracing", complaint.state)
    complaint.save(update_fields=["state"])
    events.record("tracing.started", complaint, by=by, at=at)
    return complaint


@transaction.atomic
def note_tracing_step(
    *, complaint_id: int, finding: Finding, office_id: int | None = None, by: Actor, at: datetime
) -> TracingStep:
    """Note where the office looked and what it found; a handle that was found joins those of the complaint.

    The answer of a platform (`office_id`) ends the time it has to answer.

    :raises microguard.core.machine.NotPossible: unless the seller is being looked for
    :raises StepIncomplete: when something is missing or contradicts itself
    """
    complaint = _held(complaint_id, by, at)
    if complaint.state != State.TRACING_SELLER:
        raise NotPossible(_("This is no longer possible: the case has moved on. Load the page again."))
    _check(finding, at)
    step: TracingStep = TracingStep.objects.create(
        complaint=complaint,
        kind=finding.kind,
        source=finding.source,
        found_date=finding.found_date,
        certainty=finding.certainty,
        found=finding.found.strip(),
        handle_type=finding.handle_type,
        office=_office_of(complaint, office_id) if finding.kind == TracingKind.PLATFORM else None,
        noted_at=at,
        noted_by=by.reference,
    )
    if step.office_id is not None:
        deadlines.meet(PLATFORM_ANSWER, complaint, at=at, subject=inquiry(complaint, step.office_id))
    if step.handle_type:
        mentions = [(step.handle_type, step.found)]
        note_mentions(complaint, mentions, traced=step.certainty)
        if complaint.merchant is not None and not is_seller_named_by_buyer(complaint):
            add_handles(merchant=complaint.merchant, mentions=mentions, seen_in=complaint.chain, by=by, at=at)
    events.record("tracing.step_noted", complaint, by=by, at=at, kind=step.kind, step=step.pk)
    return step


@transaction.atomic
def end_tracing(*, complaint_id: int, found: bool, by: Actor, at: datetime) -> Complaint:
    """End looking for the seller, found or not: the complaint waits for its decision again.

    :raises microguard.core.machine.NotPossible: unless the seller is being looked for
    """
    complaint = _held(complaint_id, by, at)
    complaint.state = MACHINE.after("end_tracing", complaint.state)
    complaint.save(update_fields=["state"])
    events.record("tracing.ended", complaint, by=by, at=at, outcome="found" if found else "not_found")
    return complaint


@transaction.atomic
def ask_platform(*, complaint_id: int, by: Actor, at: datetime) -> Complaint:
    """Ask the platforms that run the place of the deal who the seller is, by the way each of them has named.

    Their time to answer starts when the letter reaches them.

    :raises microguard.core.machine.NotPossible: unless the seller is being looked for
    :raises NotAsked: without the buyer's consent, when we know no such platform, or when it was asked before
    """
    complaint = _held(complaint_id, by, at)
    if complaint.state != State.TRACING_SELLER:
        raise NotPossible(_("This is no longer possible: the case has moved on. Load the page again."))
    if not complaint.consents.filter(recipient=ConsentRecipient.PLATFORM).exists():
        raise NotAsked(_("The buyer has not agreed that we write to the platform."), code="consent")
    if not platforms_of(complaint).exists():
        raise NotAsked(_("We know no platform that runs the place where the deal was made."), code="no_platform")
    if events.has_recorded("platform.identity_asked", complaint):
        raise NotAsked(_("The platform was asked already."), code="asked")
    events.record("platform.identity_asked", complaint, by=by, at=at)
    return complaint


@transaction.atomic
def start_time_of_platform(*, complaint_id: int, office_id: int, at: datetime) -> None:
    """Start the time a platform has to answer: the letter has reached it."""
    complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
    subject = inquiry(complaint, office_id)
    answered = complaint.tracing_steps.filter(office=office_id).exists()
    if not answered and not deadlines.open_deadlines(complaint).filter(subject=subject).exists():
        deadlines.start("platform.answer", complaint, at=at, subject=subject)


def inquiry(complaint: Complaint, office_id: int) -> str:
    """Return the subject of the clock by which this platform has to answer in this case."""
    return f"{complaint.chain}/office/{office_id}"


def _held(complaint_id: int, by: Actor, at: datetime) -> Complaint:
    complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
    policies.require(by, "complaint.trace", complaint)
    deadlines.catch_up(complaint, at=at)
    complaint.refresh_from_db()
    return complaint


def _check(finding: Finding, at: datetime) -> None:
    words = finding.found.strip()
    if (
        finding.kind not in TracingKind.values
        or finding.source not in TracingSource.values
        or finding.certainty not in Certainty.values
        or finding.handle_type not in ("", *HandleType.values)
        or len(words) > LONGEST_FOUND
    ):
        raise StepIncomplete(_("Choose where you looked, who told it, and how sure it is."))
    if finding.certainty == Certainty.NOTHING and (words or finding.handle_type):
        raise StepIncomplete(_("You wrote what was found and chose “Nothing found”. Change one of them."))
    if finding.certainty != Certainty.NOTHING and not words:
        raise StepIncomplete(_("Write what was found, or choose “Nothing found”."))
    if finding.found_date > day_of(at):
        raise StepIncomplete(_("The day has not come yet."))


def _office_of(complaint: Complaint, office_id: int | None) -> Office | None:
    """Return the platform that answered: the one that is named, or the only one there is."""
    offices = list(platforms_of(complaint))
    if office_id is not None:
        offices = [office for office in offices if office.pk == office_id]
        if not offices:
            raise StepIncomplete(_("Choose which platform answered."))
    if len(offices) > 1:
        raise StepIncomplete(_("Choose which platform answered."))
    return offices[0] if offices else None
