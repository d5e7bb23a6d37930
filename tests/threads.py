"""Deeds done at the same moment, on data that is really committed."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections, transaction

from microguard.core.errors import Refusal
from microguard.core.locks import hold

PATIENCE = 10.0


def _outcome(deed: Callable[[], Any], start: Barrier | None = None) -> Any:
    try:
        if start is not None:
            start.wait(PATIENCE)
        return deed()
    except Refusal as refusal:
        return refusal
    finally:
        connections.close_all()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Start all deeds together and return, in their order, what each gave or the refusal that it met."""
    start = Barrier(len(deeds))
    with ThreadPoolExecutor(len(deeds)) as pool:
        return [running.result() for running in [pool.submit(_outcome, deed, start) for deed in deeds]]


def queued_up(chain: str, *deeds: Callable[[], Any]) -> list[Any]:
    """Let all deeds begin and wait for the lock of this case, then let them go; return as `at_once` does.

    A deed that does not wait for the case fails the test.
    """
    with ThreadPoolExecutor(len(deeds)) as pool:
        with transaction.atomic():
            hold(chain)
            running = [pool.submit(_outcome, deed) for deed in deeds]
            _wait_for_waiters(len(deeds))
        return [one.result() for one in running]


def _wait_for_waiters(count: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
                " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0] == count:
                return
        time.sleep(0.01)
    raise AssertionError("not every deed waited for the lock of the case")
