"""The command that computes terms for JSON lines: its answers, its errors, its exit."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from microguard.core.errors import Refusal
from microguard.deadlines.management.commands.legal_term import answer

ROOT = Path(__file__).resolve().parents[3]
ACCEPTANCE = {"rule": "complaint.acceptance", "trigger": "2026-09-30"}


def ask(**fields: Any) -> dict[str, Any]:
    return answer(json.dumps(ACCEPTANCE | fields).encode())


def code_of(line: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        answer(line)
    return refusal.value.code


def test_a_statutory_clock_is_answered_with_its_article() -> None:
    assert ask() == {
        "due_strict": "2026-10-15",
        "due_rolled": "2026-10-15",
        "status": "official",
        "article": "SAMR-121-15",
        "rule_version": "complaint.acceptance@2026-04-15/market_regulator",
    }


def test_a_policy_clock_has_no_article() -> None:
    reply = ask(operator="consumer_association")

    assert reply["article"] is None
    assert reply["rule_version"] == "complaint.acceptance@2020-01-01/consumer_association"


def test_a_date_in_a_year_without_a_notice_is_provisional() -> None:
    reply = ask(rule="mediation.term", trigger="2026-11-23")

    assert (reply["due_strict"], reply["status"]) == ("2027-01-22", "provisional")


def test_suspended_days_push_the_end() -> None:
    appraisal = {"from": "2026-06-01", "to": "2026-06-21"}

    reply = ask(rule="mediation.term", trigger="2026-05-06", suspended=[appraisal])

    assert (reply["due_strict"], reply["due_rolled"]) == ("2026-07-25", "2026-07-27")


@pytest.mark.parametrize(
    ("trigger", "due"),
    [
        ("2026-06-05T17:45:00+08:00", "2026-06-07"),
        ("2026-06-05T17:45", "2026-06-07"),
        ("2026-06-05T17:45:00Z", "2026-06-08"),
        ("2026-06-05", "2026-06-07"),
    ],
    ids=["with offset", "China's time without one", "Greenwich", "a day only"],
)
def test_hours_are_answered_with_the_day_of_their_last_instant(trigger: str, due: str) -> None:
    reply = ask(rule="settlement.cooling_off", trigger=trigger)

    assert (reply["due_strict"], reply["due_rolled"]) == (due, due)


def test_the_version_goes_by_the_day_in_china() -> None:
    reply = ask(trigger="2026-04-14T16:30:00Z")

    assert reply["article"] == "SAMR-121-15"


def test_null_stands_for_a_field_that_is_left_out() -> None:
    assert ask(operator=None, suspended=None) == ask()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"rule": "complaint.acceptence"}, "unknown_rule"),
        ({"rule": "judicial_confirmation"}, "no_rule_in_force"),
        ({"rule": 15}, "bad_field"),
        ({"rule": None}, "missing_field"),
        ({"operator": "regulator"}, "unknown_operator"),
        ({"operator": ["market_regulator"]}, "bad_field"),
        ({"trigger": "2026-02-30"}, "bad_date"),
        ({"trigger": "30.09.2026"}, "bad_date"),
        ({"trigger": 20260930}, "bad_field"),
        ({"trigger": "9999-12-31"}, "outside_calendar"),
        ({"trigger": "0001-01-01T00:00:00+14:00"}, "bad_date"),
        ({"suspend": []}, "unknown_field"),
        ({"suspended": "2026-10-09"}, "bad_field"),
        ({"suspended": [{"from": "2026-10-09"}]}, "bad_suspension"),
        ({"suspended": [{"from": "2026-10-09", "to": "2026-10-09"}]}, "bad_suspension"),
        ({"suspended": [{"from": "2026-10-12", "to": "2026-10-09"}]}, "bad_suspension"),
        (
            {
                "suspended": [
                    {"from": "2026-10-08", "to": "2026-10-10"},
                    {"from": "2026-10-09", "to": "2026-10-12"},
                ]
            },
            "bad_suspension",
        ),
        ({"suspended": [{"from": "2026-10-09T00:00", "to": "2026-10-10"}]}, "bad_date"),
        ({"suspended": [{"from": "2026-10-09", "to": "9999-12-31"}]}, "outside_calendar"),
    ],
)
def test_a_bad_field_is_refused_with_its_code(fields: dict[str, Any], code: str) -> None:
    assert code_of(json.dumps(ACCEPTANCE | fields).encode()) == code


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"7", b"\xff\xfe\xfa", b"[" * 100_000])
def test_a_line_that_is_no_object_is_refused(line: bytes) -> None:
    assert code_of(line) == "bad_json"


def run_command(*lines: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run the command as its users do, with neither server nor secret in its environment."""
    return subprocess.run(
        [sys.executable, "manage.py", "legal_term"],
        input=b"\n".join(lines),
        capture_output=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "MICROGUARD_SERVERLESS": "1"},
        timeout=30,
        check=False,
    )


def test_every_line_gets_one_answer_in_order_and_a_bad_one_stops_nothing() -> None:
    good = json.dumps(ACCEPTANCE).encode()
    bad = b'{"rule": "\\ud800", "trigger": "2026-09-30"}'

    run = run_command(good, bad, b"", good)

    replies = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 1
    assert [reply.get("due_strict") for reply in replies] == ["2026-10-15", None, None, "2026-10-15"]
    assert [(reply["line"], reply["error"]["code"]) for reply in replies[1:3]] == [
        (2, "unknown_rule"),
        (3, "bad_json"),
    ]
    assert all(reply["error"]["message"] for reply in replies[1:3])


def test_the_exit_is_zero_when_every_line_was_answered() -> None:
    run = run_command(json.dumps(ACCEPTANCE).encode())

    assert (run.returncode, run.stderr) == (0, b"")
