"""The figures: timed beside their floors, and only when the answers were right."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from microguard.bench.rounds import Race, Stopwatch, WrongAnswer, expect, run
from microguard.bench.suites import SUITES
from tests.people import Office


def test_every_suite_gives_its_figures(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("bench", scale=60, rounds=2, samples=1)

    figures = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [figure["suite"] for figure in figures] == list(SUITES)
    for figure in figures:
        floor = figure["floor"]["median"]  # printed with three decimals
        assert figure["ratio"] == pytest.approx(figure["median"] / floor, rel=0.02 + 0.001 / floor)
        assert figure["min"] <= figure["median"] <= figure["max"]
        assert (figure["scale"], figure["unit"]) == (60, "ms")
        assert set(figure["machine"]) == {"cpus", "python", "postgresql"}
        assert "revision" in figure


def test_it_refuses_a_database_that_holds_people(office: Office) -> None:
    with pytest.raises(CommandError, match="holds data"):
        call_command("bench", scale=60)


def nothing(watch: Stopwatch) -> None:
    with watch.running():
        pass


def test_a_wrong_answer_gives_no_figure_and_a_failure(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(watch: Stopwatch) -> None:
        expect(False, "rows are missing")

    def wrong_race(office: Any, at: Any) -> Race:
        return Race("csv", "a file", wrong, "nothing", nothing, samples=1)

    monkeypatch.setitem(SUITES, "csv", wrong_race)

    with pytest.raises(CommandError, match="wrong answers in: csv"):
        call_command("bench", suite=["csv"], scale=40, rounds=2)
    said = capsys.readouterr()
    assert (said.out, "rows are missing" in said.err) == ("", True)


def test_the_first_round_is_a_warm_up_and_only_what_is_watched_counts() -> None:
    turns: list[str] = []

    def once(watch: Stopwatch) -> None:
        turns.append("thing")
        watch.seconds += 1.0 if len(turns) == 1 else 0.004

    def floor(watch: Stopwatch) -> None:
        turns.append("floor")
        watch.seconds += 0.002

    figures = run(Race("x", "a thing", once, "its floor", floor, samples=1), rounds=3)

    assert turns == ["thing", "floor"] * 3
    assert (figures["median"], figures["max"], figures["floor"]["median"], figures["ratio"]) == (4, 4, 2, 2)
    assert figures["samples"] == {"rounds": 2, "a_round": 1}


def test_what_did_not_hold_is_a_wrong_answer() -> None:
    expect(1, "holds")
    with pytest.raises(WrongAnswer, match="one row of two"):
        expect([], "one row of two")
