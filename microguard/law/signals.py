"""What stands out to people at the desk, as data: from how much on, on what it rests, how it is said."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from microguard.law.reading import Entry, LawDataError, tables_of
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "signals.toml"
NEEDED = {"key", "about", "basis", "cases", "days", "title", "reason"}
SOMETIMES = {"article", "share_percent", "times", "words"}
SAID = {"{n}", "{days}", "{times}"}


class About(StrEnum):
    """Whom a signal is about."""

    SELLER = "seller"
    COMPLAINANT = "complainant"


class Basis(StrEnum):
    """Whether a law names the circumstance, or we do. The numbers are our own in both."""

    STATUTORY = "statutory"
    POLICY = "policy"


class Threshold(NamedTuple):
    """From how much on something stands out; `reason` speaks of {n}, {days} and {times}."""

    key: str
    about: About
    article: str | None
    cases: int
    days: int
    share_percent: int
    times: int
    words: tuple[str, ...]
    title: Wording
    reason: Wording


def load_signals(path: Path = DATA) -> dict[str, Threshold]:
    """Read and check the thresholds.  :raises LawDataError: with one sentence that names the entry"""
    found: dict[str, Threshold] = {}
    for entry in tables_of(path, "signal"):
        threshold = _threshold(entry)
        if threshold.key in found:
            raise entry.wrong("this key stands there twice.")
        found[threshold.key] = threshold
    return found


def _threshold(entry: Entry) -> Threshold:
    """Return the checked entry.  :raises LawDataError:"""
    entry.check_fields(NEEDED, SOMETIMES)
    statutory = entry.one_of("basis", Basis) == Basis.STATUTORY
    if statutory != ("article" in entry):
        raise entry.wrong("a statutory circumstance names its article, a policy none.")
    reason = entry.wording("reason")
    for text in reason:
        spoken = {"{" + part.partition("}")[0] + "}" for part in text.split("{")[1:]}
        if not spoken <= SAID:
            raise entry.wrong("reason speaks of something other than {n}, {days} and {times}.")
    return Threshold(
        key=entry.text("key"),
        about=About(entry.one_of("about", About)),
        article=entry.article() if statutory else None,
        cases=entry.positive(entry.table["cases"], "cases"),
        days=entry.positive(entry.table["days"], "days"),
        share_percent=entry.positive(entry.table.get("share_percent", 100), "share_percent"),
        times=entry.positive(entry.table.get("times", 1), "times"),
        words=entry.codes("words"),
        title=entry.wording("title"),
        reason=reason,
    )


@cache
def signals() -> dict[str, Threshold]:
    """Return the installed thresholds, read and checked once.  :raises LawDataError:"""
    return load_signals()


def threshold(key: str) -> Threshold:
    """Return one of the installed thresholds.

    :raises LawDataError: when the data do not hold it
    """
    try:
        return signals()[key]
    except KeyError as error:
        raise LawDataError(f"{DATA.name}: there is no signal “{key}”.") from error
