"""Reading law from TOML: one way to take a file apart and to say, in one sentence, what is wrong where."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from microguard.core.starting import DataError
from microguard.law.wording import Wording

ARTICLE = re.compile(r"[A-Z]+(-[0-9A-Z]+)*-[0-9]+")
LONGEST_QUOTATION = 30
LONGEST_FILE = 1_000_000  # bytes; no file of law comes near, and a slip of a tool must not fill the memory


class LawDataError(DataError):
    """The data cannot be used; the sentence names the file and the entry."""


def read_file(path: Path) -> dict[str, Any]:
    """Return the content of one file.  :raises LawDataError: when it is too long or no TOML"""
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise LawDataError(f"{path.name}: the file is longer than {LONGEST_FILE} bytes.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LawDataError(f"{path.name}: this is not TOML ({error}).") from error


def tables_of(path: Path, name: str) -> list["Entry"]:
    """Return the [[name]] entries of a file that holds nothing else, each with its place.

    :raises LawDataError: with one sentence that names the file and the entry
    """
    content = read_file(path)
    tables = content.get(name)
    if set(content) != {name} or not isinstance(tables, list) or not tables:
        raise LawDataError(f"{path.name}: this file holds [[{name}]] entries and nothing else.")
    return [entry_of(table, f"{path.name}, entry {number}", name) for number, table in enumerate(tables, start=1)]


def entry_of(table: Any, place: str, name: str) -> "Entry":
    """Return one entry with its place, to which its key is added.  :raises LawDataError: when it is none"""
    if not isinstance(table, dict):
        raise LawDataError(f"{place}: this is no [[{name}]] entry.")
    if isinstance(table.get("key"), str):
        place = f"{place} ({table['key']})"
    return Entry(table, place)


class Entry:
    """The fields of one entry; whatever is wrong with one is said with the entry's place."""

    def __init__(self, table: dict[str, Any], place: str) -> None:
        self.table = table
        self.place = place

    def __contains__(self, field: str) -> bool:
        return field in self.table

    def wrong(self, sentence: str) -> LawDataError:
        """Return the error for this entry, to be raised."""
        return LawDataError(f"{self.place}: {sentence}")

    def check_fields(self, needed: Iterable[str], allowed: Iterable[str] = ()) -> None:
        """Refuse a missing and an unknown field.  :raises LawDataError:"""
        given, needed = set(self.table), set(needed)
        if missing := needed - given:
            raise self.wrong(f"{', '.join(sorted(missing))} is missing.")
        if unknown := given - needed - set(allowed):
            raise self.wrong(f"{', '.join(sorted(unknown))} cannot stand here.")

    def text(self, field: str) -> str:
        """Return a text that says something.  :raises LawDataError:"""
        value = self.table[field]
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{field} is not a text.")
        return value

    def wording(self, field: str) -> Wording:
        """Return a text given in both languages.  :raises LawDataError:"""
        value = self.table[field]
        if not isinstance(value, dict) or set(value) != {"zh", "en"}:
            raise self.wrong(f"{field} needs its zh and its en wording.")
        if not all(isinstance(text, str) and text.strip() for text in value.values()):
            raise self.wrong(f"{field} has an empty wording.")
        return Wording(value["zh"], value["en"])

    def day(self, field: str) -> date:
        """Return a plain day.  :raises LawDataError:"""
        value = self.table[field]
        if type(value) is not date:
            raise self.wrong(f"{field} is {value!r}, not a day such as 2026-04-15.")
        return value

    def span(self) -> tuple[date, date | None]:
        """Return in_force_from and in_force_until (excluded, None while in force).  :raises LawDataError:"""
        first = self.day("in_force_from")
        until = self.day("in_force_until") if "in_force_until" in self.table else None
        if until is not None and until <= first:
            raise self.wrong("in_force_until is not after in_force_from.")
        return first, until

    def positive(self, value: Any, field: str) -> int:
        """Return a whole number above zero.  :raises LawDataError:"""
        if type(value) is not int or value <= 0:
            raise self.wrong(f"{field} is {value!r}, not a whole number above zero.")
        return value

    def one_of(self, field: str, kind: type[StrEnum]) -> StrEnum:
        """Return the member that the field names.  :raises LawDataError:"""
        value = self.table[field]
        if value not in list(kind):
            raise self.wrong(f"{field} is {value!r}; it is one of {', '.join(kind)}.")
        return kind(value)

    def list(self, field: str) -> list[Any]:
        """Return a list; none given is empty.  :raises LawDataError:"""
        value = self.table.get(field, [])
        if not isinstance(value, list):
            raise self.wrong(f"{field} is not a list.")
        return value

    def codes(self, field: str, among: Iterable[str] = ()) -> tuple[str, ...]:
        """Return a list of distinct names, from the given ones where they are limited.  :raises LawDataError:"""
        codes, among = self.list(field), tuple(among)
        for code in codes:
            if not isinstance(code, str) or (among and code not in among) or codes.count(code) > 1:
                raise self.wrong(f"{field} holds {code!r}, which is unknown or stands there twice.")
        return tuple(codes)

    def article(self, field: str = "article") -> str:
        """Return the key of an article, such as SAMR-121-23.  :raises LawDataError:"""
        article = self.text(field)
        if not ARTICLE.fullmatch(article):
            raise self.wrong(f"{field} is {article!r}, not a key such as SAMR-121-23.")
        return article

    def quotation(self) -> str | None:
        """Return the quotation, short enough to be one; None where there is none.  :raises LawDataError:"""
        quotation = self.text("quotation") if "quotation" in self.table else None
        if quotation and len(quotation) > LONGEST_QUOTATION:
            raise self.wrong(f"quotation is longer than {LONGEST_QUOTATION} characters.")
        return quotation
