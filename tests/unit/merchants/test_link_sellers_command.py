"""The command that proposes sellers for JSON lines: its answers, its errors, its exit."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from merchants.management.commands.link_sellers import read_mention
from microguard.core.errors import Refusal

ROOT = Path(__file__).resolve().parents[3]
GOOD = {"mention_id": "a", "handles": [{"type": "wechat_id", "value": "xiaolu_88"}], "region": "440100"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"handles": []}, "no_handle"),
        ({"handles": None}, "missing_field"),
        ({"handles": {}}, "bad_field"),
        ({"handles": ["xiaolu_88"]}, "bad_handle"),
        ({"handles": [{"type": "phone"}]}, "bad_handle"),
        ({"handles": [{"type": "phone", "value": None}]}, "bad_handle"),
        ({"handles": [{"type": "phone", "value": "1" * 3000}]}, "bad_handle"),
        ({"handles": [{"type": "qq", "value": "10001"}]}, "unknown_type"),
        ({"handles": [{"type": ["phone"], "value": "10001"}]}, "unknown_type"),
        ({"handles": [{"type": "phone", "value": "1"}] * 201}, "too_many_handles"),
        ({"mention_id": None}, "missing_field"),
        ({"mention_id": ""}, "bad_field"),
        ({"mention_id": True}, "bad_field"),
        ({"mention_id": {}}, "bad_field"),
        ({"region": ["440100"]}, "bad_field"),
    ],
)
def test_a_bad_field_is_refused_with_its_code(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_mention(json.dumps(GOOD | fields).encode())

    assert refusal.value.code == code
    assert refusal.value.message


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"7", b"\xff\xfe\xfa", b"[" * 100_000])
def test_a_line_that_is_no_object_is_refused(line: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        read_mention(line)

    assert refusal.value.code == "bad_json"


@pytest.mark.parametrize("value", ["1", "-", "_x", "小鹿", "🦌", " ", "\ud800", "x" * 2000])
def test_an_unusual_wechat_id_is_never_refused(value: str) -> None:
    assert read_mention(json.dumps(GOOD | {"handles": [{"type": "wechat_id", "value": value}]}).encode()).id == "a"


def test_a_field_that_is_not_ours_is_not_read() -> None:
    assert read_mention(json.dumps(GOOD | {"note": "told by phone"}).encode()).id == "a"


def run_command(*lines: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run the command as its users do, with neither server nor secret in its environment."""
    return subprocess.run(
        [sys.executable, "manage.py", "link_sellers"],
        input=b"\n".join(lines),
        capture_output=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "MICROGUARD_SERVERLESS": "1"},
        timeout=30,
        check=False,
    )


def test_every_line_gets_one_answer_in_order_and_a_bad_one_stops_nothing() -> None:
    first, again = json.dumps(GOOD).encode(), json.dumps(GOOD | {"mention_id": "b"}).encode()
    long = b'{"mention_id": "' + b"x" * 10_000_000 + b'"}'
    half = b'{"mention_id": "\\ud800", "handles": [{"type": "phone", "value": "13800138000"}]}'

    run = run_command(first, b"not json", b"", long, first, half, again)

    replies = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 1
    assert [reply.get("mention_id") for reply in replies] == ["a", None, None, None, None, "\ud800", "b"]
    assert replies[0]["merchant"] == replies[6]["merchant"] != replies[5]["merchant"]
    assert [(reply["line"], reply["error"]["code"]) for reply in replies[1:5]] == [
        (2, "bad_json"),
        (3, "bad_json"),
        (4, "too_long"),
        (5, "repeated_mention"),
    ]


def test_the_exit_is_zero_when_every_line_was_answered() -> None:
    run = run_command(json.dumps(GOOD).encode())

    assert (run.returncode, run.stderr) == (0, b"")
