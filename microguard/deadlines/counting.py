"""Where it stands how a term is counted: the law on counting as data, beside the law on terms."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from microguard.deadlines.legislation import RuleVersion
from microguard.law.reading import Entry, tables_of
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "counting.toml"
POINTS = ("first_day", "last_day", "months")


@dataclass(frozen=True, slots=True)
class Counting:
    """An instrument that says how to count, and where it says so: `articles` by point.

    `terms_of` is the instrument whose terms are counted so, None for all without a counting article of their own.
    """

    terms_of: str | None
    instrument: Wording
    articles: dict[str, Wording]
    in_force_from: date


def counting_of(version: RuleVersion, on: date) -> Counting | None:
    """Return where it stands how a term that starts on the day is counted; None before the oldest entry."""
    instrument = (version.article or "").rpartition("-")[0]
    fitting = [entry for entry in counting() if entry.terms_of in (instrument, None) and entry.in_force_from <= on]
    return max(fitting, key=lambda entry: entry.terms_of is not None, default=None)


@cache
def counting() -> tuple[Counting, ...]:
    """Return the installed entries, read and checked once.  :raises LawDataError:"""
    return read_counting(DATA)


def read_counting(path: Path) -> tuple[Counting, ...]:
    """Return the checked entries of a file.  :raises LawDataError: with one sentence that names file and entry"""
    return tuple(_counting(entry) for entry in tables_of(path, "counting"))


def _counting(entry: Entry) -> Counting:
    entry.check_fields({"instrument", "first_day", "last_day", "in_force_from", "source"}, {"terms_of", "months"})
    if not entry.text("source").startswith("V/"):
        raise entry.wrong("the law on counting needs a source whose text was read (V/…).")
    return Counting(
        terms_of=entry.text("terms_of") if "terms_of" in entry else None,
        instrument=entry.wording("instrument"),
        articles={point: entry.wording(point) for point in POINTS if point in entry},
        in_force_from=entry.day("in_force_from"),
    )
