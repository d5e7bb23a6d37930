"""A text of the law data in both languages."""

from typing import NamedTuple


class Wording(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, code: str | None) -> str:
        """Return the text for a Django language code; Chinese unless English is asked for."""
        return self.en if (code or "").startswith("en") else self.zh
