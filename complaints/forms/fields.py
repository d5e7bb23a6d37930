"""Fields that several forms share: money, mobile numbers, one-time codes."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microguard.core import normal_forms
from microguard.core.money import parse_yuan

MOST_FEN = 100_000_000


class AmountField(forms.CharField):
    """An amount of money as people type it; its value is fen."""

    def __init__(self, *, none: str | Promise | None = None, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "money", "autocomplete": "off"})
        super().__init__(widget=widget, max_length=20, required=none is not None, **kwargs)
        if none is not None:
            self.error_messages["required"] = none  # type: ignore[assignment]
        self.error_messages["max_length"] = _("Amount must be a number with up to 2 decimals.")

    def clean(self, value: Any) -> int | None:
        """Return fen, or None for an empty optional field."""
        text = super().clean(value)
        if not text:
            return None
        fen = parse_yuan(text)
        if fen is None:
            raise forms.ValidationError(_("Amount must be a number with up to 2 decimals."))
        if not 0 < fen <= MOST_FEN:
            raise forms.ValidationError(_("Amount must be more than 0 and at most 1,000,000 yuan."))
        return fen

    def prepare_value(self, value: Any) -> Any:
        """Show stored fen as the yuan that were typed."""
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value


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
