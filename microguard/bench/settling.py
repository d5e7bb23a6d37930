"""After many rows were written: what a database that lives has learned by itself."""

from contextlib import closing

import psycopg2
from django.conf import settings


def settle() -> None:
    """Let PostgreSQL learn what the tables hold now; only the owner may."""
    with closing(psycopg2.connect(settings.DATABASE_OWNER_URL)) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
