"""What remedies and the rights of consumers are called."""

from functools import cache
from pathlib import Path

from microguard.law.decisions import REMEDIES, RIGHTS
from microguard.law.reading import LawDataError, entry_of, read_file
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "titles.toml"
NAMED = {"remedy": REMEDIES, "right": RIGHTS}


def load_titles(path: Path = DATA) -> dict[str, dict[str, Wording]]:
    """Read the titles of every remedy and right.  :raises LawDataError: when one is missing, unknown or twice"""
    content = read_file(path)
    titles: dict[str, dict[str, Wording]] = {}
    for kind, keys in NAMED.items():
        found = titles.setdefault(kind, {})
        for number, table in enumerate(content.get(kind, []), start=1):
            entry = entry_of(table, f"{path.name}, {kind} {number}", kind)
            entry.check_fields({"key", "zh", "en"})
            if entry.text("key") not in keys or entry.text("key") in found:
                raise entry.wrong("this key is unknown or stands there twice.")
            found[entry.text("key")] = Wording(entry.text("zh"), entry.text("en"))
        if missing := [key for key in keys if key not in found]:
            raise LawDataError(f"{path.name}: {missing[0]} has no title.")
    return titles


@cache
def _titles() -> dict[str, dict[str, Wording]]:
    return load_titles()


def title_of(remedy: str) -> Wording:
    """Return what the remedy is called.  :raises KeyError: for an unknown one"""
    return _titles()["remedy"][remedy]


def right_title(right: str) -> Wording:
    """Return what the right of a consumer is called.  :raises KeyError: for an unknown one"""
    return _titles()["right"][right]
