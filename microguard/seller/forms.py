"""What a seller fills in about itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import CodeField, PhoneField
from merchants.states import ClaimProof


class ClaimForm(forms.Form):
    """How somebody shows that the shop is theirs, and a phone proven by a code."""

    use_required_attribute = False
    unmarked = ("code",)
    proof = forms.ChoiceField(
        label=_("How can you show that the shop is yours?"),
        choices=ClaimProof,
        initial=ClaimProof.PHONE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you show that the shop is yours.")},
    )
    phone = PhoneField(label=_("Your phone number"))
    code = CodeField(required=False)


class ProofForm(forms.Form):
    """The screenshot or photo."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("Picture"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        error_messages={"required": _("Choose a picture.")},
    )

    def uploads(self) -> list[Any]:
        """Return the files that were brought."""
        return [self.cleaned_data["file"]]
