"""Malformed law data stops every kind of process at its start: one sentence, no traceback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PYTHON = sys.executable
PACKAGES = ("microguard", "merchants", "complaints", "disputes")
PROCESSES = {
    "command": (PYTHON, "manage.py", "check"),
    "pure command": (PYTHON, "manage.py", "legal_term"),
    "web": (PYTHON, "-m", "gunicorn", "microguard.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"),
    "worker": (PYTHON, "-m", "celery", "-A", "microguard", "worker"),
    "beat": (PYTHON, "-m", "celery", "-A", "microguard", "beat", "--schedule", "beat.db"),
}
POLICY = "policy_every_operator.toml"
BROKEN = "policy_every_operator.toml, entry 1 (safety.triage): unit is 'fortnights'; it is one of"


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A copy of the code, whose data a test may spoil."""
    for package in PACKAGES:
        shutil.copytree(
            settings.BASE_DIR / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    return tmp_path


def started(installation: Path, command: tuple[str, ...]) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(installation)}
    return subprocess.run(
        command, cwd=installation, env=environment, capture_output=True, text=True, timeout=60, input=""
    )


@pytest.mark.parametrize("process", PROCESSES)
def test_no_process_starts_with_a_malformed_rule(installation: Path, process: str) -> None:
    file = installation / "microguard" / "deadlines" / "data" / "legislation" / POLICY
    file.write_text(
        file.read_text(encoding="utf-8").replace('"working_days"', '"fortnights"', 1), encoding="utf-8"
    )

    ended = started(installation, PROCESSES[process])

    assert ended.returncode != 0
    assert BROKEN in ended.stderr
    assert "Traceback" not in ended.stderr
    if "command" in process:
        assert len(ended.stderr.splitlines()) == 1
        assert ended.stdout == ""


def test_no_process_starts_with_a_malformed_calendar(installation: Path) -> None:
    file = installation / "microguard" / "deadlines" / "data" / "calendars" / "2026.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("2026-01-04,", "2026-01-05,"), encoding="utf-8")

    ended = started(installation, PROCESSES["command"])

    assert ended.returncode != 0
    assert ended.stderr == ("2026.toml: 2026-01-05 is no weekend day, so it cannot be a make-up working day.\n")


def test_it_starts_with_the_installed_data(installation: Path) -> None:
    assert started(installation, PROCESSES["command"]).returncode == 0
