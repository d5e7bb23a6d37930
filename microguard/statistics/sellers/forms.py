"""What visitors type about sellers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import CodeField, PhoneField
from merchants.actions.corrections import LONGEST_EXPLANATION, SHORTEST_EXPLANATION
from merchants.models.statements import LONGEST_STATEMENT
from merchants.states import Figure, Wrong
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


class CorrectionForm(forms.Form):
    """What is wrong with a record, why, and the phone to which we answer."""

    use_required_attribute = False
    wrong = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Wrong.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong."),
            "invalid_choice": _("Choose what is wrong."),
        },
    )
    figure = forms.ChoiceField(
        label=_("Which figure?"),
        choices=[("", _("All of it")), *Figure.choices],
        required=False,
        help_text=_("It is marked as disputed until we answer. Without a choice the whole record is."),
        error_messages={"invalid_choice": _("Choose one of the figures.")},
    )
    explanation = forms.CharField(
        label=_("Tell us why"),
        help_text=_("With case numbers, if you know them. Only we read it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": LONGEST_EXPLANATION}),
    )
    phone = PhoneField(
        label=_("Your phone number"), help_text=_("We answer there. It is not shown to anybody else.")
    )
    code = CodeField(required=False)
    unmarked = ("explanation", "code")

    def clean_explanation(self) -> str:
        """Ask for enough words before a code is used up."""
        text: str = self.cleaned_data["explanation"].strip().replace("\r\n", "\n")
        if len(text) < SHORTEST_EXPLANATION or len(text) > LONGEST_EXPLANATION:
            limits = {"least": SHORTEST_EXPLANATION, "most": LONGEST_EXPLANATION}
            raise forms.ValidationError(_("Write {least} to {most} characters.").format(**limits))
        return text
