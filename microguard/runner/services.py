"""Who may use a folder's servers, and the servers themselves for as long as somebody does."""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from microguard.runner import bells
from microguard.runner.console import Failure, say
from microguard.runner.databases import given_urls, own_database
from microguard.runner.environment import CONTENTS
from microguard.runner.servers import PostgreSQL, Server, Valkey, socket_folder
from microguard.runner.supervisor import Supervisor, end_orphans

LOOK_AGAIN = 0.2


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold a lock on the file; yield False when it would have had to wait and was told not to."""
    for folder in (*reversed(path.parent.parents), path.parent):
        if not folder.exists():  # parents=True would leave the upper ones open to all
            folder.mkdir(mode=0o700, exist_ok=True)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with path.open("a") as file:
        try:
            fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def erase(folder: Path) -> None:
    """Remove what MicroGuard put into a folder whose lock is held, and nothing else."""
    for name in CONTENTS:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def require_private(folder: Path) -> None:
    """Refuse a folder that others may enter: run by root, PostgreSQL's files belong to nobody.

    :raises Failure: when it is open to others
    """
    found = folder.stat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise Failure(f"{folder} has to be closed to others: chmod 700 {folder}, or choose another.")


@contextlib.contextmanager
def running(folder: Path, servers: list[Server], *, fresh: bool) -> Iterator[None]:
    """Start the servers of a folder whose lock is held, and stop them at the end."""
    if servers:
        require_private(folder)
    end_orphans(folder)
    for server in servers:
        server.stop_orphan()
    if fresh:
        erase(folder)
    sockets = socket_folder(folder)
    try:
        with Supervisor(folder, cwd=folder) as supervisor:
            for server in servers:
                server.start(supervisor)
            yield
    finally:
        with contextlib.suppress(OSError):  # a killed server left its socket there
            sockets.rmdir()


@contextlib.contextmanager
def services(
    folder: Path, *, share: bool = False, fresh: bool = False, own: str | None = None
) -> Iterator[dict[str, str]]:
    """Run the servers that the environment does not give, and yield the variables that name all of them.

    With `share`, servers that another `./run` keeps up on this folder are used as they are, and those
    that we started stay up until the last guest has gone. With `fresh`, the folder is emptied first.
    With `own`, a given server gets a database of its own for this purpose.

    :raises Failure: when the folder is in use and may not be shared
    """
    given, given_redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    servers: list[Server] = [] if given else [PostgreSQL(folder)]
    if not given_redis:
        servers.append(Valkey(folder))
    urls = {name: url for server in servers for name, url in server.urls().items()}
    with contextlib.ExitStack() as stack:
        if not _start_or_join(folder, servers, stack, share=share, fresh=fresh):
            raise Failure(
                f"already running on {folder}: stop the other ./run first, "
                "or set MICROGUARD_VAR to another folder for this one."
            )
        if given_redis:
            urls["REDIS_URL"] = given_redis
            bells.require_redis()
            if fresh:
                bells.silence(folder)
            if own:
                stack.callback(bells.silence, folder)
        if given and own:
            urls |= stack.enter_context(own_database(folder, own))
        elif given:
            urls |= given_urls(folder)
        yield urls


def _start_or_join(
    folder: Path, servers: list[Server], stack: contextlib.ExitStack, *, share: bool, fresh: bool
) -> bool:
    """Start the servers, or join those that are up; return False when neither is allowed."""
    while True:
        attempt = contextlib.ExitStack()
        if attempt.enter_context(locked(folder / "in-use.lock", wait=False)):
            stack.push(attempt)
            stack.enter_context(running(folder, servers, fresh=fresh))
            if share:
                stack.enter_context(_guests_outlast_us(folder))
            return True
        if not share:
            return False
        attempt.enter_context(locked(folder / "guests.lock", shared=True))
        if all(server.answers() for server in servers):
            stack.push(attempt)
            return True
        attempt.close()
        time.sleep(LOOK_AGAIN)


@contextlib.contextmanager
def _guests_outlast_us(folder: Path) -> Iterator[None]:
    """Wait at the end for those who joined, unless we are interrupted."""
    yield
    with locked(folder / "guests.lock", wait=False) as alone:
        if alone:
            return
    say("done; waiting for another ./run that uses the same servers …")
    with locked(folder / "guests.lock"):
        pass


def discard(folder: Path) -> None:
    """Remove the contents of a folder of which nobody makes use any more."""
    with locked(folder / "in-use.lock", wait=False) as ours:
        if ours:
            erase(folder)
            for path in folder.glob("*.lock"):
                path.unlink()
            with contextlib.suppress(OSError):  # something of the user's own lies there
                folder.rmdir()
