"""The environment of every child: what it needs of ours, the folder's secrets, and nothing else."""

import base64
import contextlib
import hashlib
import json
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

from microguard.runner.console import Failure

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
KEPT = {
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "LANGUAGE", "TZ"),
    *("TERM", "NO_COLOR", "COLUMNS", "LINES", "EDITOR", "PAGER", "CI"),
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DEFAULT_FROM_EMAIL"),
    *("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONWARNINGS", "SSL_CERT_FILE", "SSL_CERT_DIR"),
}
KEPT_PREFIXES = ("LC_", "XDG_", "EMAIL_", "MICROGUARD_", "PYTEST_", "AWS_")
SECRET_NAMES = ("MICROGUARD_SECRET_KEY", "MICROGUARD_FIELD_KEYS", "MICROGUARD_INDEX_KEY")
APPLICATION_PASSWORD = "APPLICATION_PASSWORD"  # noqa: S105 (its name, not its value)
DEMO_NOTE = "demo.json"
# All that the runner and the application ever put into a folder; nothing else is ever removed.
CONTENTS = ("postgresql", "valkey", "evidence", "static", "mail", "log", "run", "secrets.json", DEMO_NOTE)


def folder_of(purpose: str) -> Path:
    """Return where a purpose (demo, test, tour …) keeps its data.

    MICROGUARD_VAR names the folder of the demo and of `manage.py` commands; the others live below it.
    """
    given = os.environ.get("MICROGUARD_VAR")
    if not given:
        return ROOT / "var" / purpose
    folder = Path(given).resolve()
    return folder if purpose == "demo" else folder / purpose


def kept() -> dict[str, str]:
    """Return the part of our own environment that children may see."""
    ours = os.environ.items()
    return {name: value for name, value in ours if name in KEPT or name.startswith(KEPT_PREFIXES)}


def _random_bytes() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def folder_secrets(folder: Path) -> dict[str, str]:
    """Return the folder's secrets, made when it has none; variables that are given come first."""
    path = folder / "secrets.json"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = {
            "MICROGUARD_SECRET_KEY": secrets.token_urlsafe(48),
            "MICROGUARD_FIELD_KEYS": f"k1:{_random_bytes()}",
            "MICROGUARD_INDEX_KEY": _random_bytes(),
            APPLICATION_PASSWORD: secrets.token_urlsafe(24),
        }
        draft = folder / f"secrets.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        # A link fails when another ./run was faster: both then read the same secrets.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    stored: dict[str, str] = json.loads(path.read_text())
    return {name: os.environ.get(name) or value for name, value in stored.items()}


def bell_prefix(folder: Path) -> str:
    """Return what Celery's queues are called on a Redis that other installations may use too."""
    key = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return os.environ.get("MICROGUARD_BELL_PREFIX") or f"mg-{key}"


def base(folder: Path, *, urls: dict[str, str]) -> dict[str, str]:
    """Return the environment of the commands and programs that work on a folder."""
    stored = folder_secrets(folder)
    return {
        "MICROGUARD_BASE_URL": f"http://{HOST}:8000",
        **kept(),
        "MICROGUARD_BELL_PREFIX": bell_prefix(folder),
        **{name: stored[name] for name in SECRET_NAMES},
        **urls,
        "DJANGO_SETTINGS_MODULE": "microguard.settings",
        "MICROGUARD_VAR": str(folder),
    }


def serverless() -> dict[str, str]:
    """Return the environment of commands that need neither a server nor a secret."""
    return {**kept(), "DJANGO_SETTINGS_MODULE": "microguard.settings", "MICROGUARD_SERVERLESS": "1"}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wanted_port() -> int:
    """Return the port that PORT names, 8000 without it.

    :raises Failure: when it is no port or another program listens on it
    """
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Failure(f"PORT is {text!r}; it has to be a number from 1 to 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Failure(f"port {port} needs root; choose another: PORT=8001 ./run demo") from None
        except OSError:
            raise Failure(
                f"port {port} is taken by another program: stop it, or choose another: PORT={port + 1} ./run demo"
            ) from None
    return port


def database_mark(urls: Mapping[str, str]) -> str:
    """Return what tells one database from another without giving its login away."""
    return hashlib.sha256(urls.get("DATABASE_OWNER_URL", urls["DATABASE_URL"]).encode()).hexdigest()


def demo(folder: Path, *, urls: dict[str, str], port: int) -> dict[str, str]:
    """Return the environment of a demo in a folder, and note it there for commands that come to visit."""
    noted = {
        "MICROGUARD_DEMO": "1",
        "MICROGUARD_MAIL_DIR": str(folder / "mail"),
        "EMAIL_HOST": HOST,
        "EMAIL_PORT": str(free_port()),
        "MICROGUARD_BASE_URL": f"http://{HOST}:{port}",
    }
    (folder / DEMO_NOTE).write_text(json.dumps({"database": database_mark(urls), "variables": noted}))
    return {**base(folder, urls=urls), **noted}


def visiting(folder: Path, *, urls: dict[str, str]) -> dict[str, str]:
    """Return the environment of a command on a folder; it sees the demo only where the demo lives.

    The built-in database of the folder is the demo's by nature, a given one if a demo has been set up in it.
    """
    variables = base(folder, urls=urls)
    with contextlib.suppress(FileNotFoundError):
        note = json.loads((folder / DEMO_NOTE).read_text())
        if note["database"] == database_mark(urls):
            return {**variables, **note["variables"]}
    if not os.environ.get("DATABASE_URL"):
        variables["MICROGUARD_DEMO"] = "1"
        variables["MICROGUARD_MAIL_DIR"] = str(folder / "mail")
    return variables
