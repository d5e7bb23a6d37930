"""Bring the database up to date as its owner, and give the application its narrow rights."""

from typing import Any

import dj_database_url
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from microguard.core.models import DemoClock

# Facts are appended; what has been attempted stays on record.
APPEND_ONLY = ("events_event", "deadlines_holidaynotice")


class Command(BaseCommand):
    """Migrates and grants; safe to run at any time, any number of times."""

    help = "Migrate as the owner role and grant the application role its rights."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --reset."""
        parser.add_argument("--reset", action="store_true", help="empty a demo's database first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the migrations as owner, then the grants.

        :raises CommandError: when the roles are not apart, or a demo's clock is found outside demo mode
        """
        application = str(connection.settings_dict["USER"])
        if not settings.DATABASE_OWNER_URL:
            raise CommandError("DATABASE_OWNER_URL is not set: migrations run as the owner of the tables.")
        owner = dj_database_url.parse(settings.DATABASE_OWNER_URL)
        if owner["USER"] == application:
            raise CommandError("DATABASE_URL and DATABASE_OWNER_URL must be two different roles.")
        connection.close()
        applications_own = dict(connection.settings_dict)
        connection.settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
        connection.settings_dict["OPTIONS"] = {}
        try:
            if options["reset"]:
                self._empty()
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
            call_command("createcachetable", verbosity=0)
            self._grant(application)
            if not settings.DEMO and DemoClock.objects.exists():
                raise CommandError("This database holds a demo: its clock was moved. Use another one.")
        finally:
            connection.close()
            connection.settings_dict.update(applications_own)

    def _empty(self) -> None:
        """Remove everything from a database that holds a demo, or nothing.

        :raises CommandError: outside demo mode, or when the database holds anything else
        """
        tables = connection.introspection.table_names()
        is_demo = "core_democlock" in tables and DemoClock.objects.exists()
        if not settings.DEMO or (tables and not is_demo):
            raise CommandError("This database holds other data than a demo: it is not emptied.")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def _grant(self, application: str) -> None:
        role = connection.ops.quote_name(application)
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
            for table in APPEND_ONLY:
                cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {role}")
