"""Refusals: failures that were foreseen, with a stable code and a sentence for the reader."""

from typing import Any

from django.utils.functional import Promise


class Refusal(Exception):
    """Base of every anticipated failure; doors turn it into a form error, a message or a problem document.

    `code` is stable and is what programs compare; `message` is a (lazy) translated sentence whose
    placeholders are filled from `values`.
    """

    code = "refused"

    def __init__(self, message: str | Promise, *, code: str | None = None, **values: Any) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self._message = message
        self.values = values

    @property
    def message(self) -> str:
        """The sentence in the language that is active now."""
        return str(self._message).format(**self.values) if self.values else str(self._message)

    def __str__(self) -> str:
        return self.message


class NotFound(Refusal):
    """The thing does not exist or is not the reader's: both look the same from outside (404)."""

    code = "not_found"
