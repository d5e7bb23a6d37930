"""Administrative divisions (GB/T 2260 codes) as dated data: provinces, and the cities or districts in them.

A row holds from `valid_from` until `valid_to` (excluded; empty while it holds). Codes that were given up stay in
the table, because old complaints and identity numbers keep them. 2020 is where the table begins, as the calendars
do: it says nothing about earlier years, and it holds no change that was not found in a source.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from microguard.core.starting import DataError

DATA = Path(__file__).parent / "data" / "divisions.csv"
COLUMNS = ["code", "name", "province", "valid_from", "valid_to"]
CODE = re.compile(r"[1-9][0-9]{5}")
LONGEST_NAME = 20
LONGEST_FILE = 1_000_000  # bytes; the whole country with all its counties is a tenth of that


class DivisionDataError(DataError):
    """The table cannot be used; the sentence names the file and the row."""


@dataclass(frozen=True)
class Division:
    """One division while it held one name: six-digit code, Chinese name, its province ("" for a province)."""

    code: str
    name: str
    province: str
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether the division was there on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


Versions = dict[str, tuple[Division, ...]]


def load_divisions(path: Path = DATA) -> Versions:
    """Return every division by code with its versions, oldest first, all of them checked.

    :raises DivisionDataError: with one sentence that names the file and the row
    """
    versions: dict[str, list[tuple[Division, str]]] = {}
    for place, row in _rows(path):
        division = _division(row, place)
        versions.setdefault(division.code, []).append((division, place))
    for of_one_code in versions.values():
        of_one_code.sort(key=lambda item: item[0].valid_from)
        for (earlier, _place), (later, place) in pairwise(of_one_code):
            if earlier.holds_on(later.valid_from):
                raise DivisionDataError(f"{place}: {later.code} stands there twice for {later.valid_from}.")
    for of_one_code in versions.values():
        for division, place in of_one_code:
            _check_parent(division, place, versions)
    return {code: tuple(division for division, _place in found) for code, found in versions.items()}


def _rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each row of the file with its place."""
    if path.stat().st_size > LONGEST_FILE:
        raise DivisionDataError(f"{path.name}: the file is longer than {LONGEST_FILE} bytes.")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            if next(reader, None) != COLUMNS:
                raise DivisionDataError(f"{path.name}, line 1: the columns are {', '.join(COLUMNS)}.")
            for row in reader:
                yield f"{path.name}, line {reader.line_num}", row
    except (csv.Error, UnicodeDecodeError) as error:
        raise DivisionDataError(f"{path.name}: this is no table of divisions ({error}).") from error


def _division(row: list[str], place: str) -> Division:
    if len(row) != len(COLUMNS):
        raise DivisionDataError(f"{place}: {len(row)} fields stand where {len(COLUMNS)} belong.")
    code, name, province, valid_from, valid_to = row
    if not CODE.fullmatch(code):
        raise DivisionDataError(f"{place}: {code[:20]!r} is no six-digit code.")
    if not name or name != name.strip() or len(name) > LONGEST_NAME:
        raise DivisionDataError(f"{place}: {name[:40]!r} is no name.")
    first = _day(valid_from, place)
    until = _day(valid_to, place) if valid_to else None
    if until is not None and until <= first:
        raise DivisionDataError(f"{place}: valid_to is not after valid_from.")
    return Division(code, name, province, first, until)


def _day(text: str, place: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise DivisionDataError(f"{place}: {text[:20]!r} is not a day such as 2020-01-01.")
    return day


def _check_parent(division: Division, place: str, versions: dict[str, list[tuple[Division, str]]]) -> None:
    """Refuse a row whose province is missing, is none, or was not there when the row begins."""
    is_province = division.code.endswith("0000")
    province = "" if is_province else division.code[:2] + "0000"
    if division.province != province:
        raise DivisionDataError(f"{place}: the province of {division.code} is {province or 'left empty'}.")
    if not is_province and not any(
        parent.holds_on(division.valid_from) for parent, _ in versions.get(province, ())
    ):
        raise DivisionDataError(f"{place}: there is no province {province} on {division.valid_from}.")


@cache
def _versions() -> Versions:
    return load_divisions()


@cache
def divisions() -> dict[str, Division]:
    """Return all divisions by code as they are or were last named, provinces before their cities.

    :raises DivisionDataError: when the installed table cannot be used
    """
    return {code: versions[-1] for code, versions in _versions().items()}


def held_on(code: str, on: date) -> bool:
    """Tell whether there was a division with this code on the day."""
    return any(division.holds_on(on) for division in _versions().get(code, ()))


def choices(on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the cities of a day grouped by province, as a select draws them; one without cities is its own."""
    known = [division for versions in _versions().values() for division in versions if division.holds_on(on)]
    groups = []
    for province in (division for division in known if not division.province):
        cities = [(city.code, city.name) for city in known if city.province == province.code]
        groups.append((province.name, cities or [(province.code, province.name)]))
    return groups


def full_name(code: str) -> str:
    """Return province and city of a code, also of one that was given up, or "" for an unknown one."""
    division = divisions().get(code)
    if division is None:
        return ""
    province = divisions().get(division.province)
    return f"{province.name} {division.name}" if province else division.name


def scope_of(code: str) -> str:
    """Return the prefix that all codes inside the division share: 440000 -> 44, 440300 -> 4403."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code
