"""Texts that name a number of the law in braces, such as {return_days}; the number itself stands in one place."""

import re
from datetime import date

from microguard.law.reading import Entry
from microguard.law.tables import rulebook, tables
from microguard.law.wording import Wording

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def numbered(entry: Entry, field: str) -> Wording:
    """Return a text in both languages that speaks of known numbers only.  :raises LawDataError:"""
    wording = entry.wording(field)
    known = {number.key for number in tables().numbers}
    for text in wording:
        if unknown := set(PLACEHOLDER.findall(text)) - known:
            raise entry.wrong(f"{field} speaks of {{{min(unknown)}}}, which is no number of the law.")
    return wording


def in_words(text: Wording, language: str | None, on: date) -> str:
    """Return the text in the language, with the numbers as they hold on the day."""
    return text.in_language(language).format_map(rulebook(on).numbers)
