"""State machines as one table: verb -> (states it may start from, state it leads to)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal


class NotPossible(Refusal):
    """The verb does not exist in this state."""

    code = "not_possible"


class Machine:
    """All moves of one kind of thing; the only way to compute the next state.

    Built from keyword arguments `verb=({sources}, target)`.
    """

    def __init__(self, **moves: tuple[Iterable[str], str]) -> None:
        self.moves = {verb: (frozenset(sources), target) for verb, (sources, target) in moves.items()}

    def possible(self, verb: str, state: str) -> bool:
        """Tell whether the verb may be done in this state."""
        return state in self.moves[verb][0]

    def after(self, verb: str, state: str) -> str:
        """Return the state that follows.

        :raises NotPossible: when the verb does not exist in this state
        """
        sources, target = self.moves[verb]
        if state not in sources:
            raise NotPossible(_("This is no longer possible: the case has moved on. Load the page again."))
        return target
