"""The town before the demo starts: its past year, its registry, its Monday, and one letter left to be posted."""

from datetime import datetime, timedelta

from django.db.models import F

from microguard.demo.town.cast import office
from microguard.demo.town.history import play_history
from microguard.demo.town.monday import play_monday
from microguard.demo.town.registry import play_registry
from microguard.demo.town.silent import play_silence
from microguard.demo.town.traced import ask_by_letter, play_tracing
from microguard.events.models import Delivery


def settle_town(*, start: datetime) -> None:
    """Play everything that happened before the demo starts. The caller holds the transaction."""
    people = office()
    play_history(office=people, start=start)
    play_registry(office=people, start=start)
    play_tracing(office=people, start=start)
    play_silence(office=people, start=start)
    play_monday(office=people, start=start)
    let_rest()
    ask_by_letter(office=people, at=start - timedelta(minutes=20))


def let_rest() -> None:
    """Mark what the town's facts had queued as handed over: it happened before the demo, nobody is told of it now.

    Otherwise the workers would start with hundreds of messages about matters that are over. What a subscriber
    would have done to a case (opening its dispute) the town has done itself; clocks stay armed.
    """
    Delivery.objects.filter(done_at__isnull=True).update(done_at=F("due_at"))
