"""The screens of the filing follow each other without a gap."""

from complaints.rules.filing import STEPS
from complaints.wizard import FORM_STEPS, TOTAL


def test_there_are_seven_screens_and_the_last_one_checks() -> None:
    assert TOTAL == 7
    assert [*FORM_STEPS, "check"] == list(STEPS)


def test_every_screen_knows_its_place_and_its_neighbours() -> None:
    assert [step.number for step in FORM_STEPS.values()] == [1, 2, 3, 4, 5, 6]
    assert [step.preceding for step in FORM_STEPS.values()] == [None, *STEPS[:5]]
    assert [step.following for step in FORM_STEPS.values()] == list(STEPS[1:])
