"""Rows written by COPY: a sheet of lines per table, sent in one statement each."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from typing import Any

from django.db import connection, models

from microguard.core.digests import canonical
from microguard.core.encryption import EncryptedTextField, encrypt

Row = dict[str, Any]
NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _text(value: str | None) -> str:
    if value is None:
        return NULL
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)


def _number(value: int | None) -> str:
    return NULL if value is None else str(value)


def _flag(value: bool | None) -> str:
    return NULL if value is None else "t" if value else "f"


def _instant(value: date | None) -> str:
    return NULL if value is None else value.isoformat()


def _facts(value: Any) -> str:
    return _text(canonical(value).decode())


_BY_KIND: dict[type[Any], Callable[[Any], str]] = {
    models.BooleanField: _flag,
    models.DateField: _instant,  # an instant's too
    models.JSONField: _facts,
    models.CharField: _text,
    models.TextField: _text,
}


def _writer(field: "models.Field[Any, Any]", table: str) -> Callable[[Any], str]:
    """Return how COPY reads the values of a column."""
    if isinstance(field, EncryptedTextField):
        place = f"{table}.{field.column}"

        def sealed(text: str) -> str:
            return rf"\\x{encrypt(text, place).hex()}" if text else r"\\x"

        return sealed
    return next((write for kind, write in _BY_KIND.items() if isinstance(field, kind)), _number)


class Sheet:
    """The rows of one table that wait to be copied; encrypted columns are sealed on the way."""

    def __init__(self, model: type[models.Model], *, keyed: bool) -> None:
        """Take the model, and whether its rows bring their own keys."""
        self.model = model
        self.table = model._meta.db_table
        fields = [field for field in model._meta.concrete_fields if keyed or not field.primary_key]
        self._writers = [(field.attname, _writer(field, self.table)) for field in fields]
        self._columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        self._empty: Row = {field.attname: None if field.primary_key else field.get_default() for field in fields}
        self._lines = io.StringIO()

    def row(self, **columns: Any) -> Row:
        """Return a row with these columns and the model's defaults."""
        return {**self._empty, **columns}

    def add(self, row: Row) -> None:
        """Take a row as it stands now."""
        self._lines.write("\t".join([write(row[column]) for column, write in self._writers]) + "\n")

    def copy(self) -> None:
        """Send the rows to the database and forget them."""
        self._lines.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {self.table} ({self._columns}) FROM STDIN", self._lines)
        self._lines = io.StringIO()


def keys_of(model: type[models.Model], *, at_a_time: int) -> Iterator[int]:
    """Draw primary keys from the table's sequence for ever; what is left over at the end is a gap in it."""
    statement = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"

    def drawn() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, [model._meta.db_table, at_a_time])
            return [key for (key,) in cursor.fetchall()]

    return chain.from_iterable(iter(drawn, []))
