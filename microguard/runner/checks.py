"""`./run check`: format, lint, types, import contracts, migrations, translations, deployment settings."""

import base64
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from microguard.runner import environment
from microguard.runner.environment import ROOT
from microguard.runner.programs import MANAGE, PYTHON

AT_A_TIME = 2


@dataclass(frozen=True)
class Check:
    """A tool's name and how it is called."""

    name: str
    command: tuple[str, ...]
    variables: Mapping[str, str]


def production() -> dict[str, str]:
    """Return settings like those of a real installation, for Django's own deployment check."""
    key = base64.b64encode(bytes(range(32))).decode()
    return {
        **environment.kept(),
        "DJANGO_SETTINGS_MODULE": "microguard.settings",
        "DATABASE_URL": "postgres://application@127.0.0.1/microguard",
        "REDIS_URL": "redis://127.0.0.1/0",
        "MICROGUARD_SECRET_KEY": base64.b64encode(bytes(range(64))).decode(),
        "MICROGUARD_FIELD_KEYS": f"k1:{key}",
        "MICROGUARD_INDEX_KEY": key,
        "MICROGUARD_VAR": str(ROOT / "var" / "check"),
        "MICROGUARD_BASE_URL": "https://microguard.example",
        "MICROGUARD_DEMO": "0",
    }


def checks() -> tuple[Check, ...]:
    """Return every check, the slowest first."""
    plain = environment.serverless()
    tools = {
        "types": ("mypy",),
        "templates": ("djlint", "--lint", "--quiet", "templates"),
        "lint": ("ruff", "check"),
        "format": ("ruff", "format", "--check"),
    }
    commands = {
        "migrations": ("makemigrations", "--check", "--dry-run"),
        "translations": ("translations", "check"),
    }
    contracts = (PYTHON, "-c", "import sys; from importlinter.cli import lint_imports_command as run; run()")
    return (
        *(Check(name, (PYTHON, "-m", *command), plain) for name, command in tools.items()),
        Check("imports", contracts, plain),
        *(Check(name, (PYTHON, MANAGE, *command), plain) for name, command in commands.items()),
        Check("deployment", (PYTHON, MANAGE, "check", "--deploy", "--fail-level", "WARNING"), production()),
    )


def run(check: Check) -> bool:
    """Run one check and print its name and how it went, with its output when it failed."""
    started = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, env=check.variables, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    seconds = time.monotonic() - started
    line = f"{check.name:<20}{'FAILED' if done.returncode else 'ok':<8}{seconds:5.1f} s"
    output = "" if done.returncode == 0 else f"\n{done.stdout}{done.stderr}".rstrip()
    sys.stdout.write(f"{line}{output}\n")
    sys.stdout.flush()
    return done.returncode == 0


def run_all() -> bool:
    """Run every check, two at a time, and return whether all held."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return all(list(pool.map(run, checks())))
