"""A browser is taken where there is one, fetched where that is allowed, and its lack is told."""

import os
import shutil
import subprocess
from typing import Any

import pytest

from microguard.runner import browser, commands
from microguard.runner.console import Failure


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the programs that the machine has, for the test to fill."""
    programs: dict[str, str] = {}
    for name in ("MICROGUARD_BROWSER", "MICROGUARD_REQUIRE_BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(shutil, "which", programs.get)
    return programs


def test_the_machines_own_browser_is_taken(machine: dict[str, str]) -> None:
    machine["google-chrome"] = "/opt/chrome"
    assert browser.find() == "/opt/chrome"
    machine["chromium"] = "/usr/bin/chromium"
    assert browser.find() == "/usr/bin/chromium"


def test_root_fetches_debians(machine: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    machine["apt-get"] = "/usr/bin/apt-get"
    steps: list[list[str]] = []

    def run(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        steps.append(command)
        machine["chromium"] = "/usr/bin/chromium"
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert browser.find() == "/usr/bin/chromium"
    assert [step[1] for step in steps] == ["update", "install"]


def test_an_ordinary_user_goes_without(machine: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    machine["apt-get"] = "/usr/bin/apt-get"
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert browser.find() is None
    monkeypatch.setenv("MICROGUARD_REQUIRE_BROWSER", "1")
    with pytest.raises(Failure, match="apt-get install chromium"):
        browser.find()


def test_tests_that_need_a_browser_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = "tests/journeys/test_filing.py::test_a_purchase\n\n1/300 tests collected\n"

    def run(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        assert command[-2:] == ["-m", "browser"]
        return subprocess.CompletedProcess(command, 0, listing, "")

    monkeypatch.setattr(subprocess, "run", run)
    commands.say_what_was_not_run(["pytest"], {})
    told = "not run: tests/journeys/test_filing.py::test_a_purchase (no Chromium or Chrome was found)\n"
    assert capsys.readouterr().err == told
