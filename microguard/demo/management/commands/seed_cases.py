"""Fill the demo with generated cases: many, believable, in every stage."""

import io
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from microguard.core import clock
from microguard.core.models import DemoClock
from microguard.demo.generator.generated import seed_cases


class Command(BaseCommand):
    """Works in demo mode only: generated people must never stand beside real ones."""

    help = "Write generated cases into the demo (demo mode only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many, from which seed, and the instant that is "now" for them."""
        parser.add_argument("--count", type=int, default=400)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--at", type=datetime.fromisoformat, help="an instant with its offset; now by default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the cases and say how many there are.

        :raises CommandError: outside demo mode, or on a database that holds anything else
        """
        if not settings.DEMO:
            raise CommandError("seed_cases works in demo mode only: generated people must not meet real ones.")
        if options["count"] < 1 or not 0 <= options["seed"] < 2**31:
            raise CommandError("--count is at least 1, --seed from 0 to 2147483647.")
        if not DemoClock.objects.exists():  # settles the people, or refuses a database that holds other data
            call_command("seed_demo", without_town=True, stdout=io.StringIO())
        at = options["at"] or clock.now()
        if at.tzinfo is None:
            raise CommandError("--at needs its offset, as in 2026-11-23T09:00:00+08:00.")
        done = seed_cases(count=options["count"], seed=options["seed"], at=at, progress=self._say)
        self.stdout.write(json.dumps({"cases": done.cases, "sellers": done.sellers, "at": at.isoformat()}))

    def _say(self, done: int) -> None:
        self.stderr.write(f"{done} cases written")
