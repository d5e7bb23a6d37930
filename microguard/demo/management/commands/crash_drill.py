"""Kill the installation while people file, and compare what they were told with what is there."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from microguard.core import clock
from microguard.demo.drill.kills import Installation, carry_out, plan
from microguard.demo.drill.load import Load
from microguard.demo.drill.mailbox import Mailbox
from microguard.demo.drill.verdict import held, judge, settle, text_address

BOOK = "acknowledged.jsonl"


class Command(BaseCommand):
    """Needs a stage of its own, which `./run crash_drill` brings up and takes down."""

    help = "Kill web, worker, beat, database and broker memory under load; nothing may be lost or done twice."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size of the drill and its seed."""
        parser.add_argument("--filings", type=int, default=300)
        parser.add_argument("--concurrency", type=int, default=10)
        parser.add_argument("--kills", type=int, default=5)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """File, kill, settle, judge, and print one line of JSON.

        :raises CommandError: without a stage, or when something was lost, done twice, missed or answered by 500
        """
        base_url = os.environ.get("BASE_URL", "")
        if not (base_url and settings.DEMO):
            raise CommandError("The drill kills what it works on: ./run crash_drill brings a stage of its own.")
        sizes = {name: options[name] for name in ("filings", "concurrency", "kills", "seed")}
        found = self._drill(base_url, **sizes)
        self.stdout.write(json.dumps(found))
        if not held(found, filings=sizes["filings"], kills=sizes["kills"]):
            raise CommandError("the drill did not hold")

    def _drill(self, base_url: str, *, filings: int, concurrency: int, kills: int, seed: int) -> dict[str, Any]:
        started, folder = time.monotonic(), Path(settings.VAR)
        load = Load(base_url, filings=filings, concurrency=concurrency, seed=seed, book=folder / "log" / BOOK)
        mailbox = Mailbox(Path(settings.MAIL_DIR))
        paid = str(clock.day_of(clock.now()) - timedelta(days=3))
        connection.close()  # it would not outlive the drill
        planned = plan(kills, filings=filings, seed=seed)
        with ThreadPoolExecutor(1) as pool:
            killing = pool.submit(carry_out, planned, Installation(base_url, folder), load)
            load.run(mailbox, text_address, paid=paid)
            loaded = time.monotonic()
            killed = killing.result()
        quiet = time.monotonic()
        on_its_way = settle(base_url)
        settled = time.monotonic()
        answers = load.answers()
        return {
            **judge(load, mailbox.letters()),
            "status_500": answers[500],
            "status_503": answers[503],
            "broken_connections": sum(visitor.broken for visitor in load.visitors),
            "on_its_way": on_its_way,
            "gave_up": sum(bool(filing.trouble) for filing in load.filings),
            "filings": filings,
            "concurrency": concurrency,
            "kills": dict(killed),
            "seed": seed,
            "seconds_of_load": round(loaded - started, 1),
            "seconds_to_settle": round(settled - quiet, 1),
            "seconds": round(time.monotonic() - started, 1),
        }
