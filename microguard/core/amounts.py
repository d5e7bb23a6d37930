"""The form field for an amount of money."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microguard.core.money import MOST_FEN, parse_yuan


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
