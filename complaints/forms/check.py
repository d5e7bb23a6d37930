"""The last screen of filing: truth, consent per recipient, and what filing here means for other routes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.states import ConsentRecipient


class CheckForm(forms.Form):
    """Truth, consent per recipient, and what filing here means for other routes."""

    use_required_attribute = False
    truth = forms.BooleanField(
        label=_("What I wrote is true and may be sent to the seller"),
        error_messages={"required": _("Tick “What I wrote is true and may be sent to the seller”.")},
    )
    platform = forms.BooleanField(label=_("It may be sent to the platform"), required=False)
    regulator = forms.BooleanField(label=_("It may be sent to the market regulator"), required=False)
    bar_known = forms.BooleanField(
        label=_("I know that 12315 may refuse a dispute that is already handled here"),
        error_messages={
            "required": _("Tick that you know 12315 may refuse a dispute that is already handled here.")
        },
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, *args: Any, with_bar: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unmarked = ("platform", "regulator")
        if not with_bar:
            del self.fields["bar_known"]

    @property
    def consents(self) -> frozenset[str]:
        """The recipients to whom the complaint may be passed on."""
        given: Mapping[str, bool] = {
            ConsentRecipient.SELLER: True,
            ConsentRecipient.PLATFORM: self.cleaned_data["platform"],
            ConsentRecipient.REGULATOR: self.cleaned_data["regulator"],
        }
        return frozenset(recipient for recipient, yes in given.items() if yes)
