"""Works out anew how complaints stand in law, after the law data changed or a rule came into force."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from complaints.actions.standing import reassess_next
from microguard.core import clock
from microguard.law.basis import version_on


class Command(BaseCommand):
    """Goes on where a run was broken off: what stands under today's rules already is left alone."""

    help = "Work out anew how complaints stand in law whose rules are not those of today."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --all."""
        parser.add_argument("--all", action="store_true", help="also those that stand under today's rules")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take one batch after the other, each a transaction of its own, and say how many there were."""
        at = clock.now()
        last, done = 0, 0
        while batch := reassess_next(after=last, at=at, everything=options["all"]):
            last, done = batch.last, done + batch.size
            self.stderr.write(f"{done} complaints")
        self.stdout.write(json.dumps({"reassessed": done, "rules_version": version_on(clock.day_of(at))}))
