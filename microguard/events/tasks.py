"""The worker's side of the outbox."""

import time
from typing import Any

from celery import shared_task

from microguard.core import clock
from microguard.events.actions import deliver_next

SLICE = 40  # seconds; a task ends well below its limit and the next beat goes on


@shared_task(name="events.relay")
def relay(**_: Any) -> None:
    """Hand over deliveries until none is due."""
    started = time.monotonic()
    while time.monotonic() - started < SLICE and deliver_next(at=clock.now()):
        continue
