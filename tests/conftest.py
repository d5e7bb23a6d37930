"""What every test may use: a real PostgreSQL, named people, named instants, cases in known stages."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import dj_database_url
import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from psycopg2 import sql
from pytest_django.plugin import DjangoDbBlocker

from microguard.core import clock
from microguard.deadlines import loaded_years
from microguard.runner.databases import drop
from tests.people import Office, hire_office


def _as_owner(database: str | None = None) -> "psycopg2.extensions.connection":
    owner = dj_database_url.parse(settings.DATABASE_OWNER_URL)
    connection = psycopg2.connect(
        dbname=database or owner["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        host=owner["HOST"],
        port=owner["PORT"] or None,
    )
    connection.autocommit = True
    return connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[None]:
    """A database of this worker's own: made and migrated by the owner, used by the application's role."""
    owner_url, home = settings.DATABASE_OWNER_URL, dj_database_url.parse(settings.DATABASE_OWNER_URL)["NAME"]
    name = f"test_{home}_{worker_id}"
    _recreate(name)
    default = connections["default"]
    default.close()
    default.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    settings.DATABASE_OWNER_URL = _with_database(owner_url, name)
    with django_db_blocker.unblock():
        call_command("prepare", verbosity=0)
    yield
    default.close()
    settings.DATABASE_OWNER_URL = owner_url
    drop(owner_url, name)


def _recreate(name: str) -> None:
    drop(settings.DATABASE_OWNER_URL, name)
    with closing(_as_owner()) as connection, connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )


def _with_database(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database in which transactions really commit; everything is removed afterwards, by the owner."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
        database = str(connections["default"].settings_dict["NAME"])
        with closing(_as_owner(database)) as connection, connection.cursor() as cursor:
            cursor.execute("ALTER TABLE events_event DISABLE TRIGGER USER")
            cursor.execute(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
            )
            cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")
            cursor.execute("ALTER TABLE events_event ENABLE TRIGGER USER")


@pytest.fixture(autouse=True)
def _evidence_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")


@pytest.fixture(autouse=True)
def _default_language() -> None:
    """No test reads in the language of a page that another one opened."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _calendar_of_the_files() -> None:
    """No test counts by a year that another one loaded and rolled back."""
    loaded_years.forget()


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the instant that doors read: `clock_at(MONDAY)`."""

    def set_clock(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    return set_clock


@pytest.fixture
def office(db: None) -> Office:
    """The people of the office: Li the officer, Wang the mediator, Zhao the supervisor, Sun the regulator."""
    return hire_office()
