"""What the end of a term sets in motion: one registry, filled by the apps above."""

from collections.abc import Callable
from datetime import datetime

from microguard.deadlines.models import Deadline

Consequence = Callable[[Deadline, datetime], None]
_consequences: dict[str, Consequence] = {}


def on_lapse(rule: str) -> Callable[[Consequence], Consequence]:
    """Register what happens, in the transaction of the lapse, when a term of this rule ends unmet.

    The function gets the deadline (its `due_at` is the legal instant) and the instant of processing. It
    never ends a case: a person does.
    """

    def register(consequence: Consequence) -> Consequence:
        if rule in _consequences:
            raise RuntimeError(f"two consequences are registered for {rule}")
        _consequences[rule] = consequence
        return consequence

    return register


def consequence_of(rule: str) -> Consequence | None:
    """Return what the lapse of this rule sets in motion, if anything beyond its event."""
    return _consequences.get(rule)
