"""A county Monday: the open matters that came in the eight hours before the demo starts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any

from complaints.actions.decision import ask_information
from complaints.models import Complaint
from disputes.actions.opening import enter_by_link, make_link, note_invitation, open_dispute
from microguard.accounts.actors import SYSTEM
from microguard.demo.town.cast import DEMO_BUYER, DEMO_SELLER, Office, people
from microguard.demo.town.entries import Fields, Matter, by_key, matter_of, read
from microguard.demo.town.intake import accept, take_in

FILE = "monday.toml"
HOURS = timedelta(hours=8)
BUYER = "buyer"  # the person of a matter that "be the buyer" shows


@dataclass(frozen=True)
class OfToday:
    """A matter of today: in which minute of the eight hours it came, and how far the office is with it."""

    matter: Matter
    minute: int
    stage: str
    question: str


@cache
def of_today() -> tuple[OfToday, ...]:
    """Return the matters of today, oldest first.

    :raises microguard.demo.town.entries.TownError: when an entry is wrong
    """
    data = read(FILE)
    entries = [_of_today(Fields(FILE, answers)) for answers in chain(data["matter"], _letters(data["letters"]))]
    in_order = sorted(entries, key=lambda entry: entry.minute)
    return tuple(by_key(((entry.matter.key, entry) for entry in in_order), FILE))


def _letters(letters: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Write the one text to each of its sellers; the clerk enters a letter every few minutes."""
    shared = {name: value for name, value in letters.items() if name not in {"to", "every"}}
    for number, (kind, handle, item, amount, paid) in enumerate(letters["to"]):
        yield shared | {
            "key": f"{letters['key']}_{number + 1}",
            "minute": letters["minute"] + number * letters["every"],
            "seller": [[kind, handle]],
            "item": item,
            "amount": amount,
            "paid": paid,
        }


def _of_today(fields: Fields) -> OfToday:
    entry = OfToday(
        matter=matter_of(fields),
        minute=fields.take("minute"),
        stage=fields.word("stage", STAGES, "waiting"),
        question=fields.take("question", ""),
    )
    fields.end()
    if not 0 <= entry.minute * 60 < HOURS.total_seconds():
        raise fields.wrong(f"minute {entry.minute} is not within the day")
    return entry


def play_monday(*, office: Office, start: datetime) -> None:
    """File every matter of today, then let the office do what it had done before the demo starts."""
    strangers = people("13800001", first=100)
    known = {BUYER: DEMO_BUYER}
    filed = []
    for entry in of_today():
        person = entry.matter.person
        buyer = known[person] if person in known else known.setdefault(person, next(strangers))
        at = start - HOURS + timedelta(minutes=entry.minute)
        filed.append((entry, take_in(entry.matter, buyer, clerk=office.officer, today=start, at=at)))
    for number, (entry, complaint) in enumerate(filed):
        STAGES[entry.stage](complaint, entry, office, start - timedelta(minutes=70) + timedelta(minutes=number))


def _waiting(complaint: Complaint, entry: OfToday, office: Office, at: datetime) -> None:
    """Nobody has looked at it yet."""


def _asked(complaint: Complaint, entry: OfToday, office: Office, at: datetime) -> None:
    ask_information(complaint_id=complaint.pk, question=entry.question, by=office.officer, at=at)


def _accepted(complaint: Complaint, entry: OfToday, office: Office, at: datetime) -> None:
    accept(complaint.pk, officer=office.officer, at=at)
    open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=at)


def _invited(complaint: Complaint, entry: OfToday, office: Office, at: datetime) -> None:
    _link(complaint, entry, office, at)


def _link(complaint: Complaint, entry: OfToday, office: Office, at: datetime) -> str:
    _accepted(complaint, entry, office, at)
    dispute_id = complaint.dispute.pk
    token = make_link(dispute_id=dispute_id, by=office.officer, at=at)
    note_invitation(dispute_id=dispute_id, by=office.officer, at=at)
    return token


def _seller_in(complaint: Complaint, entry: OfToday, office: Office, at: datetime) -> None:
    """The demo's seller has come in and has to answer: "be the seller" shows it."""
    token = _link(complaint, entry, office, at)
    seller = DEMO_SELLER
    enter_by_link(token=token, phone=seller.phone, phone_hash=seller.phone_hash, language="zh-hans", at=at)


STAGES: dict[str, Callable[[Complaint, OfToday, Office, datetime], None]] = {
    "waiting": _waiting,
    "asked": _asked,
    "accepted": _accepted,
    "invited": _invited,
    "seller_in": _seller_in,
}
