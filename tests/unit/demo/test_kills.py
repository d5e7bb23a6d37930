"""What the crash drill kills is drawn from its seed."""

import pytest

from microguard.demo.drill.kills import ALWAYS, KINDS, plan


def test_the_same_seed_kills_the_same_and_another_seed_does_not() -> None:
    assert plan(20, filings=1000, seed=7) == plan(20, filings=1000, seed=7)
    assert plan(20, filings=1000, seed=7) != plan(20, filings=1000, seed=8)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("count", [3, 5, 20])
def test_web_worker_and_database_are_killed_whatever_the_seed(count: int, seed: int) -> None:
    kinds = [kill.kind for kill in plan(count, filings=300, seed=seed)]

    assert len(kinds) == count
    assert set(ALWAYS) <= set(kinds) <= set(KINDS)


def test_every_kill_falls_into_the_load_in_the_order_of_time() -> None:
    instants = [kill.after for kill in plan(20, filings=1000, seed=7)]

    assert instants == sorted(instants)
    assert instants[0] >= 50
    assert instants[-1] <= 900


def test_no_kill_is_a_drill_too() -> None:
    assert plan(0, filings=10, seed=7) == []
