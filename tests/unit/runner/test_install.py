"""The installer, which runs before anything is installed."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

from microguard.runner import install


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text("")
    return tmp_path


def call(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["install.py", str(checkout)])
    install.main()


def test_an_environment_of_another_user_is_refused(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / ".venv").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    with pytest.raises(SystemExit, match=r"belongs to the user .* git clone"):
        call(checkout, monkeypatch)


def test_a_python_without_venv_is_named_with_the_package(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        call(checkout, monkeypatch)


def test_nothing_is_done_twice(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binaries = checkout / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    shutil.copyfile(checkout / "requirements.lock", checkout / ".venv" / "installed.lock")
    monkeypatch.setattr(install, "find_uv", lambda checkout: pytest.fail("installed again"))

    call(checkout, monkeypatch)

    assert [path.name for path in binaries.iterdir()] == ["python"]


def test_pip_steps_in_when_uv_fails(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def install_with_pip(venv: Path, lock: Path) -> bool:
        asked.append(lock)
        venv.mkdir()
        return True

    monkeypatch.setattr(install, "find_uv", lambda checkout: "/bin/false")
    monkeypatch.setattr(install, "install_with_pip", install_with_pip)

    call(checkout, monkeypatch)

    assert asked == [checkout / "requirements.lock"]
    assert (checkout / ".venv" / "installed.lock").exists()


def test_a_failure_of_both_is_told(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "find_uv", lambda checkout: None)
    monkeypatch.setattr(install, "install_with_pip", lambda venv, lock: False)
    with pytest.raises(SystemExit, match="could not be installed"):
        call(checkout, monkeypatch)
    assert not (checkout / ".venv" / "installed.lock").exists()
