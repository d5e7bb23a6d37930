"""What to look at before paying, as data: each check says what to do, why, and on which articles that rests."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from microguard.law.instruments import instruments
from microguard.law.numbered import numbered
from microguard.law.reading import tables_of
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "before_you_pay.toml"


class Check(NamedTuple):
    """One thing to look at."""

    key: str
    title: Wording
    do: Wording
    why: Wording
    basis: tuple[str, ...]


def load_checks(path: Path = DATA) -> tuple[Check, ...]:
    """Read and check the file.  :raises LawDataError: with one sentence"""
    checks: dict[str, Check] = {}
    for entry in tables_of(path, "check"):
        entry.check_fields(Check._fields)
        basis = entry.codes("basis")
        if not basis or any(article not in instruments() for article in basis):
            raise entry.wrong("a check rests on articles whose instruments are known.")
        key, (title, do, why) = entry.text("key"), (numbered(entry, field) for field in ("title", "do", "why"))
        if key in checks:
            raise entry.wrong("this check stands there twice.")
        checks[key] = Check(key, title, do, why, basis)
    return tuple(checks.values())


@cache
def checks() -> tuple[Check, ...]:
    """Return the installed checks, read once.  :raises LawDataError:"""
    return load_checks()
