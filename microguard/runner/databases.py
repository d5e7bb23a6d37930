"""What a database server given by DATABASE_URL needs: an application role, at times a database of our own."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import errors, sql

from microguard.runner.console import Failure, say
from microguard.runner.environment import APPLICATION_PASSWORD, folder_secrets

LONGEST_NAME = 63  # PostgreSQL cuts longer names without a word


def database_name(url: str) -> str:
    """Return the database that the URL names.

    :raises Failure: when it names none
    """
    name = unquote(urlsplit(url).path.lstrip("/"))
    if not name:
        raise Failure("DATABASE_URL names no database; it has to end in /NAME.")
    return name


def with_database(url: str, name: str) -> str:
    """Return the URL with another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path="/" + quote(name, safe="")))


def with_login(url: str, role: str, password: str) -> str:
    """Return the URL with another role on the same server and database."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role, safe='')}:{quote(password, safe='')}@{place}"))


def application_role(database: str) -> str:
    """Return the name of the role as which the application uses a database."""
    return f"{database[: LONGEST_NAME - 4]}_app"


@contextlib.contextmanager
def connected(url: str) -> Iterator["psycopg2.extensions.cursor"]:
    """Yield a cursor whose every statement is committed at once.

    :raises Failure: when the server cannot be reached or turns us away
    """
    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise Failure(f"the database given by DATABASE_URL cannot be used: {str(error).strip()}") from None
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        yield cursor


def given_urls(folder: Path) -> dict[str, str]:
    """Return the URLs of the application and of the owner on the server that the environment gives."""
    url, owner_url = os.environ["DATABASE_URL"], os.environ.get("DATABASE_OWNER_URL")
    if owner_url:
        return {"DATABASE_URL": url, "DATABASE_OWNER_URL": owner_url}
    role = application_role(database_name(url))
    password = folder_secrets(folder)[APPLICATION_PASSWORD]
    give_login(url, role, password)
    return {"DATABASE_URL": with_login(url, role, password), "DATABASE_OWNER_URL": url}


def give_login(owner_url: str, role: str, password: str) -> None:
    """Make the application's role, or give the one that is there this password.

    :raises Failure: when the owner may not, or the role has rights that the application must not have
    """
    with connected(owner_url) as cursor:
        cursor.execute("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname=%s", [role])
        found = cursor.fetchone()
        if found and found[0]:
            raise Failure(f"the role {role} may do more than an application should: drop it, or its rights.")
        statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if found else "CREATE ROLE {} LOGIN PASSWORD {}")
        try:
            cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
        except errors.InsufficientPrivilege:
            raise Failure(
                "the role of DATABASE_URL may not create the application's role: set DATABASE_OWNER_URL to "
                "the owner's login and DATABASE_URL to that of a second role without special rights."
            ) from None


def drop(server_url: str, database: str) -> None:
    """Drop a database of our own, also when somebody is still connected to it."""
    with connected(server_url) as cursor:
        statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database))
        try:
            cursor.execute(statement + sql.SQL(" WITH (FORCE)"))
        except errors.InsufficientPrivilege:
            # An autovacuum is at work there, which only a superuser may end by force; without force it gives way.
            cursor.execute(statement)


@contextlib.contextmanager
def own_database(folder: Path, purpose: str) -> Iterator[dict[str, str]]:
    """Make a fresh database on the given server for one purpose, yield its URLs, and drop it at the end.

    :raises Failure: when the owner may not create databases
    """
    url = os.environ["DATABASE_URL"]
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    server = owner_url or url
    # The folder is part of the name: two checkouts on one server do not meet.
    suffix = f"_{purpose}_{hashlib.sha256(str(folder).encode()).hexdigest()[:6]}"
    name = database_name(server)[: LONGEST_NAME - 4 - len(suffix)] + suffix
    drop(server, name)
    with connected(server) as cursor:
        try:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except errors.InsufficientPrivilege:
            raise Failure(
                f"./run {purpose} needs a database of its own, and the owner may not create one: "
                "ALTER ROLE … CREATEDB, or unset DATABASE_URL to use the built-in server."
            ) from None
    role, own = application_role(name), with_database(server, name)
    try:
        if owner_url:
            yield {"DATABASE_URL": with_database(url, name), "DATABASE_OWNER_URL": own}
        else:
            password = folder_secrets(folder)[APPLICATION_PASSWORD]
            give_login(server, role, password)
            yield {"DATABASE_URL": with_login(own, role, password), "DATABASE_OWNER_URL": own}
    finally:
        drop(server, name)
        if not owner_url:
            _drop_role(server, role)


def _drop_role(server: str, role: str) -> None:
    with connected(server) as cursor:
        try:
            cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
        except psycopg2.Error as error:
            # A test database that was kept on purpose may still name the role.
            say(f"the role {role} was left on the server: {str(error).strip().splitlines()[0]}")
