"""The lock every write to a case begins with."""

from django.db import connection


def hold(chain: str) -> None:
    """Wait for, then hold the one lock of this chain of facts until the transaction ends.

    It is taken before any row of the case is read for writing: actions, sweeps and deliveries of one case
    queue up here and never lock each other's rows in another order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [chain])
