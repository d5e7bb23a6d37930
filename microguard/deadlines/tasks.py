"""The worker's side of the clocks."""

import time
from typing import Any

from celery import shared_task

from microguard.core import clock
from microguard.deadlines.actions import lapse_next, warn_next
from microguard.deadlines.loaded_years import alarm_missing_year
from microguard.deadlines.recomputation import recompute_next

SLICE = 40  # seconds; a task ends well below its limit and the next beat goes on


@shared_task(name="deadlines.sweep")
def sweep(**_: Any) -> None:
    """Lapse what has run out, in the order of the due instants, then warn of what is about to."""
    started = time.monotonic()
    for step in (lapse_next, warn_next):
        while time.monotonic() - started < SLICE and step(at=clock.now()):
            continue


@shared_task(name="deadlines.recompute")
def recompute(**_: Any) -> None:
    """Count the clocks anew that an older calendar counted, and alarm the operators when a year is missing."""
    started = time.monotonic()
    alarm_missing_year(at=clock.now())
    while time.monotonic() - started < SLICE and recompute_next(at=clock.now()):
        continue
