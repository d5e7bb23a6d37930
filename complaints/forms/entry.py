"""Small forms of the way in: phone and code, case number and last digits."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import CodeField, PhoneField


class EnterForm(forms.Form):
    """Phone and one-time code."""

    use_required_attribute = False
    phone = PhoneField(label=_("Your phone number"))
    code = CodeField(required=False)
    unmarked = ("code",)


class TrackForm(forms.Form):
    """Case number and the last four digits of the complainant's phone."""

    use_required_attribute = False
    number = forms.CharField(
        label=_("Case number"),
        max_length=20,
        error_messages=dict.fromkeys(
            ("required", "max_length"), _("No match. Check the code and the last 4 digits.")
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    last_four = forms.CharField(
        label=_("Last 4 digits of your phone"),
        max_length=4,
        error_messages=dict.fromkeys(
            ("required", "max_length"), _("No match. Check the code and the last 4 digits.")
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
