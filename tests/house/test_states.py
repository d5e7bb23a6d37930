"""The state tables: every pair of state and verb, and the page that shows them."""

import pytest
from django.core.management import call_command

import complaints.states
import disputes.states
import merchants.states
from microguard.core.machine import Machine, NotPossible

TABLES = [
    ("complaint", complaints.states.MACHINE, complaints.states.State),
    ("dispute", disputes.states.MACHINE, disputes.states.State),
    ("claim", merchants.states.CLAIMS, merchants.states.ClaimState),
]
PAIRS = [
    pytest.param(machine, verb, state, id=f"{noun}-{verb}-{state}")
    for noun, machine, states in TABLES
    for verb in machine.moves
    for state in states
]


@pytest.mark.parametrize(("machine", "verb", "state"), PAIRS)
def test_a_verb_leads_to_its_target_or_is_refused(machine: Machine, verb: str, state: str) -> None:
    sources, target = machine.moves[verb]

    if state in sources:
        assert machine.after(verb, state) == target
    else:
        with pytest.raises(NotPossible):
            machine.after(verb, state)


def test_no_verb_leads_out_of_an_ended_dispute() -> None:
    closed = disputes.states.State.CLOSED

    assert [verb for verb in disputes.states.MACHINE.moves if disputes.states.MACHINE.possible(verb, closed)] == []


def test_the_page_of_states_and_events_is_in_step() -> None:
    call_command("docs_states", "--check")
