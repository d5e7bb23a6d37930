"""Reasons that a person has to give in words."""

from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal

SHORTEST_REASON = 10


class ReasonMissing(Refusal):
    """A decision needs its reason in words."""

    code = "reason_missing"


def in_words(text: str) -> str:
    """Return the reason without white space around it.

    :raises ReasonMissing: when it is too short to be understood
    """
    text = text.strip()
    if len(text) < SHORTEST_REASON:
        raise ReasonMissing(_("Write at least 10 characters, in words the reader understands."))
    return text
