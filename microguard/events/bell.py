"""Ringing the doorbell: a hint to the workers that something is due; losing it costs seconds, nothing else."""

import logging

from microguard.celery import app

logger = logging.getLogger(__name__)


def ring(task: str) -> None:
    """Send the task's name to the broker; a broker that is away is no failure, the next beat finds the work."""
    try:
        app.send_task(task, retry=False, expires=10)
    except Exception as error:  # noqa: BLE001 - no fault of the broker may fail a request
        logger.warning("the bell for %s did not ring: %s", task, type(error).__name__)
