"""The test database as its owner sees it, and as it lies on the disk."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import dj_database_url
import psycopg2
from django.conf import settings
from django.db import connection


@contextmanager
def as_owner() -> Iterator["psycopg2.extensions.cursor"]:
    """A cursor of the owner's, in a session of its own in which every statement commits."""
    owner = dj_database_url.parse(settings.DATABASE_OWNER_URL)
    session = psycopg2.connect(
        dbname=owner["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        host=owner["HOST"],
        port=owner["PORT"] or None,
    )
    session.autocommit = True
    with closing(session), session.cursor() as cursor:
        yield cursor


def execute(statement: str, parameters: Any = None) -> None:
    """Run one statement as the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def every_row() -> Iterator[tuple[str, str]]:
    """Every row of every table as PostgreSQL writes it (bytes in hex), with the name of its table."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row
