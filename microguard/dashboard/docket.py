"""My day: what is overdue, due today, and waiting to be taken up."""

from typing import Any

from microguard.accounts.actors import Actor


def day_of_desk(actor: Actor) -> dict[str, Any]:
    """Return the variables of the desk's first page."""
    return {}
