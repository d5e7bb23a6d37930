"""A seller whom the office looks for, step by step, and the letter that asks the platform who it is."""

from datetime import datetime, timedelta

from complaints.actions.tracing import Finding, ask_platform, note_tracing_step, start_tracing
from complaints.models import Complaint
from complaints.states import State
from microguard.core.clock import day_of
from microguard.demo.town.cast import Office, people
from microguard.demo.town.entries import Fields, matter_of, read
from microguard.demo.town.history import SWEPT_AFTER, sweep
from microguard.demo.town.intake import take_in
from microguard.events.actions import deliver_next

FILE = "traced.toml"


def play_tracing(*, office: Office, start: datetime) -> None:
    """File the complaint, look for its seller, and note a step on each of the days that follow."""
    fields = Fields(FILE, read(FILE)["matter"])
    matter, filed, steps = matter_of(fields), fields.take("filed"), fields.take("steps")
    fields.end()
    filed_at = start - timedelta(days=filed)
    complaint = take_in(
        matter, next(people("13800001", first=138)), clerk=office.officer, today=start, at=filed_at
    )
    start_tracing(complaint_id=complaint.pk, by=office.officer, at=filed_at + timedelta(hours=5))
    for days, (kind, source, certainty, found, handle_type) in enumerate(steps, start=1):
        at = filed_at + timedelta(days=days)
        sweep(complaint.pk, since=filed_at, until=at)
        finding = Finding(kind, source, day_of(at), certainty, found, handle_type)
        note_tracing_step(complaint_id=complaint.pk, finding=finding, by=office.officer, at=at)
    sweep(complaint.pk, since=filed_at, until=start - SWEPT_AFTER)


def ask_by_letter(*, office: Office, at: datetime) -> None:
    """Ask the platform of the traced seller who it is. Its letter waits to be printed and posted."""
    traced = Complaint.objects.get(state=State.TRACING_SELLER)
    ask_platform(complaint_id=traced.pk, by=office.officer, at=at)
    while deliver_next(at=at):
        continue
