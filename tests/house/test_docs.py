"""What the documents say is there is there: commands, paths, functions, links, roles."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.utils import translation

from microguard.accounts.roles import OUTSIDE, PARTIES, STAFF
from microguard.runner.commands import COMMANDS
from microguard.runner.environment import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
TOP_LEVEL = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")} - {"var"}
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"\./run ([a-z][\w-]*)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A list item, a row of a table or a paragraph: what is said in one breath about one file.
BREATH = re.compile(r"\n(?=\d+\. |- |\| )|\n\n")


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def paths_in(text: str) -> set[str]:
    words = {word for words in IN_BACKTICKS.findall(text) for word in words.split()}
    return {word for word in words if word.split("/")[0] in TOP_LEVEL and "/" in word}


def section(text: str, heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"no section {heading!r}"
    return found[1]


@cache
def functions_in(path: str) -> frozenset[str]:
    """Names of the functions of a module, and of the methods of its classes as `Class.method`."""

    def walk(body: list[ast.stmt], prefix: str) -> Iterator[str]:
        for node in body:
            if isinstance(node, ast.FunctionDef):
                yield prefix + node.name
            elif isinstance(node, ast.ClassDef):
                yield from walk(node.body, f"{node.name}.")

    return frozenset(walk(ast.parse((ROOT / path).read_text(encoding="utf-8")).body, ""))


def functions_named_in(text: str) -> Iterator[tuple[str, str]]:
    """Every `name()` of the text, with the file that was named last before it in the same breath."""
    for breath in BREATH.split(text):
        path = ""
        for word in IN_BACKTICKS.findall(breath):
            if word.endswith(".py"):
                path = word
            elif word.endswith("()"):
                yield path, word.removesuffix("()")


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_in_a_document_exists(document: Path) -> None:
    commands = set(COMMAND.findall(text_of(document)))

    assert commands - COMMANDS.keys() - get_commands().keys() == set()


def test_the_readme_names_every_command_of_run() -> None:
    assert COMMANDS.keys() - set(COMMAND.findall(text_of(README))) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_path_in_a_document_exists(document: Path) -> None:
    assert [path for path in sorted(paths_in(text_of(document))) if not (ROOT / path).exists()] == []


def test_each_row_of_what_one_may_want_to_change_names_a_place() -> None:
    rows = [row for row in section(text_of(README), "I want to change…").splitlines() if row.startswith("| ")][2:]

    assert rows
    assert [row for row in rows if not paths_in(row)] == []


def test_every_function_in_the_architecture_exists() -> None:
    functions = list(functions_named_in(text_of(ARCHITECTURE)))

    assert functions
    assert [(path, name) for path, name in functions if not path or name not in functions_in(path)] == []


@pytest.mark.parametrize("app", ["merchants", "complaints", "disputes"])
def test_the_architecture_passes_through_every_file_of_actions(app: str) -> None:
    files = {f"{app}/actions/{path.name}" for path in (ROOT / app / "actions").glob("[a-z]*.py")}

    assert files - paths_in(text_of(ARCHITECTURE)) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = [link.partition("#")[0] for link in LINK.findall(text_of(document))]

    assert [link for link in links if link and not (document.parent / link).exists()] == []


def test_the_readme_has_a_row_for_every_role() -> None:
    with translation.override("en"):
        roles = {str(role.label) for role in STAFF | OUTSIDE | PARTIES}

    rows = section(text_of(README), "Roles").splitlines()

    assert roles - {row.split("|")[1].strip() for row in rows if row.startswith("| ")} == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
