"""Makes the hashes anew by which handles are found, after a release that compares handles otherwise."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from complaints.actions.indexing import index_next_mentions, index_next_sellers


class Command(BaseCommand):
    """Goes through all sellers and complaints, one batch after the other, each a transaction of its own."""

    help = "Hash handles and mentions anew, so that sellers are found as this release compares them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Take one batch after the other, and say how many there were."""
        done = {"sellers": 0, "mentions": 0}
        for name, index_next in (("sellers", index_next_sellers), ("mentions", index_next_mentions)):
            last = 0
            while batch := index_next(after=last):
                last, done[name] = batch.last, done[name] + batch.size
                self.stderr.write(f"{done[name]} {name}")
        self.stdout.write(json.dumps(done))
