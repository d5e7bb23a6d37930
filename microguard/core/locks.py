"""The lock every write to a case begins with."""

from collections.abc import Iterable

from django.db import connection


def hold(*chains: str) -> None:
    """Wait for, then hold the one lock of each chain of facts until the transaction ends; several in one order.

    It is taken before any row of the case is read for writing: actions, sweeps and deliveries of one case
    queue up here and never lock each other's rows in another order.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(chain, 0)) FROM unnest(%s::text[]) AS chain",
            [sorted(chains)],
        )


def hold_free(chains: Iterable[str]) -> set[str]:
    """Hold those of the chains that nobody holds, without waiting, and return them.

    For who works through many cases: whoever holds one of the others does, or leaves, what is to be done there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chain FROM unnest(%s::text[]) AS chain"
            " WHERE pg_try_advisory_xact_lock(hashtextextended(chain, 0))",
            [sorted(set(chains))],
        )
        return {chain for (chain,) in cursor.fetchall()}
