"""What children may see, the folder's secrets, and the demo's port."""

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from microguard.runner import environment
from microguard.runner.console import Failure

BUILT_IN = {
    "DATABASE_URL": "postgres://app@%2Ftmp%2Fmg/microguard",
    "REDIS_URL": "redis+socket:///tmp/mg/valkey.sock",
}
MINE = ("MICROGUARD_", "DATABASE_", "REDIS_", "EMAIL_")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(MINE)]:
        monkeypatch.delenv(name)


def test_secrets_are_made_once_and_are_for_our_eyes_only(tmp_path: Path) -> None:
    first = environment.folder_secrets(tmp_path)

    assert environment.folder_secrets(tmp_path) == first
    assert len(set(first.values())) == 4
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_a_given_secret_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.folder_secrets(tmp_path)
    monkeypatch.setenv("MICROGUARD_SECRET_KEY", "given by the operator")

    assert environment.base(tmp_path, urls=BUILT_IN)["MICROGUARD_SECRET_KEY"] == "given by the operator"


def test_children_do_not_see_what_is_not_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMEBODYS_TOKEN", "secret")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("MICROGUARD_OPERATOR", "market_regulator")

    seen = environment.base(tmp_path, urls=BUILT_IN)

    assert seen["MICROGUARD_OPERATOR"] == "market_regulator"
    assert seen["PATH"] == os.environ["PATH"]
    assert not {"SOMEBODYS_TOKEN", "PYTHONPATH", environment.APPLICATION_PASSWORD} & seen.keys()


def test_two_folders_never_hear_each_others_bells(tmp_path: Path) -> None:
    bells = {
        environment.base(tmp_path / name, urls=BUILT_IN)["MICROGUARD_BELL_PREFIX"] for name in ("demo", "tour")
    }
    assert len(bells) == 2


def test_a_command_on_the_built_in_database_visits_the_demo(tmp_path: Path) -> None:
    demo = environment.demo(tmp_path, urls=BUILT_IN, port=8123)

    visit = environment.visiting(tmp_path, urls=BUILT_IN)

    assert visit["MICROGUARD_DEMO"] == "1"
    assert visit["EMAIL_PORT"] == demo["EMAIL_PORT"]
    assert visit["MICROGUARD_BASE_URL"] == "http://127.0.0.1:8123"


def test_a_command_on_a_given_database_is_no_demo_unless_one_was_set_up_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = {
        "DATABASE_URL": "postgres://app:p@db.example/real",
        "DATABASE_OWNER_URL": "postgres://db.example/real",
    }
    given_to_the_demo = {**real, "DATABASE_OWNER_URL": "postgres://db.example/trial"}
    monkeypatch.setenv("DATABASE_URL", real["DATABASE_URL"])
    environment.demo(tmp_path, urls=given_to_the_demo, port=8000)

    assert "MICROGUARD_DEMO" not in environment.visiting(tmp_path, urls=real)
    assert environment.visiting(tmp_path, urls=given_to_the_demo)["MICROGUARD_DEMO"] == "1"
    assert "db.example" not in json.dumps((tmp_path / environment.DEMO_NOTE).read_text())


def test_a_taken_port_is_named_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind((environment.HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(taken))
        with pytest.raises(Failure, match=rf"port {taken} is taken.*PORT={taken + 1} \./run demo"):
            environment.wanted_port()
    assert environment.wanted_port() == taken


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", "8000 "])
def test_a_port_has_to_be_a_port(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Failure, match="from 1 to 65535"):
        environment.wanted_port()


def test_the_folder_of_a_purpose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.folder_of("tour") == environment.ROOT / "var" / "tour"
    monkeypatch.setenv("MICROGUARD_VAR", str(tmp_path))
    assert environment.folder_of("demo") == tmp_path
    assert environment.folder_of("tour") == tmp_path / "tour"
