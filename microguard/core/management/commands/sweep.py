"""Once what the worker does every few seconds, for a cron where no beat runs."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from microguard.celery import app


class Command(BaseCommand):
    """Run every task of the beat table once, in this process."""

    help = "Do once what the worker does every few seconds (clocks, deliveries, messages), for any cron."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the tasks in the order of the table and name each on stdout."""
        app.loader.import_default_modules()  # a worker does so when it starts
        for entry in app.conf.beat_schedule.values():
            app.tasks[entry["task"]]()
            self.stdout.write(json.dumps({"task": entry["task"], "ok": True}))
