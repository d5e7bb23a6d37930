"""Sellers who let their time pass: it has ended before the demo starts, and the workers have not been by yet.

So the demo's first sweep has something true to tell the offices outside: by mail, by webhook, by a letter that
somebody has to print, and by a way that cannot work and leaves the message to a person.
"""

from datetime import datetime, time, timedelta

from django.conf import settings

from complaints.actions.decision import accept_complaint
from disputes.actions.opening import make_link, note_invitation, open_dispute
from microguard.accounts.actors import SYSTEM
from microguard.core.clock import CHINA, day_of
from microguard.deadlines import legislation, terms
from microguard.deadlines.loaded_years import work_calendar
from microguard.demo.town.cast import Office, people
from microguard.demo.town.entries import Fields, Matter, by_key, matter_of, read
from microguard.demo.town.history import sweep
from microguard.demo.town.intake import take_in

FILE = "silent.toml"
LONGEST_TERM = 40  # days to look back for the day on which the term began
ANSWER = "respondent.answer"


def silent() -> list[Matter]:
    """Return the matters.

    :raises microguard.demo.town.entries.TownError: when an entry is wrong
    """
    matters = []
    for answers in read(FILE)["matter"]:
        fields = Fields(FILE, answers)
        matters.append(matter_of(fields))
        fields.end()
    return by_key(((matter.key, matter) for matter in matters), FILE)


def invited_at(start: datetime) -> tuple[datetime, datetime]:
    """Return the latest ten o'clock such that a seller invited then has let the term pass by now, and its end."""
    for days in range(1, LONGEST_TERM):
        at = datetime.combine(day_of(start) - timedelta(days=days), time(10), CHINA)
        version = legislation.in_force(ANSWER, settings.OPERATOR, day_of(at))
        ended = terms.compute(version, at, work_calendar()).due_at
        if ended <= start:
            return at, ended
    raise AssertionError(f"the term of {ANSWER} is longer than {LONGEST_TERM} days")


def play_silence(*, office: Office, start: datetime) -> None:
    """File, accept and invite; then the time passes up to the moment before the term ends."""
    invited, ended = invited_at(start)
    for matter, buyer in zip(silent(), people("13800001", first=135), strict=False):
        complaint = take_in(matter, buyer, clerk=office.officer, today=start, at=invited - timedelta(days=1))
        accept_complaint(complaint_id=complaint.pk, by=office.officer, at=invited - timedelta(hours=1))
        dispute = open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=invited - timedelta(hours=1))
        make_link(dispute_id=dispute.pk, by=office.officer, at=invited)
        note_invitation(dispute_id=dispute.pk, by=office.officer, at=invited)
        sweep(complaint.pk, since=invited, until=ended)
