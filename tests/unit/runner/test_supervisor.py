"""The supervisor starts dead programs again, more and more slowly, and leaves nothing behind."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from microguard.runner import supervisor as module
from microguard.runner.supervisor import Program, Supervisor, orphans

STAY = "import time; time.sleep(600)"
STAY_WITH_A_WORKER = "import os, time; os.fork(); time.sleep(600)"
LEAVE = "raise SystemExit(3)"
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""


def python(name: str, code: str, **variables: str) -> Program:
    return Program(name, (sys.executable, "-c", code), {"PATH": os.environ["PATH"], **variables})


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def group_of(pid: int) -> list[int]:
    """Return the live processes of a process group."""
    members = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == pid and fields[0] != "Z":
            members.append(int(entry.name))
    return members


def test_a_killed_program_is_started_again_without_its_orphans(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Supervisor(tmp_path, cwd=tmp_path) as supervisor:
        supervisor.start(python("web", STAY_WITH_A_WORKER))
        first = supervisor.pid("web")
        until(lambda: len(group_of(first)) == 2)

        os.kill(first, signal.SIGKILL)

        until(lambda: supervisor.pid("web") != first)
        assert group_of(first) == []
        assert int((tmp_path / "run" / "web.pid").read_text()) == supervisor.pid("web")
        assert "web ended (SIGKILL); starting it again in 0.5 s" in capsys.readouterr().err
        second = supervisor.pid("web")
    until(lambda: group_of(second) == [])
    assert not (tmp_path / "run" / "web.pid").exists()


def test_a_program_that_keeps_ending_is_started_more_and_more_slowly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.2)
    with Supervisor(tmp_path, cwd=tmp_path) as supervisor:
        supervisor.start(python("worker", LEAVE))
        until(lambda: supervisor.deaths("worker") >= 4)
    said = [line.split(" again in ")[1].split(" s")[0] for line in capsys.readouterr().err.splitlines()]
    assert said[:4] == ["0.05", "0.1", "0.2", "0.2"]


def test_a_program_that_was_steady_starts_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(module, "STEADY_AFTER", 0.0)
    with Supervisor(tmp_path, cwd=tmp_path) as supervisor:
        supervisor.start(python("worker", LEAVE))
        until(lambda: supervisor.deaths("worker") >= 3)
    assert all("in 0.05 s" in line for line in capsys.readouterr().err.splitlines())


def test_a_program_deaf_to_the_signal_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_WITHIN", 0.3)
    with Supervisor(tmp_path, cwd=tmp_path) as supervisor:
        supervisor.start(python("beat", DEAF))
        until(lambda: "deaf" in (tmp_path / "log" / "beat.log").read_text())
        pid = supervisor.pid("beat")
    assert group_of(pid) == []


def test_errors_in_a_log_are_shown_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = "print('2026-11-23 ERROR first'); print('2026-11-23 INFO second')"
    with Supervisor(tmp_path, cwd=tmp_path, aloud=True) as supervisor:
        supervisor.start(python("web", f"{log}\nimport sys; sys.stdout.flush()\n{STAY}"))
        shown = ""
        end = time.monotonic() + 5
        while "first" not in shown and time.monotonic() < end:
            time.sleep(0.05)
            shown += capsys.readouterr().err
        time.sleep(0.3)
        shown += capsys.readouterr().err
    assert shown == "web: 2026-11-23 ERROR first\n"


def test_only_supervised_programs_of_the_folder_count_as_orphans(tmp_path: Path) -> None:
    with Supervisor(tmp_path, cwd=tmp_path) as supervisor:
        supervisor.start(python("web", STAY, MICROGUARD_VAR=str(tmp_path)))
        supervisor.start(python("other", STAY, MICROGUARD_VAR=str(tmp_path / "elsewhere")))
        until(lambda: list(orphans(tmp_path)) == [supervisor.pid("web")])
