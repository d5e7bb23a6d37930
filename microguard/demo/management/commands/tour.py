"""Play the tour against a running demo: a line of JSON a step, the verdict last."""

import json
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from microguard.demo.tour.journey import play
from microguard.demo.tour.script import Tour
from microguard.demo.tour.visitor import Unexpected


class Command(BaseCommand):
    """Needs BASE_URL and nothing else: it is plain HTTP."""

    help = "Play whole complaints through HTTP as every role (BASE_URL names the demo)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Play; the exit code is 0 only if every step held.

        :raises CommandError: without BASE_URL, or when a step did not hold
        """
        base_url = os.environ.get("BASE_URL", "")
        if not base_url:
            raise CommandError("BASE_URL is not set: ./run tour starts its own demo and sets it.")
        translation.activate("zh-hans")  # the language of the pages that are opened
        tour = Tour(base_url)
        try:
            play(tour)
        except Unexpected:
            tour.ok = False
        sys.stdout.write(json.dumps({"ok": tour.ok, "cases": tour.cases}) + "\n")
        if not tour.ok:
            raise CommandError("the tour did not hold")
