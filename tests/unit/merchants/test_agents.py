"""A chain of agents is a clue only where paid joining, rewards for recruits and levels come together."""

import pytest

from merchants.rules.agents import Terms, is_clue

PAID, FREE = 29_800, None


@pytest.mark.parametrize(
    ("levels", "terms", "clue"),
    [
        (3, [Terms(PAID, "PER_RECRUIT"), Terms(FREE, "UNKNOWN")], True),
        (3, [Terms(PAID, "NONE"), Terms(FREE, "SALES_OF_RECRUITS")], True),
        (2, [Terms(PAID, "PER_RECRUIT")], False),
        (3, [Terms(0, "PER_RECRUIT"), Terms(FREE, "PER_RECRUIT")], False),
        (9, [Terms(PAID, "NONE"), Terms(PAID, "UNKNOWN")], False),
        (1, [], False),
    ],
)
def test_all_three_have_to_come_together(levels: int, terms: list[Terms], *, clue: bool) -> None:
    assert is_clue(levels, terms) is clue
