"""Words beside facts: the chain itself holds ids and codes only."""

from microguard.events.models import Event, Remark


def remark(event: Event, words: str) -> None:
    """Keep what a person wrote about this fact, encrypted."""
    Remark.objects.create(event=event, words=words)
