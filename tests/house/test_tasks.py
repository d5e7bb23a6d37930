"""Redis is a doorbell: tasks carry nothing, and nothing that must not be lost is left to the broker."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from microguard.celery import app

FOLDERS = ("microguard", "merchants", "complaints", "disputes")
CODE = sorted(path for folder in FOLDERS for path in (settings.BASE_DIR / folder).rglob("*.py"))
BELL = settings.BASE_DIR / "microguard" / "events" / "bell.py"
FORBIDDEN = {
    "a message for later is lost or repeated": re.compile(r"\b(eta|countdown)\s*="),
    "the broker is no place for a legal date": re.compile(r"\bcrontab\b"),
    "retries are rows": re.compile(r"\bself\.retry\b|\bautoretry_for\b"),
    "a task that never leaves the process proves nothing": re.compile(r"ALWAYS_EAGER|always_eager"),
    "what is to do stands in PostgreSQL": re.compile(
        r"\.delay\(|\.apply_async\(|from celery import.*\b(chord|chain|group)\b"
    ),
    "nobody waits for a result": re.compile(r"\bAsyncResult\b|result_backend\s*=\s*[\"']"),
}


def tasks() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("task" in ast.unparse(d) for d in node.decorator_list):
                yield path, node


TASKS = list(tasks())


def task_name(function: ast.FunctionDef) -> str:
    (decorator,) = function.decorator_list
    assert isinstance(decorator, ast.Call)
    return str(next(ast.literal_eval(word.value) for word in decorator.keywords if word.arg == "name"))


@pytest.mark.parametrize("reason", FORBIDDEN)
def test_nothing_is_left_to_the_broker(reason: str) -> None:
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {match.group()}"
        for path in CODE
        for match in FORBIDDEN[reason].finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_the_tasks_are_found() -> None:
    assert {task_name(function) for _path, function in TASKS} == {
        "deadlines.recompute",
        "deadlines.sweep",
        "events.relay",
        "notifications.dispatch",
    }


@pytest.mark.parametrize("function", [function for _path, function in TASKS], ids=lambda function: function.name)
def test_a_task_takes_nothing_and_shrugs_at_whatever_an_older_sender_gives_it(function: ast.FunctionDef) -> None:
    arguments = function.args

    assert [arguments.posonlyargs, arguments.args, arguments.kwonlyargs, arguments.vararg] == [[], [], [], None]
    assert arguments.kwarg is not None
    assert arguments.kwarg.arg == "_"


def test_only_the_bell_sends_tasks() -> None:
    senders = [path for path in CODE if "send_task(" in path.read_text(encoding="utf-8")]

    assert senders == [BELL]


def test_every_task_is_rung_by_the_beat_at_a_plain_interval_and_expires() -> None:
    app.loader.import_default_modules()
    beats = app.conf.beat_schedule.values()

    assert {beat["task"] for beat in beats} == {task_name(function) for _path, function in TASKS}
    assert {beat["task"] for beat in beats} <= app.tasks.keys()
    assert [
        beat for beat in beats if type(beat["schedule"]) is not float or "args" in beat or "kwargs" in beat
    ] == []
    assert all(beat["schedule"] < beat["options"]["expires"] <= 60 for beat in beats)


def test_a_slice_of_work_ends_well_before_its_task_is_killed() -> None:
    from microguard.deadlines import tasks as deadlines
    from microguard.events import tasks as events
    from microguard.notifications import tasks as notifications

    slowest_send = settings.EMAIL_TIMEOUT
    assert notifications.SLICE + slowest_send < settings.CELERY_TASK_SOFT_TIME_LIMIT
    assert max(deadlines.SLICE, events.SLICE) < settings.CELERY_TASK_SOFT_TIME_LIMIT
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] >= settings.CELERY_TASK_TIME_LIMIT * 5
