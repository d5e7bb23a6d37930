"""The tour as its users run it: real servers, real worker, real mail; and a worker that is killed in the middle of it."""

import os
import signal
import threading
from pathlib import Path

import pytest

from tests.runs import run

KILL_EVERY = 4.0  # seconds


@pytest.fixture
def var(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    return folder


def kill_worker(var: Path, until: threading.Event, kills: list[int], most: int) -> None:
    """Kill -9 the worker with all its children, several times; the supervisor starts another each time."""
    while len(kills) < most and not until.wait(KILL_EVERY):
        for pid_file in var.rglob("run/worker.pid"):
            try:
                pid = int(pid_file.read_text().split()[0])
                os.killpg(pid, signal.SIGKILL)
                kills.append(pid)
            except (OSError, ValueError, IndexError):
                continue  # it is being restarted just now


# The pause before a restart doubles with each kill: more would only make the tour wait.
@pytest.mark.parametrize("most", [1, pytest.param(3, marks=pytest.mark.drill)])
def test_every_step_holds_though_the_worker_is_killed_in_the_middle(var: Path, most: int) -> None:
    over, kills = threading.Event(), list[int]()
    killer = threading.Thread(target=kill_worker, args=(var, over, kills, most))
    killer.start()
    try:
        code, lines, errors = run(var, "tour", patience=240)
    finally:
        over.set()
        killer.join()

    assert code == 0, errors[-3000:]
    assert lines[-1]["ok"] is True
    assert len(lines[-1]["cases"]) == 4
    assert all(line["ok"] for line in lines)
    assert len(set(kills)) == most
