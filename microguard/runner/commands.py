"""The commands of `./run`; a name that is not among them goes to `manage.py`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from microguard.runner import environment
from microguard.runner.console import Failure, say
from microguard.runner.environment import ROOT, folder_of, free_port

MANAGE = ROOT / "manage.py"
# Commands of `manage.py` that read no stored data: they need no server, no secret and start at once.
PURE = {
    *("legal_term", "assess_rights", "settle_bids", "link_sellers", "translations", "makemigrations"),
    *("docs_states", "--version"),
}
STOP_WITHIN = 10.0
CTRL_C = 128 + signal.SIGINT


class Stopped(SystemExit):
    """We were asked to stop by Ctrl-C or a signal."""


def attend(command: list[str | Path], variables: dict[str, str], *, cwd: Path | None = None) -> int:
    """Run a command in the foreground with our terminal, and return its exit code.

    When we are told to stop, so is the command, and it gets time to do so.
    """
    process = subprocess.Popen([str(word) for word in command], env=variables, cwd=cwd)
    try:
        return process.wait()
    except Stopped as stopped:
        # Ctrl-C has reached the command too: it comes from the terminal, to all in the foreground.
        ways = (process.terminate, process.kill)
        for ask in ways if stopped.code != CTRL_C else (lambda: None, *ways):
            ask()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_WITHIN)
                break
        raise


def demo(arguments: list[str]) -> int:
    """Set the demo up and serve it until told to stop."""
    from microguard.runner.programs import stage

    if arguments not in ([], ["--reset"]):
        raise Failure("usage: [PORT=8000] ./run demo [--reset]")
    folder = folder_of("demo")
    try:
        with stage(folder, environment.wanted_port, fresh=bool(arguments)) as up:
            answer = {"ready": True, "url": up.url, "accounts": up.accounts}
            print(json.dumps(answer, ensure_ascii=False), flush=True)
            say(f"Open {up.url} in a browser; Ctrl-C stops everything. Logs are in {folder / 'log'}.")
            threading.Event().wait()
    except Stopped:
        say("stopped; the data are kept")
    return 0


def tour(arguments: list[str]) -> int:
    """Play whole complaints over HTTP, against BASE_URL or against servers of its own."""
    if os.environ.get("BASE_URL"):
        variables = {**environment.serverless(), "BASE_URL": os.environ["BASE_URL"]}
        return attend([sys.executable, MANAGE, "tour", *arguments], variables)
    return on_a_stage_of_its_own("tour", arguments)


def crash_drill(arguments: list[str]) -> int:
    """Kill processes and the database while people file, on servers of its own."""
    return on_a_stage_of_its_own("crash_drill", arguments, town=False)


def screens(arguments: list[str]) -> int:
    """Take a picture of every page."""
    from microguard.runner import browser

    path = browser.find()
    if path is None:
        raise Failure("screens needs Chromium or Chrome; on Debian: apt-get install chromium")
    os.environ["MICROGUARD_BROWSER"] = path
    return on_a_stage_of_its_own("screens", arguments)


def on_a_stage_of_its_own(name: str, arguments: list[str], *, town: bool = True) -> int:
    """Run a `manage.py` command against a fresh installation that is gone afterwards."""
    from microguard.runner.programs import stage
    from microguard.runner.services import discard

    folder = folder_of(name)
    with stage(folder, free_port, fresh=True, own=name, town=town) as up:
        variables = {**up.variables, "BASE_URL": up.url}
        code = attend([sys.executable, MANAGE, name, *arguments], variables)
    if code == 0:
        discard(folder)
    else:
        say(f"it failed; the logs are in {folder / 'log'}")
    return code


def test(arguments: list[str]) -> int:
    """Run the tests with PostgreSQL, Valkey, a mail server and a browser at hand."""
    from microguard.runner import browser
    from microguard.runner.programs import mail_sink, manage
    from microguard.runner.services import services

    path = browser.find()
    folder = folder_of("test")
    pytest: list[str | Path] = [sys.executable, "-m", "pytest"]
    with services(folder, own="test") as urls, mail_sink(folder) as mail:
        variables = {**environment.base(folder, urls=urls), **mail, "MICROGUARD_DEMO": "0"}
        if path:
            variables["MICROGUARD_BROWSER"] = path
        manage(variables, "translations", "build")  # the sentences are tested in both languages
        code = attend([*pytest, *arguments], variables, cwd=ROOT)
        if path is None:
            say_what_was_not_run(pytest, variables)
    return code


def say_what_was_not_run(pytest: list[str | Path], variables: dict[str, str]) -> None:
    """Name the tests that a browser would have been needed for."""
    command = [*pytest, "--collect-only", "-q", "-m", "browser"]
    listing = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True)
    for line in listing.stdout.splitlines():
        if "::" in line:
            say(f"not run: {line} (no Chromium or Chrome was found)")


def drill(arguments: list[str]) -> int:
    """Run the long drills at full size."""
    os.environ["MICROGUARD_DRILL"] = "full"
    return test(["-m", "drill", *arguments])


def bench(arguments: list[str]) -> int:
    """Time the suites on a fresh database that is gone afterwards."""
    from microguard.runner.programs import manage
    from microguard.runner.services import discard, services

    folder = folder_of("bench")
    with services(folder, fresh=True, own="bench") as urls:
        variables = {**environment.base(folder, urls=urls), "MICROGUARD_DEMO": "0"}
        for words in (("prepare",), ("collectstatic", "--noinput"), ("translations", "build")):
            manage(variables, *words)
        code = attend([sys.executable, MANAGE, "bench", *arguments], variables)
    discard(folder)
    return code


def check(arguments: list[str]) -> int:
    """Run every check that needs no server."""
    from microguard.runner import checks

    if arguments:
        raise Failure("usage: ./run check")
    return 0 if checks.run_all() else 1


def show_help(arguments: list[str]) -> int:
    """Print the commands, or what `manage.py` says about one of its own."""
    if arguments:
        return attend([sys.executable, MANAGE, "help", *arguments], environment.serverless())
    for name, command in COMMANDS.items():
        print(f"  ./run {name:<16}{command.purpose}")
    print("  ./run NAME …          manage.py NAME …, with its servers and settings; see ./run help NAME")
    return 0


def manage(name: str, arguments: list[str]) -> int:
    """Run a command of `manage.py` where the caller is, with the servers it needs."""
    command: list[str | Path] = [sys.executable, MANAGE, name, *arguments]
    if name in PURE:
        os.execve(sys.executable, [str(word) for word in command], environment.serverless())  # noqa: S606
    from microguard.runner import programs
    from microguard.runner.services import locked, services

    folder = folder_of("demo")
    with services(folder, share=True) as urls:
        variables = environment.visiting(folder, urls=urls)
        if name != "prepare":
            with locked(folder / "prepare.lock"):
                programs.manage(variables, "prepare")
        return attend(command, variables)


@dataclass(frozen=True)
class Command:
    """What a command does, in one line, and how."""

    purpose: str
    run: Callable[[list[str]], int]


COMMANDS = {
    "demo": Command("set up and serve a demo on PORT (8000) until Ctrl-C; --reset starts afresh", demo),
    "tour": Command("play whole complaints through HTTP as every role (BASE_URL: against that server)", tour),
    "test": Command("run the tests; further words go to pytest", test),
    "check": Command("format, lint, types, import contracts, migrations, translations", check),
    "crash_drill": Command(
        "kill processes and the database while people file; see ./run help crash_drill", crash_drill
    ),
    "screens": Command("take a picture of every page in a browser", screens),
    "drill": Command("run the long drills at full size", drill),
    "bench": Command("time pages and workers beside their floors; figures as JSON lines", bench),
    "help": Command("this list", show_help),
}


def run(words: list[str]) -> int:
    """Run the command that the words name, and return its exit code."""
    name, arguments = (words[0], words[1:]) if words else ("help", [])
    if name in {"-h", "--help"}:
        name = "help"
    if name in COMMANDS:
        return COMMANDS[name].run(arguments)
    return manage(name, arguments)
