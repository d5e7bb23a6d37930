"""People file while web, worker and database are killed: nothing acknowledged is lost, nothing happens twice."""

from pathlib import Path

import pytest

from tests.runs import run

full = pytest.mark.drill
NEVER = (
    "lost",
    "duplicated",
    "notices_missed",
    "notices_repeated",
    "status_500",
    "broken_chains",
    "without_clocks",
)


@pytest.mark.parametrize(
    ("filings", "concurrency", "kills", "seed"),
    [
        (40, 10, 5, 7),  # as many as one core manages in a minute
        pytest.param(300, 10, 5, 7, marks=full),
        pytest.param(300, 10, 5, 8, marks=full),
        pytest.param(300, 10, 5, 21, marks=full),
        pytest.param(1000, 50, 20, 7, marks=full),
    ],
)
def test_what_was_acknowledged_is_there_once_and_everybody_is_told_once(
    tmp_path: Path, filings: int, concurrency: int, kills: int, seed: int
) -> None:
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    sizes = {"filings": filings, "concurrency": concurrency, "kills": kills, "seed": seed}
    words = [word for name, size in sizes.items() for word in (f"--{name}", str(size))]

    code, lines, errors = run(var, "crash_drill", *words, patience=600 + 3 * filings)

    assert lines, errors[-3000:]
    (found,) = lines
    assert {name: found[name] for name in NEVER} == dict.fromkeys(NEVER, 0), errors[-3000:]
    assert (found["acknowledged"], found["filed"]) == (filings, filings), errors[-3000:]
    assert found["notices_due"] == 3 * filings  # the buyer and both officers of the demo
    assert sum(found["kills"].values()) == kills
    assert {"web", "worker", "database"} <= found["kills"].keys()
    assert code == 0, errors[-3000:]
