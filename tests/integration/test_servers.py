"""The embedded servers: data survive, and nobody but the user who runs `./run` gets in."""

import contextlib
import os
import pwd
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from microguard.runner.console import Failure
from microguard.runner.environment import ROOT
from microguard.runner.servers import PostgreSQL, Valkey, socket_folder
from microguard.runner.services import services

START_AND_STAY = """
import sys, time
from pathlib import Path
from microguard.runner.services import services
with services(Path(sys.argv[1])) as urls:
    print("up", flush=True)
    time.sleep(600)
"""
KNOCK_AS_ANOTHER_USER = """
import os, socket, sys, psycopg2
uid, postgresql, valkey = int(sys.argv[1]), sys.argv[2], sys.argv[3]
os.setgroups([]); os.setgid(uid); os.setuid(uid)
try:
    psycopg2.connect(postgresql)
    print("postgresql: admitted")
except psycopg2.OperationalError as error:
    print("postgresql:", error)
try:
    caller = socket.socket(socket.AF_UNIX)
    caller.connect(valkey)
    print("valkey: admitted")
except OSError as error:
    print("valkey:", error)
"""


@pytest.fixture(autouse=True)
def no_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("servers")
    path.chmod(0o700)
    return path


@contextlib.contextmanager
def cursor(url: str) -> Iterator["psycopg2.extensions.cursor"]:
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as opened:
            yield opened


def note(urls: dict[str, str], word: str) -> None:
    """Write a word down as the owner of the database."""
    with cursor(urls["DATABASE_OWNER_URL"]) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        owner.execute("INSERT INTO words VALUES (%s)", [word])


def words(urls: dict[str, str]) -> set[str]:
    with cursor(urls["DATABASE_OWNER_URL"]) as owner:
        owner.execute("SELECT word FROM words")
        return {word for (word,) in owner.fetchall()}


def pid_of(folder: Path, name: str) -> int:
    return int((folder / "run" / f"{name}.pid").read_text())


def until(true: object, seconds: float = 15.0) -> None:
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def test_a_row_survives_a_restart(folder: Path) -> None:
    with services(folder) as urls:
        note(urls, "kept")
    with services(folder) as urls:
        assert "kept" in words(urls)


def test_a_killed_server_is_started_again_with_its_data(folder: Path) -> None:
    with services(folder) as urls:
        note(urls, "before the crash")
        killed = {name: pid_of(folder, name) for name in ("postgresql", "valkey")}
        for pid in killed.values():
            os.kill(pid, signal.SIGKILL)
        until(lambda: all(pid_of(folder, name) != pid for name, pid in killed.items()))
        until(lambda: PostgreSQL(folder).answers() and Valkey(folder).answers())
        assert "before the crash" in words(urls)


def test_servers_that_a_killed_runner_left_behind_are_taken_over(folder: Path) -> None:
    runner = subprocess.Popen([sys.executable, "-c", START_AND_STAY, folder], cwd=ROOT, stdout=subprocess.PIPE)
    assert runner.stdout is not None
    assert runner.stdout.readline() == b"up\n"
    left_behind = {pid_of(folder, name) for name in ("postgresql", "valkey")}
    runner.kill()
    runner.communicate()
    with services(folder) as urls:
        note(urls, "after the runner's death")
        now = {pid_of(folder, name) for name in ("postgresql", "valkey")}
        assert not now & left_behind
        assert "after the runner's death" in words(urls)


def test_a_second_runner_is_told_and_a_guest_shares(folder: Path) -> None:
    with services(folder) as urls:
        with pytest.raises(Failure, match="already running"), services(folder):
            pass
        with services(folder, share=True) as shared:
            assert shared == urls
        assert PostgreSQL(folder).answers()


def test_the_application_owns_nothing_and_may_create_nothing(folder: Path) -> None:
    with services(folder) as urls:
        note(urls, "the owner's")
        with cursor(urls["DATABASE_URL"]) as application:
            application.execute(
                "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
                "FROM pg_roles WHERE rolname = current_user"
            )
            assert application.fetchone() == (False,) * 5
            for forbidden in ("CREATE TABLE mine (id int)", "DROP TABLE words", "SET ROLE microguard_owner"):
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    application.execute(forbidden)
        with cursor(urls["DATABASE_OWNER_URL"]) as owner:
            owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            assert owner.fetchone() == (False,)


def test_only_the_user_who_runs_it_is_admitted(folder: Path) -> None:
    with services(folder):
        sockets = socket_folder(folder)
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert sockets.stat().st_uid == os.geteuid()
        for name in (".s.PGSQL.5432", "valkey.sock"):
            assert stat.S_IMODE((sockets / name).stat().st_mode) == 0o700
        data = folder / "postgresql"
        assert (data / "pg_hba.conf").read_text() == "local all all peer map=microguard\n"
        admitted = {line.split()[1] for line in (data / "pg_ident.conf").read_text().splitlines()}
        assert admitted == {f'"{pwd.getpwuid(os.geteuid()).pw_name}"'}
        with cursor(PostgreSQL(folder).url("postgres")) as superuser:
            superuser.execute("SHOW listen_addresses")
            assert superuser.fetchone() == ("",)
            superuser.execute("SHOW fsync")
            assert superuser.fetchone() == ("on",)
        if os.geteuid() == 0:
            assert_others_are_refused(folder, sockets)


def assert_others_are_refused(folder: Path, sockets: Path) -> None:
    """Knock as other users: the folder refuses them and, were it open, peer authentication would too."""
    doors = PostgreSQL(folder).url("postgres"), str(Valkey(folder).socket)
    for user in ("daemon", "nobody"):  # nobody is who the server itself runs as
        answers = knock(user, *doors)
        assert answers.count("Permission denied") == 2, answers
    sockets.chmod(0o755)
    (sockets / ".s.PGSQL.5432").chmod(0o777)
    try:
        for user in ("daemon", "nobody"):
            answers = knock(user, *doors)
            assert "Peer authentication failed" in answers, answers
            assert "valkey: [Errno 13]" in answers, answers
    finally:
        sockets.chmod(0o700)


def knock(user: str, postgresql: str, valkey: str) -> str:
    uid = str(pwd.getpwnam(user).pw_uid)
    command = [sys.executable, "-c", KNOCK_AS_ANOTHER_USER, uid, postgresql, valkey]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_foreign_socket_folder_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        expected = socket_folder(folder)
        assert expected.parent == Path(short)

        expected.rmdir()
        expected.symlink_to(tmp_path)
        with pytest.raises(Failure, match="not a private folder"):
            socket_folder(folder)

        expected.unlink()
        expected.mkdir()
        expected.chmod(0o755)
        with pytest.raises(Failure, match="not a private folder"):
            socket_folder(folder)


def test_a_long_path_leaves_the_sockets_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("a" * 60) / ("b" * 60)
    long.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(long))

    sockets = socket_folder(long)
    try:
        assert len(str(sockets / ".s.PGSQL.5432").encode()) <= 107
    finally:
        sockets.rmdir()


def test_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(Failure, match="chmod 700"), services(tmp_path):
        pass
    socket_folder(tmp_path).rmdir()
