"""`manage.py prepare`: again and again without harm, and never where it would do some."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from complaints.models import Complaint
from microguard.core.models import DemoClock
from tests.cases import a_draft
from tests.database import execute


def grants() -> list[tuple[str, str]]:
    """What the application's role may do to which table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = current_user AND table_schema = 'public' ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


def test_a_second_time_changes_nothing(committed: None) -> None:
    draft, before, login = a_draft(), grants(), dict(connection.settings_dict)

    call_command("prepare", verbosity=0)

    assert grants() == before
    assert ("events_event", "INSERT") in before
    assert Complaint.objects.get().pk == draft.pk
    assert connection.settings_dict == login


def test_it_takes_back_a_right_that_somebody_gave(committed: None) -> None:
    from tests.database import as_owner

    with as_owner() as owner:
        owner.execute(f'GRANT UPDATE ON events_event TO "{connection.settings_dict["USER"]}"')
    assert ("events_event", "UPDATE") in grants()

    call_command("prepare", verbosity=0)

    assert ("events_event", "UPDATE") not in grants()


def test_one_role_for_both_is_refused(committed: None, settings: Any) -> None:
    application = connection.settings_dict
    settings.DATABASE_OWNER_URL = f"postgres://{application['USER']}@127.0.0.1/{application['NAME']}"

    with pytest.raises(CommandError, match="two different roles"):
        call_command("prepare", verbosity=0)


def test_without_an_owner_it_says_what_is_missing(committed: None, settings: Any) -> None:
    settings.DATABASE_OWNER_URL = ""

    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("prepare", verbosity=0)


def test_a_demo_whose_clock_was_moved_is_refused_outside_demo_mode(committed: None, settings: Any) -> None:
    settings.DEMO = False
    login = dict(connection.settings_dict)
    DemoClock.objects.create(shift=timedelta(days=1))

    with pytest.raises(CommandError, match="clock was moved"):
        call_command("prepare", verbosity=0)

    assert connection.settings_dict == login
    settings.DEMO = True
    call_command("prepare", verbosity=0)


def test_afterwards_the_application_is_still_the_application(committed: None) -> None:
    call_command("prepare", verbosity=0)

    with pytest.raises(DatabaseError), transaction.atomic():
        execute("CREATE TABLE mine (id integer)")
