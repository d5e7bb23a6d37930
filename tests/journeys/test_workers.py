"""A real worker and a real beat: what is due arrives, whatever is killed or forgotten on the way."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection

from complaints.models import Complaint
from complaints.states import State
from microguard.core import clock
from microguard.deadlines.models import Deadline
from microguard.events.models import Delivery, Event
from microguard.notifications.models import Dispatch, DispatchState
from microguard.runner.programs import BEAT, WORKER
from tests.cases import a_filed_complaint
from tests.database import execute
from tests.mail import HOST, Sink, mail_server, phone_address
from tests.people import ZHANG_PHONE, Office, hire_office

PATIENCE = 40.0
PREFIX = f"mg-journey-{os.getpid()}"


def wait_for(holds: Callable[[], Any], what: str, patience: float = PATIENCE) -> None:
    """Wait until it holds, or fail with what was waited for."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


class Workshop:
    """Worker and beat as `./run demo` starts them, each in a process group of its own."""

    def __init__(self, variables: dict[str, str], folder: Path) -> None:
        self.variables, self.folder = variables, folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        schedule = (str(self.folder / "beat.db"),)
        command = WORKER if name == "worker" else (*BEAT, *schedule)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=settings.BASE_DIR,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """End the program and its children as the kernel does: without a word."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def database_url() -> str:
    """The URL of the application's role for the test database of this pytest process."""
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def forget_bells() -> int:
    """Remove every key of ours from Redis, as a restart without persistence would; return how many there were."""
    client = redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://"))
    keys = list(client.scan_iter(f"{PREFIX}:*"))
    if keys:
        client.delete(*keys)
    client.close()
    return len(keys)


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def workshop(django_db_setup: None, sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """One worker and one beat for all journeys of this file, on the test database."""
    variables = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "MICROGUARD_BELL_PREFIX": PREFIX,
        "MICROGUARD_OPERATOR": "consumer_association",
        "MICROGUARD_DEMO": "0",
        "EMAIL_HOST": HOST,
        "EMAIL_PORT": str(sink.port),
    }
    variables.pop("DATABASE_OWNER_URL", None)
    shop = Workshop(variables, tmp_path_factory.mktemp("workshop"))
    for name in ("worker", "beat"):
        shop.start(name)
    yield shop
    for name in list(shop.running):
        shop.kill(name)
    forget_bells()


@pytest.fixture
def town(committed: None, workshop: Workshop, sink: Sink, settings: Any) -> Iterator[Office]:
    """People in an empty database that the workers serve; at the end nothing is on its way any more."""
    settings.OPERATOR = "consumer_association"
    sink.letters.clear()
    yield hire_office()
    sink.pause = 0.0
    wait_for(
        lambda: all_sent() and not Delivery.objects.filter(done_at=None).exists(), "nothing is on its way", 10
    )


def messages(count: int) -> list[str]:
    """Messages for Li that are due now; returns their texts."""
    at = clock.now()
    texts = [f"text of message {number}" for number in range(count)]
    Dispatch.objects.bulk_create(
        Dispatch(
            effect_key=f"journey#{number}",
            notice="journey",
            channel="EMAIL",
            circuit="mail",
            address="li@office.cn",
            subject="journey",
            body=text,
            created_at=at,
            due_at=at,
        )
        for number, text in enumerate(texts)
    )
    return texts


def ids_by_text(sink: Sink) -> dict[str, set[str]]:
    """The Message-IDs under which each text came."""
    ids: dict[str, set[str]] = defaultdict(set)
    for letter in list(sink.letters):
        ids[letter.text.strip()].add(letter.message_id)
    return dict(ids)


def all_sent() -> bool:
    return not Dispatch.objects.exclude(state=DispatchState.SENT).exists()


def end_leases() -> None:
    """Spare the test the minute for which a dead worker's message stays lent out."""
    execute("UPDATE notifications_dispatch SET lent_until = NULL WHERE state = 'DUE'")


def test_a_complaint_that_nobody_decides_is_confirmed_to_the_buyer_and_lapses_with_its_alarm(
    town: Office, sink: Sink
) -> None:
    complaint = a_filed_complaint(at=clock.now())
    execute(
        "UPDATE deadlines_deadline SET due_at = clock_timestamp() - interval '1 second'"
        " WHERE rule = 'complaint.acceptance'"
    )

    wait_for(lambda: sink.to(phone_address(ZHANG_PHONE)), "the receipt")
    (receipt, *_later) = sink.to(phone_address(ZHANG_PHONE))
    assert f"{settings.BASE_URL}/c/{complaint.number}/" in receipt.text
    wait_for(lambda: sink.to(town.zhao_supervisor.email), "the alarm of the supervisor")

    assert Event.objects.filter(chain=complaint.chain, name="complaint.acceptance.lapsed").count() == 1
    assert Deadline.objects.get(rule="complaint.acceptance").lapsed_at is not None
    assert Complaint.by_pk(complaint.pk).state == State.FILED
    wait_for(all_sent, "every message is noted as sent")
    assert len({letter.message_id for letter in sink.letters}) == len(sink.letters)


def test_killing_the_worker_in_the_middle_of_thirty_messages_loses_none(
    town: Office, workshop: Workshop, sink: Sink
) -> None:
    sink.pause = 0.1
    texts = messages(30)
    wait_for(lambda: len(sink.letters) >= 5, "the first five messages")

    workshop.kill("worker")
    assert not all_sent()
    end_leases()
    sink.pause = 0.0
    workshop.start("worker")
    wait_for(all_sent, "the rest of the messages")

    ids = ids_by_text(sink)
    assert set(ids) == set(texts)
    assert {text: len(seen) for text, seen in ids.items() if len(seen) != 1} == {}
    assert len({seen.pop() for seen in ids.values()}) == 30
    # Beside the two that were on the wire when the worker died, nothing came twice.
    assert len(sink.letters) <= 32


def test_a_broker_that_forgets_everything_loses_nothing(town: Office, sink: Sink) -> None:
    sink.pause = 0.05
    forgotten = 0
    complaint = a_filed_complaint(at=clock.now())
    texts = messages(20)
    end = time.monotonic() + PATIENCE
    while not set(texts) <= set(ids_by_text(sink)):
        assert time.monotonic() < end, "waited in vain for the messages"
        forgotten += forget_bells()
        time.sleep(0.3)
    wait_for(lambda: sink.to(phone_address(ZHANG_PHONE)), "the receipt")
    wait_for(all_sent, "every message is noted as sent")

    assert forgotten > 0
    assert len(sink.letters) == len({letter.message_id for letter in sink.letters})
    assert complaint.number in sink.to(phone_address(ZHANG_PHONE))[0].text


def test_a_database_that_drops_its_sessions_holds_nobody_up(town: Office, sink: Sink) -> None:
    for _ in range(4):  # each of the two processes of the worker has a session by now
        messages(1)
        wait_for(all_sent, "a message")
        execute("DELETE FROM notifications_attempt; DELETE FROM notifications_dispatch")
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = current_user AND pid <> pg_backend_pid()"
    )

    texts = messages(20)
    wait_for(lambda: set(texts) <= set(ids_by_text(sink)), "the messages", 15)

    assert [len(ids_by_text(sink)[text]) for text in texts] == [1] * 20
