"""Keeps programs running: each in a process group of its own, started again when it dies.

The pid of each program stands in `run/NAME.pid` and its output in `log/NAME.log` of the folder.
"""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from microguard.runner.console import last_lines, say

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
STEADY_AFTER = 30.0
STOP_WITHIN = 20.0
GLANCE = 0.1
ERROR = re.compile(r"\b(ERROR|CRITICAL)\b")
# Marks supervised programs in their environment, so that those of a killed `./run` can be recognised.
MARK = "MICROGUARD_PROGRAM"


@dataclass(frozen=True)
class Program:
    """What to run, under which name, and the signal that asks it to end."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM


class Child:
    """One program's running process and the pause before its next start."""

    def __init__(self, program: Program, folder: Path, cwd: Path) -> None:
        """Start the program with its log and its pid file in the folder."""
        self.program = program
        self.log = folder / "log" / f"{program.name}.log"
        self.pid_file = folder / "run" / f"{program.name}.pid"
        self.cwd = cwd
        self.deaths = 0
        self.pause = FIRST_PAUSE
        self.shown = self.log.stat().st_size if self.log.exists() else 0
        self.start()

    def start(self) -> None:
        """Start the process and note its pid."""
        environment = {**self.program.environment, MARK: self.program.name}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.program.argv,
                cwd=self.cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C in the terminal is for the supervisor, which stops its programs in order.
                start_new_session=True,
            )
        self.started = time.monotonic()
        self.due: float | None = None
        self.pid_file.write_text(f"{self.process.pid}\n")

    def show_errors(self) -> None:
        """Show the errors that were logged since the last look."""
        with self.log.open("rb") as log:
            log.seek(self.shown)
            lines = log.read()
        complete = lines.rfind(b"\n") + 1
        self.shown += complete
        for line in lines[:complete].decode(errors="replace").splitlines():
            if ERROR.search(line):
                say(f"{self.program.name}: {line}")

    def kill_group(self) -> None:
        """Kill what is left of the process group: gunicorn's orphaned workers would keep the port."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def glance(self) -> None:
        """Start the process again once it is dead and its pause is over."""
        now = time.monotonic()
        if self.due is not None:
            if now >= self.due:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        self.kill_group()
        if now - self.started >= STEADY_AFTER:
            self.pause = FIRST_PAUSE
        self.deaths += 1
        reason = signal.Signals(-status).name if status < 0 else f"exit code {status}"
        say(f"{self.program.name} ended ({reason}); starting it again in {self.pause:g} s, see {self.log}")
        self.due = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


class Supervisor:
    """A set of programs that live and end together; use it as a context manager.

    With `aloud`, errors in the programs' logs are also shown at the terminal.
    """

    def __init__(self, folder: Path, *, cwd: Path, aloud: bool = False) -> None:
        """Prepare to run programs in `cwd`, with their logs and pid files in the folder."""
        self.folder = folder
        self.cwd = cwd
        self.aloud = aloud
        self._children: dict[str, Child] = {}
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._keep_watch, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        for name in ("log", "run"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, program: Program) -> None:
        """Start a program and keep it running until the supervisor stops."""
        self._children[program.name] = Child(program, self.folder, self.cwd)

    def deaths(self, name: str) -> int:
        """Return how often the program has ended by itself."""
        return self._children[name].deaths

    def pid(self, name: str) -> int:
        """Return the pid of the program's present or latest process."""
        return self._children[name].process.pid

    def tail(self, name: str) -> str:
        """Return the end of the program's log."""
        return last_lines(self._children[name].log.read_text(errors="replace"))

    def stop(self) -> None:
        """Ask every program to end, kill those that do not, and remove their pid files."""
        self._ending.set()
        self._watch.join()
        children = list(self._children.values())
        for child in children:
            if child.process.poll() is None:
                child.process.send_signal(child.program.stop_signal)
        deadline = time.monotonic() + STOP_WITHIN
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            child.kill_group()
            child.process.wait()
            child.pid_file.unlink(missing_ok=True)

    def _keep_watch(self) -> None:
        while not self._ending.wait(GLANCE):
            for child in list(self._children.values()):
                child.glance()
                if self.aloud:
                    child.show_errors()


def orphans(folder: Path) -> Iterable[int]:
    """Return the processes that a supervisor of this folder left behind when it was killed."""
    place = f"MICROGUARD_VAR={folder}".encode()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            variables = entry.read_bytes().split(b"\0")
            if place in variables and any(variable.startswith(MARK.encode()) for variable in variables):
                yield int(entry.parent.name)


def end_orphans(folder: Path) -> None:
    """Kill what a killed supervisor left behind; only for the one who holds the folder's lock."""
    found = list(orphans(folder))
    if found:
        say(f"ending {len(found)} processes that an earlier ./run left behind …")
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
