"""What visitors type about sellers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.models.statements import LONGEST_STATEMENT
from microguard.core import normal_forms

SHORTEST, LONGEST = 2, 40


class LookUpForm(forms.Form):
    """One handle of a seller as it is written, or how a shop's name begins, or a picture of a code."""

    use_required_attribute = False
    handle = forms.CharField(
        label=_("The seller's WeChat ID, phone number or shop name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    picture = forms.FileField(
        label=_("Or a picture of the seller's QR code"),
        required=False,
        allow_empty_file=True,
        help_text=_("It is read here and not kept."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    unmarked = ("handle", "picture")

    def clean(self) -> dict[str, Any]:
        """Ask for two to forty signs that can be seen, unless there is a picture."""
        cleaned = super().clean() or {}
        seen = normal_forms.plain(str(cleaned.get("handle") or "")[: 10 * LONGEST])
        if not cleaned.get("picture") and "picture" not in self.errors:
            if len(seen) < SHORTEST:
                self.add_error("handle", _("Enter at least 2 characters."))
            elif len(seen) > LONGEST:
                self.add_error("handle", _("Use 40 characters or fewer."))
        return cleaned


class StatementForm(forms.Form):
    """What a seller says for itself."""

    use_required_attribute = False
    text = forms.CharField(
        label=_("What do you want readers of your page to know?"),
        help_text=_("Say nothing about a buyer as a person. We read it before it is published."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": LONGEST_STATEMENT}),
    )
    unmarked = ("text",)
