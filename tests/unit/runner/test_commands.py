"""The command table, and where a name that is not in it goes."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from microguard.runner import commands
from microguard.runner.console import Failure


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run([]) == 0
    listed = capsys.readouterr().out
    for name in ("demo", "tour", "test", "check", "screens", "drill", "help"):
        assert f"./run {name} " in listed
    assert commands.run(["--help"]) == 0
    assert capsys.readouterr().out == listed


def test_a_pure_command_becomes_manage_py_without_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Replaced(Exception):
        pass

    def execve(path: str, words: list[str], variables: dict[str, str]) -> None:
        raise Replaced(words, variables)

    monkeypatch.setattr(os, "execve", execve)
    with pytest.raises(Replaced) as replaced:
        commands.run(["legal_term", "--as-of", "2026-09-30"])

    words, variables = replaced.value.args
    assert words[1:] == [str(commands.MANAGE), "legal_term", "--as-of", "2026-09-30"]
    assert variables["MICROGUARD_SERVERLESS"] == "1"


def test_an_unknown_name_goes_to_manage_py(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[Any] = []

    def manage(name: str, arguments: list[str]) -> int:
        passed.append((name, arguments))
        return 7

    monkeypatch.setattr(commands, "manage", manage)

    assert commands.run(["verify_ledger", "--rehash", "5"]) == 7
    assert passed == [("verify_ledger", ["--rehash", "5"])]


@pytest.mark.parametrize("words", [["demo", "--rest"], ["check", "mypy"]])
def test_a_word_that_a_command_does_not_know_is_refused(words: list[str]) -> None:
    with pytest.raises(Failure, match="usage"):
        commands.run(words)


def test_a_command_is_told_to_stop_when_we_are(tmp_path: Path) -> None:
    told = tmp_path / "told"
    stay = (
        "import signal, sys, time, pathlib\n"
        f"def leave(*_): pathlib.Path({str(told)!r}).write_text('yes'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        f"pathlib.Path({str(told)!r}).write_text('not yet')\n"
        "time.sleep(600)\n"
    )

    def stop(number: int, frame: object) -> None:
        raise commands.Stopped(128 + number)

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 1.0)
        with pytest.raises(commands.Stopped):
            commands.attend([sys.executable, "-c", stay], dict(os.environ))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert told.read_text() == "yes"
