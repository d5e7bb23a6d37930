"""The lock every write to a case begins with."""

from collections.abc import Iterable

from django.db import connection


def hold(chain: str) -> None:
    """Wait for, then hold the one lock of this chain of facts until the transaction ends.

    It is taken before any row of the case is read for writing: actions, sweeps and deliveries of one case
    queue up here and never lock each other's rows in another order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [chain])


def hold_all(chains: Iterable[str]) -> None:
    """Hold the locks of many chains, in their order: two who hold many never wait for each other in a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(chain, 0)) FROM unnest(%s::text[]) AS chain",
            [sorted(set(chains))],
        )
