"""After many rows were written: what a database that lives has learned by itself."""

from contextlib import closing

import psycopg2
from django.conf import settings
from django.db import connection


def settle() -> None:
    """Let PostgreSQL learn what the tables hold now; only the owner may. Uncommitted rows nobody can learn of."""
    if connection.in_atomic_block:
        return
    with closing(psycopg2.connect(settings.DATABASE_OWNER_URL)) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
