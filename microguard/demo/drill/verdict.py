"""The books compared: what people were told, what the database holds, and what the mail server got."""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection

from complaints.models import Complaint
from microguard.deadlines.models import Deadline
from microguard.demo.drill.load import Load
from microguard.demo.drill.mailbox import Letter
from microguard.demo.tour.visitor import Visitor
from microguard.events.actions import first_broken_link
from microguard.events.models import Delivery, Event
from microguard.notifications.models import ChannelName, Dispatch, DispatchState
from microguard.notifications.notices import notices
from microguard.notifications.ways import Recipient
from microguard.runner.console import say

FILED = "complaint.filed"
CLOCKS = ("first.contact", "complaint.acceptance.target")  # start with every filing, for every operator
PATIENCE = 240.0  # seconds for what is on its way to arrive
SHOWN = 5  # of what is wrong, at the terminal


# What the drill knows of how notices travel, in one place.
def text_address(phone: str) -> str:
    """Return where the gateway takes text messages for this phone."""
    return f"{phone}@{settings.SMS_GATEWAY}"


def address_of(recipient: Recipient) -> str:
    """Return the address on the wire at which a notice reaches the recipient the first way."""
    way = recipient.ways[0]
    return text_address(way.address) if way.channel == ChannelName.SMS else way.address


def on_its_way() -> int:
    """Return how many deliveries and messages are still to be made."""
    return (
        Delivery.objects.filter(done_at__isnull=True).count()
        + Dispatch.objects.filter(state=DispatchState.DUE).count()
    )


def settle(base_url: str) -> int:
    """Wait until nothing is on its way any more; return how much still is when patience ends.

    The demo's clock is moved by two minutes, past the minute for which a dead worker's message stays lent
    out and past the pauses after failures: what would happen then happens now.
    """
    say("the load is over; moving the demo's clock by 2 minutes, past leases and pauses")
    Visitor(base_url, patience=60).post_json("/demo/clock/", b'{"advance_hours": 0.0334}').expect()
    connection.close()
    end = time.monotonic() + PATIENCE
    while (left := on_its_way()) and time.monotonic() < end:
        time.sleep(0.2)
    return left


def judge(load: Load, letters: list[Letter]) -> dict[str, int]:
    """Return how many of each kind of failure there are, and what they are counted against."""
    filed = {row.number: row for row in Complaint.objects.filed()}
    lost = [
        f"{marker} ({number})"
        for number, marker in load.acknowledged.items()
        if number not in filed or filed[number].item != marker
    ]
    _show("acknowledged but not there", lost)
    chains = {row.chain for row in filed.values()}
    with_clocks = Deadline.objects.filter(rule__in=CLOCKS).values_list("case_id", "rule")
    clocks = Counter(case for case, _rule in set(with_clocks))
    return {
        "acknowledged": len(load.acknowledged),
        "filed": len(filed),
        "lost": len(lost),
        "duplicated": _twins(row.item for row in filed.values()) + _twins(_filings_in_events()),
        **_judge_notices(letters),
        "broken_chains": sum(first_broken_link(chain) is not None for chain in chains),
        "without_clocks": sum(clocks[row.pk] != len(CLOCKS) for row in filed.values()),
    }


def _filings_in_events() -> Iterator[str]:
    return Event.objects.filter(name=FILED).values_list("chain", flat=True).iterator()


def _twins(things: Iterator[str]) -> int:
    """Return how many are there more than once, each surplus one counted."""
    return sum(count - 1 for count in Counter(things).values())


def _judge_notices(letters: list[Letter]) -> dict[str, int]:
    """Compare the notices that are declared for a filing with the letters that reached the mail server.

    A letter is known by its address and the case number in it: a filing has one notice for each address.
    """
    came: dict[tuple[str, str], list[str]] = defaultdict(list)
    for letter in letters:
        for number in set(re.findall(r"MG-\w{4}-\w{4}", letter.text)):
            came[letter.to, number].append(letter.message_id)
    due = set(_due())
    missed = sorted(due - came.keys())
    repeated = sorted(effect for effect, ids in came.items() if len(set(ids)) > 1)
    _show("due and not told", [f"{number} to {address}" for address, number in missed])
    _show("told twice", [f"{number} to {address}" for address, number in repeated])
    return {
        "notices_due": len(due),
        "notices_missed": len(missed),
        "notices_repeated": sum(len(set(came[effect])) - 1 for effect in repeated),
        "notices_unasked": len(came.keys() - due),
        "wire_repeats": sum(len(ids) - len(set(ids)) for ids in came.values()),
    }


def _due() -> Iterator[tuple[str, str]]:
    for event in Event.objects.filter(name=FILED):
        number = str(Complaint.objects.get(pk=int(event.chain.removeprefix("case/"))).number)
        for notice in notices:
            if notice.event == FILED:
                for recipient in notice.recipients(event):
                    yield address_of(recipient), number


def _show(what: str, things: list[str]) -> None:
    if things:
        more = f" and {len(things) - SHOWN} more" if len(things) > SHOWN else ""
        say(f"{what}: {', '.join(things[:SHOWN])}{more}")


def held(found: dict[str, Any], *, filings: int, kills: int) -> bool:
    """Return whether everything that was asked of the installation was kept, and the drill took place in full."""
    never = (
        *("lost", "duplicated", "notices_missed", "notices_repeated", "notices_unasked", "status_500"),
        *("broken_chains", "without_clocks", "on_its_way", "gave_up"),
    )
    in_full = found["acknowledged"] == filings and sum(found["kills"].values()) == kills
    return in_full and not any(found[name] for name in never)
