"""Last month's cases as a file over HTTP, against the COPY of the same query to nowhere."""

import io
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from complaints.models import Complaint
from microguard.bench.people import Office, browser_of
from microguard.bench.rounds import Race, Stopwatch, expect
from microguard.core import clock
from microguard.core.clock import day_of
from microguard.statistics.cases import case_table
from microguard.statistics.exports import csv
from microguard.statistics.periods import last_month


class Nowhere(io.BytesIO):
    """A file that forgets what is written to it."""

    def write(self, content: Any) -> int:
        """Take it and forget it."""
        return len(content)


def race(office: Office, at: datetime) -> Race:
    """Return the race of the supervisor's download."""
    supervisor = browser_of(office.supervisor)
    address = reverse("statistics:export", args=["last-month-cases", "csv"])
    period = last_month(day_of(clock.now()))
    filed = Complaint.objects.filed().filter(filed_at__gte=period.begins_at, filed_at__lt=period.ends_at)
    rows = filed.count()

    def once(watch: Stopwatch) -> None:
        with watch.running():
            answer = supervisor.get(address)
            content = answer.getvalue()
        expect(answer.status_code == 200, f"the download answered {answer.status_code}")
        lines = content.count(b"\n") - 1
        expect(lines == rows, f"{lines} rows of {rows}")

    def floor(watch: Stopwatch) -> None:
        table = case_table(period, scope=None, at=at)
        with watch.running(), translation.override("zh-hans"):
            written = csv.write(table, Nowhere())
        expect(written == rows, f"{written} rows of {rows}")

    return Race(
        "csv",
        "last month's cases as CSV over HTTP",
        once,
        "COPY of the same query to nowhere",
        floor,
        samples=3,
        more={"rows": rows},
    )
