"""The processes of an installation, and one installation set up from nothing and served."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microguard.runner import environment
from microguard.runner.console import Failure, last_lines, say
from microguard.runner.environment import HOST, ROOT
from microguard.runner.servers import GIVE_UP_AFTER_DEATHS
from microguard.runner.services import services
from microguard.runner.supervisor import Program, Supervisor

PYTHON = sys.executable
MANAGE = str(ROOT / "manage.py")
HEALTHY_WITHIN = 60.0


def web(listen: str) -> tuple[str, ...]:
    """Return the web server's command: two processes of four threads."""
    return (
        *("gunicorn", "microguard.wsgi", "--bind", listen, "--worker-class", "gthread"),
        *("--workers", "2", "--threads", "4", "--no-control-socket", "--access-logfile", "-"),
        # What is asked for, without the query and without the page one came from: both may hold answers.
        *("--access-logformat", "%(t)s,%(h)s,%(m)s,%(U)s,%(s)s,%(b)s"),
    )


WORKER = ("celery", "-A", "microguard", "worker", "--concurrency", "2", "--loglevel", "INFO")
BEAT = ("celery", "-A", "microguard", "beat", "--loglevel", "INFO", "--schedule")


def processes(folder: Path, variables: dict[str, str], port: int) -> tuple[Program, ...]:
    """Return the programs that serve an installation: web, worker, beat and the mail sink."""
    # Long-running processes never see the owner's login: they could change tables with it.
    own = {name: value for name, value in variables.items() if name != "DATABASE_OWNER_URL"}
    commands = {
        "mail": ("microguard.runner.mail",),
        "web": web(f"{HOST}:{port}"),
        "worker": WORKER,
        "beat": (*BEAT, str(folder / "run" / "beat.db")),
    }
    return tuple(Program(name, (PYTHON, "-m", *command), own) for name, command in commands.items())


def manage(variables: dict[str, str], *arguments: str) -> str:
    """Run a `manage.py` command to its end and return its stdout.

    :raises Failure: with its last lines, when it fails
    """
    done = subprocess.run(
        [PYTHON, MANAGE, *arguments],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Failure(f"`manage.py {' '.join(arguments)}` failed:\n{last_lines(done.stdout + done.stderr, 30)}")
    return done.stdout


def is_healthy(port: int) -> bool:
    """Return whether the web process answers that all is well."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


def wait_until_healthy(port: int, supervisor: Supervisor) -> None:
    """Wait for /healthz.

    :raises Failure: with the end of the web process's log, when it does not come
    """
    end = time.monotonic() + HEALTHY_WITHIN
    while not is_healthy(port):
        if time.monotonic() > end or supervisor.deaths("web") >= GIVE_UP_AFTER_DEATHS:
            raise Failure(f"the web server does not answer:\n{supervisor.tail('web')}")
        time.sleep(0.25)


@dataclass(frozen=True)
class Stage:
    """A demo installation that is up: its address, its accounts and the environment it runs in."""

    url: str
    accounts: list[dict[str, Any]]
    variables: dict[str, str]


@contextlib.contextmanager
def stage(
    folder: Path,
    find_port: Callable[[], int],
    *,
    fresh: bool = False,
    own: str | None = None,
    town: bool = True,
) -> Iterator[Stage]:
    """Set a demo installation up in a folder, serve it, and stop it at the end; its data stay.

    Without `town` it has people and no case.

    :raises Failure: when a step fails
    """
    say("1/7 starting PostgreSQL and Valkey …")
    with services(folder, fresh=fresh, own=own) as urls:
        port = find_port()
        variables = environment.demo(folder, urls=urls, port=port)
        say("2/7 preparing the database …")
        reset = fresh and own is None and "DATABASE_URL" in os.environ
        manage(variables, "prepare", *(["--reset"] if reset else []))
        say("3/7 collecting static files …")
        manage(variables, "collectstatic", "--noinput")
        say("4/7 building the translations …")
        manage(variables, "translations", "build")
        say("5/7 settling the demo's people and cases …")
        accounts = json.loads(manage(variables, "seed_demo", *([] if town else ["--without-town"])))
        say("6/7 starting web, worker, beat and mail …")
        with Supervisor(folder, cwd=ROOT, aloud=True) as supervisor:
            for program in processes(folder, variables, port):
                supervisor.start(program)
            say(f"7/7 waiting for {variables['MICROGUARD_BASE_URL']} …")
            wait_until_healthy(port, supervisor)
            yield Stage(variables["MICROGUARD_BASE_URL"], accounts, variables)
            say("stopping …")


@contextlib.contextmanager
def mail_sink(folder: Path) -> Iterator[dict[str, str]]:
    """Run a mail server that keeps every message, and yield the variables that point to it."""
    variables = {
        "EMAIL_HOST": HOST,
        "EMAIL_PORT": str(environment.free_port()),
        "MICROGUARD_MAIL_DIR": str(folder / "mail"),
    }
    command = (PYTHON, "-m", "microguard.runner.mail")
    with Supervisor(folder, cwd=ROOT) as supervisor:
        supervisor.start(Program("mail", command, {**environment.kept(), **variables}))
        yield variables
