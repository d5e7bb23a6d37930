"""A fact cannot be edited later: what goes into it is an id or a code, never what people wrote or are called."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from microguard.core.encryption import EncryptedTextField

FOLDERS = ("microguard", "merchants", "complaints", "disputes")
ARGUMENTS = {"by", "at"}
# Each was judged: it names no person and says nothing that a person wrote.
IDS_AND_CODES = {
    *(
        "amount_fen",
        "channel",
        "clock_of",
        "digest",
        "dispatch",
        "due_at",
        "endpoint",
        "evidence",
        "ground",
        "invitation",
    ),
    *("mediator", "merchant", "message", "notice", "number", "offer", "outcome", "proof", "proposal", "rule"),
    *("rule_version", "seen_in", "sha256", "side", "source", "version"),
    *("asked_by", "days_before", "since", "until"),  # of a clock
    *("preset", "first", "rows", "scope", "kind"),  # of an export
    *(
        "calendar_edition",
        "due_before",
        "official",
        "year",
    ),  # of a term that was counted anew, of a holiday notice
    *("roles", "is_active"),  # of an account
    *("handle", "other", "case", "step", "link", "claim", "ownership"),  # of a seller of the registry
    *("registration", "licence", "turnover", "check", "level", "change", "objection"),  # of who a seller is
    *("about", "contest", "correction", "set_apart", "signal", "statement"),  # of the public record: keys, codes
    *("breach", "commitment", "value"),  # a promise that anybody may read
    *("fields", "right", "verdict"),  # questions that were answered, without the answers; a decision on a right
}
WRITTEN_BY_PEOPLE = {
    *("answer", "answer_text", "body", "closing_note", "decline_reason", "denial", "information_asked"),
    *("information_given", "item", "name", "note", "reason", "reasons", "story", "text", "token", "wording"),
}
RECORDINGS = {"events.record", "record", "Fact"}
PASSES_ON = "microguard/events/actions.py"  # what others record


def recordings() -> Iterator[tuple[str, ast.Call]]:
    """Every call that records a fact, with its place."""
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                place = (
                    f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}" if isinstance(node, ast.Call) else ""
                )
                if place and not place.startswith(PASSES_ON) and ast.unparse(node.func) in RECORDINGS:
                    yield place, node


RECORDED = list(recordings())


def test_the_recordings_are_found() -> None:
    assert len(RECORDED) > 40


def facts_of(place: str, call: ast.Call) -> dict[str, ast.expr]:
    """The facts by name; those of a dictionary with two stars are looked up in the function around."""
    facts: dict[str, ast.expr] = {}
    for keyword in call.keywords:
        if keyword.arg is not None:
            facts[keyword.arg] = keyword.value
        else:
            facts |= _spelled_out(place, keyword.value)
    return {name: value for name, value in facts.items() if name not in ARGUMENTS}


def _spelled_out(place: str, value: ast.expr) -> dict[str, ast.expr]:
    path, line = place.rsplit(":", 1)
    tree = ast.parse(Path(settings.BASE_DIR, path).read_text(encoding="utf-8"))
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= int(line) <= (node.end_lineno or 0)
    ]
    candidates = [value] + [
        node.value
        for function in around
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == ast.unparse(value)
    ]
    for candidate in candidates:
        if isinstance(candidate, ast.Dict):
            return {
                ast.literal_eval(key): item
                for key, item in zip(candidate.keys, candidate.values, strict=True)
                if key
            }
    raise AssertionError(f"{place}: the facts cannot be read off the code; name them one by one")


def test_every_fact_is_an_id_or_a_code() -> None:
    unjudged = {
        (place, name) for place, call in RECORDED for name in facts_of(place, call) if name not in IDS_AND_CODES
    }

    assert unjudged == set()


def test_no_fact_is_taken_from_a_column_that_holds_what_people_wrote() -> None:
    encrypted = {
        field.name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, EncryptedTextField)
    }
    encrypted -= {"subject"}  # of a message; the facts have the subject of a clock
    taken = {
        (place, name, node.attr)
        for place, call in RECORDED
        for name, value in facts_of(place, call).items()
        for node in ast.walk(value)
        if isinstance(node, ast.Attribute) and node.attr in (encrypted | WRITTEN_BY_PEOPLE)
    }

    assert {"phone", "complainant_name", "body"} <= encrypted
    assert taken == set()


# A Fact is handed to record_all, which says it for all of them.
SAYING = [(place, call) for place, call in RECORDED if ast.unparse(call.func) != "Fact"]


@pytest.mark.parametrize(("place", "call"), SAYING, ids=[place for place, _call in SAYING])
def test_every_recording_says_by_whom_and_when(place: str, call: ast.Call) -> None:
    assert {keyword.arg for keyword in call.keywords} >= ARGUMENTS
