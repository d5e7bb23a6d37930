"""One sweep by a cron where neither worker nor beat runs."""

import json
from collections.abc import Callable
from datetime import datetime
from io import StringIO

from django.core.management import call_command

from microguard.celery import app
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.cases import a_filed_complaint
from tests.clock import ACCEPTANCE_ENDS


def test_one_call_lapses_clocks_hands_facts_over_and_writes_the_messages(
    clock_at: Callable[[datetime], None], db: None
) -> None:
    complaint = a_filed_complaint()
    clock_at(ACCEPTANCE_ENDS)
    out = StringIO()

    call_command("sweep", stdout=out)

    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert told == [{"task": entry["task"], "ok": True} for entry in app.conf.beat_schedule.values()]
    assert Event.objects.filter(chain=complaint.chain, name="complaint.acceptance.lapsed").count() == 1
    assert Dispatch.objects.filter(notice__startswith="complaint.acceptance.lapsed:").exists()
