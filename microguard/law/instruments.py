"""The laws that are cited: their names in both languages, since when, and how their texts came to be known."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from microguard.law.reading import LawDataError, tables_of
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "instruments.toml"
NUMERALS = "零一二三四五六七八九"


class Instrument(NamedTuple):
    """A law, regulation or interpretation.

    `source` is V where its text was read, R where it is only recalled; `recalled` lists articles of a law that was
    read in part, whose own text was not.
    """

    key: str
    title: Wording
    in_force_from: date
    source: str
    recalled: frozenset[str]


class Articles:
    """Every known instrument; `key in articles` tells whether an article's instrument is known."""

    def __init__(self, path: Path = DATA) -> None:
        """Read the file.  :raises LawDataError:"""
        self._instruments: dict[str, Instrument] = {}
        for entry in tables_of(path, "instrument"):
            entry.check_fields({"key", "title", "in_force_from", "source"}, {"recalled"})
            if entry.table["source"] not in ("V", "R"):
                raise entry.wrong("source is V, the text was read, or R, it is recalled.")
            instrument = Instrument(
                entry.text("key"),
                entry.wording("title"),
                entry.day("in_force_from"),
                entry.text("source"),
                frozenset(entry.codes("recalled")),
            )
            if instrument.key in self._instruments:
                raise entry.wrong("this instrument stands there twice.")
            self._instruments[instrument.key] = instrument
        if not self._instruments:
            raise LawDataError(f"{path.name}: there is no instrument here.")

    def __contains__(self, article: str) -> bool:
        return self._split(article) is not None

    def _split(self, article: str) -> tuple[Instrument, list[str]] | None:
        """Return the instrument, which is the longest beginning that is known, and the numbers after it."""
        parts = article.split("-")
        for length in range(len(parts) - 1, 0, -1):
            found = self._instruments.get("-".join(parts[:length]))
            if found:
                numbers = parts[length:]
                return (found, numbers) if len(numbers) <= 2 and all(n.isdigit() for n in numbers) else None
        return None

    def instrument_of(self, article: str) -> Instrument:
        """Return the instrument in which the article stands.  :raises KeyError: for an unknown one"""
        split = self._split(article)
        if split is None:
            raise KeyError(article)
        return split[0]

    def was_read(self, article: str) -> bool:
        """Whether the text of the article was read, not only recalled.  :raises KeyError: for an unknown one"""
        split = self._split(article)
        if split is None:
            raise KeyError(article)
        return split[0].source == "V" and split[1][0] not in split[0].recalled

    def called(self, article: str) -> Wording:
        """Return how the article is cited, such as 《消费者权益保护法》第五十五条第一款.  :raises KeyError:"""
        split = self._split(article)
        if split is None:
            raise KeyError(article)
        instrument, numbers = split
        zh = f"{instrument.title.zh}第{in_chinese(int(numbers[0]))}条"
        en = f"{instrument.title.en}, art. {numbers[0]}"
        if len(numbers) > 1:
            zh, en = f"{zh}第{in_chinese(int(numbers[1]))}款", f"{en}({numbers[1]})"
        return Wording(zh, en)


def in_chinese(number: int) -> str:
    """Return a number below ten thousand as Chinese statutes count their articles."""
    if number < 10:
        return NUMERALS[number]
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += NUMERALS[digit] + name
        elif text and number and not text.endswith("零"):
            text += "零"
    return text.removeprefix("一") if text.startswith("一十") else text


@cache
def instruments() -> Articles:
    """Return the installed instruments, read once.  :raises LawDataError:"""
    return Articles()
