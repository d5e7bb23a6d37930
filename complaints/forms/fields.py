"""Fields that several forms share: money, mobile numbers, one-time codes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from microguard.core import normal_forms
from microguard.core.amounts import AmountField as AmountField  # money, beside the fields of people
from microguard.core.money import MOST_FEN as MOST_FEN


class PhoneField(forms.CharField):
    """A mainland mobile number; its value is the normal form."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
        super().__init__(widget=widget, max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the eleven digits."""
        number = normal_forms.phone(str(value or ""))[:40]
        if number or self.required:
            refuse_odd_phone(number)
        return number


def refuse_odd_phone(number: str) -> None:
    """Pass for eleven digits that can be a mobile number.

    :raises django.forms.ValidationError: otherwise
    """
    if not normal_forms.is_mobile(number):
        digits = sum(char.isdigit() for char in number)
        raise forms.ValidationError(
            _("Phone number must be 11 digits. You entered %(n)s."), code="phone_format", params={"n": digits}
        )


class CodeField(forms.CharField):
    """The six digits of a text message; a phone offers them by itself."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short"}
        widget = forms.TextInput(attrs=attributes)
        super().__init__(label=_("Code from the text message"), max_length=12, widget=widget, **kwargs)
        for wrong in ("required", "max_length"):
            self.error_messages[wrong] = _("Enter the code from the text message.")
