"""Time what people and workers do, each beside its floor in the same run: a line of JSON a suite."""

import json
import os
import platform
import shutil
import subprocess
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from complaints.models import Complaint
from microguard.accounts.models import User
from microguard.bench.people import hire
from microguard.bench.rounds import WrongAnswer, run
from microguard.bench.settling import settle
from microguard.bench.suites import SUITES
from microguard.core import clock
from microguard.demo.generator.generated import seed_cases

SEED = 1


class Command(BaseCommand):
    """Needs an empty database of its own, which ./run bench makes."""

    help = "Time the suites beside their floors, as JSON lines (needs an empty database: ./run bench)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which suites, at how many cases, in how many rounds."""
        parser.add_argument("--suite", action="append", choices=list(SUITES), help="all of them by default")
        parser.add_argument("--scale", type=int, default=10_000, help="number of cases")
        parser.add_argument("--rounds", type=int, default=6, help="the first is a warm-up")
        parser.add_argument("--samples", type=int, help="of each in a round; as the suite has it by default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, time, print.

        :raises CommandError: on a database that holds anything, or when an answer was wrong
        """
        if User.objects.exists() or Complaint.objects.exists():
            raise CommandError("This database holds data: use ./run bench, which makes one of its own.")
        if options["scale"] < 40 or options["rounds"] < 2:
            raise CommandError("--scale is at least 40, --rounds at least 2.")
        office, at = hire(), clock.now()
        seed_cases(count=options["scale"], seed=SEED, at=at, progress=self._say)
        settle()
        about = {"scale": options["scale"], "machine": _machine(), "revision": _revision()}
        wrong = []
        for name in options["suite"] or SUITES:
            self.stderr.write(f"timing {name} …")
            try:
                figures = run(SUITES[name](office, at), rounds=options["rounds"], samples=options["samples"])
            except WrongAnswer as error:
                wrong.append(name)
                self.stderr.write(f"{name}: {error}")
            else:
                self.stdout.write(json.dumps({**figures, **about}, ensure_ascii=False))
        if wrong:
            raise CommandError(f"wrong answers in: {', '.join(wrong)}")

    def _say(self, done: int) -> None:
        if done % 2_000 == 0:
            self.stderr.write(f"{done} cases written")


def _machine() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgresql,) = cursor.fetchone()
    return {
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": postgresql,
    }


def _revision() -> str | None:
    """Return the revision of the checkout, or None where there is none."""
    git = shutil.which("git")
    if git is None:
        return None
    asked = subprocess.run(  # noqa: S603 - no word of it comes from outside
        [git, "rev-parse", "HEAD"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or None
