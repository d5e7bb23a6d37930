"""The days that figures are about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from microguard.statistics.periods import Period

WRONG = _("Choose a first and a last day, in this order.")


class DaysForm(forms.Form):
    """A first and a last day."""

    use_required_attribute = False
    first = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": WRONG, "invalid": WRONG},
    )
    last = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": WRONG, "invalid": WRONG},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order, and years that no calendar of ours reaches."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not (first.year >= 1949 and first <= last and last.year < 2200):
            self.add_error("last", WRONG)
        return cleaned

    def period(self) -> Period:
        """Return the days as a period."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])
