"""The worker's side of the notices."""

import time
from typing import Any

from celery import shared_task

from microguard.core import clock
from microguard.notifications.actions.sending import send_next

SLICE = 30  # seconds; with the slowest send the task still ends well below its limit


@shared_task(name="notifications.dispatch")
def dispatch(**_: Any) -> None:
    """Send messages until none is due."""
    started = time.monotonic()
    while time.monotonic() - started < SLICE and send_next(at=clock.now()):
        continue
