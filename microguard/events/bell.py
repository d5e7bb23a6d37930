"""Ringing the doorbell: a hint to the workers that something is due; losing it costs seconds, nothing else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from microguard.celery import app

logger = logging.getLogger(__name__)
_muffled = ContextVar("_muffled", default=False)


@contextmanager
def muffled() -> Iterator[None]:
    """Ring no bell meanwhile: for a mass of facts that no worker waits for."""
    token = _muffled.set(True)
    try:
        yield
    finally:
        _muffled.reset(token)


def ring(task: str) -> None:
    """Send the task's name to the broker; a broker that is away is no failure, the next beat finds the work."""
    if _muffled.get():
        return
    try:
        app.send_task(task, retry=False, expires=10)
    except Exception as error:  # noqa: BLE001 - no fault of the broker may fail a request
        logger.warning("the bell for %s did not ring: %s", task, type(error).__name__)
