"""Outcomes of attempts in words: what the record keeps as a short code."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS: dict[str, str | Promise] = {
    "": gettext_lazy("not known: the worker ended in the middle"),
    "sent": gettext_lazy("sent"),
    "bad_address": gettext_lazy("the address cannot be written to"),
    "mail_login_refused": gettext_lazy("the mail server refuses our login"),
    "timed_out": gettext_lazy("no answer in time"),
    "connection_refused": gettext_lazy("the mail server does not take connections"),
    "private_address": gettext_lazy("the address leads into a private network; nothing is sent there"),
    "fault": gettext_lazy("a fault on our side; the operator's log tells"),
    "gone_410": gettext_lazy("the office has taken the address down (410); this way is stopped"),
}
WITH_NUMBER: dict[str, str | Promise] = {
    "address_refused": gettext_lazy("the address does not exist or refuses mail ({number})"),
    "mail_refused": gettext_lazy("the mail server refuses it ({number})"),
    "redirect": gettext_lazy("the address has moved elsewhere ({number}); the office has to name the new one"),
    "answered": gettext_lazy("the server answered with an error ({number})"),
}


def reason_in_words(outcome: str | None) -> str:
    """Return what an outcome means, with its number; a code without words stands for itself."""
    code = outcome or ""
    if code in WORDS:
        return str(WORDS[code])
    kind, _underscore, number = code.rpartition("_")
    if kind in WITH_NUMBER:
        return str(WITH_NUMBER[kind]).format(number=number)
    return _("the server could not be reached ({code})").format(code=code)
