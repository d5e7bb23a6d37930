"""The command that assesses rights for JSON lines: its answers, its errors, its exit."""

import json
import os
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]
FAKE = {"id": "A", "seller_type": "company", "problem": ["counterfeit"], "price_cny": 128}


def run(monkeypatch: pytest.MonkeyPatch, *lines: bytes, **options: Any) -> tuple[list[dict[str, Any]], bool]:
    monkeypatch.setattr(
        sys, "stdin", type("Stdin", (), {"buffer": BytesIO(b"".join(line + b"\n" for line in lines))})
    )
    out, failed = StringIO(), False
    try:
        call_command("assess_rights", stdout=out, **options)
    except CommandError:
        failed = True
    return [json.loads(line) for line in out.getvalue().splitlines()], failed


def test_an_answer_has_the_published_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,), failed = run(monkeypatch, json.dumps(FAKE).encode(), as_of="2026-11-25", language="en")

    assert not failed
    assert set(answer) == {
        *("id", "remedies", "blocked", "routes", "evidence_to_bring", "warnings", "rules_as_of")
    }
    assert answer["rules_as_of"] == "2026-11-25"
    threefold = next(remedy for remedy in answer["remedies"] if remedy["remedy"] == "punitive_3x")
    assert threefold["amount_fen"] == 50_000
    assert set(threefold) == {"remedy", "strength", "amount_fen", "legal_basis", "conditions", "burden"}


def test_a_bad_line_gets_an_error_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, failed = run(
        monkeypatch,
        b"{",
        json.dumps(FAKE).encode(),
        b'{"price_cny": -5}',
        b"\xff\xfe",
        b'{"facts": "' + b"x" * 10_000_000 + b'"}',
        b"[" * 100_000,
        json.dumps(FAKE).encode(),
        as_of="2026-11-25",
    )

    assert failed
    assert [answer.get("id", answer.get("error", {}).get("code")) for answer in answers] == [
        *("bad_json", "A", "bad_facts", "bad_json", "too_long", "bad_json", "A")
    ]
    assert [answer["line"] for answer in answers if "error" in answer] == [1, 3, 4, 5, 6]


def test_sentences_come_in_the_language_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese, _failed = run(monkeypatch, b'{"price_cny": -5}', as_of="2026-11-25", language="zh-hans")
    english, _failed = run(monkeypatch, b'{"price_cny": -5}', as_of="2026-11-25", language="en")

    assert chinese[0]["error"]["message"] == "字段“price_cny”小于零。"
    assert english[0]["error"]["message"] == "The field “price_cny” is below zero."


def test_a_day_that_cannot_be_used_stops_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="tomorrow"):
        call_command("assess_rights", as_of="tomorrow")
    answers, failed = run(monkeypatch, json.dumps(FAKE).encode(), as_of="2015-01-01")
    assert failed
    assert answers[0]["error"]["code"] == "law_not_loaded"


def test_the_schema_names_every_fact() -> None:
    out = StringIO()

    call_command("assess_rights", schema=True, stdout=out)

    schema = json.loads(out.getvalue())
    assert "moments" in schema["properties"]["channel"]["enum"]
    assert "promised_multiple" in schema["properties"]["more_facts"]["properties"]


def test_it_needs_no_server(tmp_path: Path) -> None:
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "PGHOST")
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "assess_rights"],
        input=json.dumps(FAKE).encode(),
        capture_output=True,
        env=environment | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["id"] == "A"
