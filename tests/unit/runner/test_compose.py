"""docker-compose.yml starts what `./run demo` starts."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from microguard.runner.environment import ROOT
from microguard.runner.programs import processes


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return loaded


def words_of(command: str, *, without: set[str]) -> list[str]:
    return [word for word in command.split() if word not in without]


def test_web_worker_and_beat_are_called_as_in_the_demo(services: dict[str, Any], tmp_path: Path) -> None:
    demo = {program.name: program for program in processes(tmp_path, {}, 8000)}
    # Only the address to listen on and beat's file differ between a container and the demo.
    places = {"0.0.0.0:8000", "127.0.0.1:8000", "/tmp/beat.db", str(tmp_path / "run" / "beat.db"), "python"}
    for name in ("web", "worker", "beat"):
        in_demo = words_of(" ".join(demo[name].argv[1:]), without=places)
        assert words_of(services[name]["command"], without=places) == in_demo


def test_only_migrate_knows_the_owner(services: dict[str, Any]) -> None:
    seen = {name: service.get("environment", {}) for name, service in services.items()}
    informed = {name for name, variables in seen.items() if "DATABASE_OWNER_URL" in variables}
    assert informed == {"migrate"}
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_every_variable_is_explained_in_the_example(services: dict[str, Any]) -> None:
    example = (ROOT / ".env.example").read_text()
    used = (ROOT / "docker-compose.yml").read_text().split("${")[1:]
    names = {text.split("}")[0].split(":")[0] for text in used}
    assert {name for name in names if f"\n{name}=" not in example} == set()


def test_the_image_holds_every_app(services: dict[str, Any]) -> None:
    copied = (ROOT / "Dockerfile").read_text()
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert {name for name in packages | {"templates"} if f"COPY {name} {name}\n" not in copied} == set()
