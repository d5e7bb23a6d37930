"""What is killed and when, drawn from a seed, and how an installation that `./run` serves is killed."""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from microguard.demo.drill.load import Load
from microguard.demo.tour.visitor import Unexpected, Visitor
from microguard.runner import bells
from microguard.runner.console import say

ALWAYS = ("web", "worker", "database")  # each at least once, when there are that many kills
KINDS = (*ALWAYS, "beat", "bells")
FIRST, LAST = 0.05, 0.9  # part of the filings that have ended
LONGEST_DELAY = 0.5
BACK_WITHIN = 120.0  # seconds, on a busy machine


@dataclass(frozen=True)
class Kill:
    """What is killed, after how many filings, and how many seconds later: not at the instant of an answer."""

    kind: str
    after: int
    delay: float


def plan(count: int, *, filings: int, seed: int) -> list[Kill]:
    """Draw so many kills; the same seed gives the same ones."""
    draw = random.Random(seed)  # noqa: S311 (a drill that can be repeated, no secret)
    certain = ALWAYS if count >= len(ALWAYS) else ()
    kinds = [*certain, *draw.choices(KINDS, k=count - len(certain))]
    draw.shuffle(kinds)
    instants = sorted(int(draw.uniform(FIRST, LAST) * filings) for _ in kinds)
    return [Kill(kind, after, draw.uniform(0, LONGEST_DELAY)) for kind, after in zip(kinds, instants, strict=True)]


class Installation:
    """The programs of a folder, found by their pid files and started again by the supervisor."""

    def __init__(self, base_url: str, folder: Path) -> None:
        self._visitor = Visitor(base_url, patience=0)
        self._folder = folder
        self._killed: dict[str, int] = {}
        self._embedded = self._pid("database") != 0

    def kill(self, kind: str) -> None:
        """Kill as the kernel does, without a word: a process group, all of PostgreSQL, or the broker's memory.

        :raises Unexpected: when there is no such process
        """
        if kind == "bells":
            bells.silence(self._folder)
        elif kind == "database" and not self._embedded:
            say("the database server is not ours to kill: its sessions with our database are ended instead")
            _end_sessions()
        else:
            pid = self._killed[kind] = self._pid(kind)
            if not pid:  # killpg(0) would kill us and the supervisor
                raise Unexpected(f"{kind} has no process that could be killed")
            # PostgreSQL's processes are groups of their own: its children are listed while it lives.
            children = list(_children(pid)) if kind == "database" else []
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    def wait_until_back(self, kind: str) -> None:
        """Wait until the supervisor has started another process in place of the one that was killed last.

        :raises Unexpected: when it has not within two minutes
        """
        end = time.monotonic() + BACK_WITHIN
        while not self._is_back(kind):
            if time.monotonic() > end:
                raise Unexpected(f"{kind} is not back after {BACK_WITHIN:g} s")
            time.sleep(0.1)

    def _is_back(self, kind: str) -> bool:
        is_process = kind != "bells" and (kind != "database" or self._embedded)
        if is_process and self._pid(kind) in {0, self._killed.get(kind)}:
            return False
        if kind not in {"web", "database"}:
            return True
        with contextlib.suppress(Unexpected):
            return self._visitor.get("/healthz").status == 200
        return False

    def _pid(self, kind: str) -> int:
        name = "postgresql" if kind == "database" else kind
        try:
            return int((self._folder / "run" / f"{name}.pid").read_text())
        except (FileNotFoundError, ValueError):  # not ours, or its file is being written at this moment
            return 0


def carry_out(kills: list[Kill], installation: Installation, load: Load) -> Counter[str]:
    """Kill as planned while the load runs, and return how often what was killed; all is back at the end.

    :raises Unexpected: when something does not come back
    """
    done: Counter[str] = Counter()
    for kill in kills:
        load.wait_until_ended(kill.after)
        installation.wait_until_back(kill.kind)
        time.sleep(kill.delay)
        say(f"killing {kill.kind}")
        installation.kill(kill.kind)
        done[kill.kind] += 1
    for kind in done:
        installation.wait_until_back(kind)
    return done


def _children(pid: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            _state, parent, *_rest = entry.read_text().rpartition(")")[2].split()
            if int(parent) == pid:
                yield int(entry.parent.name)


def _end_sessions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid()"
        )
    connection.close()
