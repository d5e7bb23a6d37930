"""What a person at the desk says of a seller's promises in a case: the forms of two steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.breaches import LONGEST_REASON
from complaints.models import Breach
from complaints.selectors import kept_or_not, promises_in
from disputes.selectors.cases import CaseFile
from merchants.models import Commitment
from microguard.dashboard.forms import DeskForm, words


def unbroken(case: CaseFile) -> list[Commitment]:
    """Return the promises for the deal of which nobody noted that they were not kept."""
    complaint = case.complaint
    return [commitment for commitment, breach in kept_or_not(complaint, promises_in(complaint)) if breach is None]


def broken(case: CaseFile) -> list[Breach]:
    """Return the notes that a promise for the deal was not kept."""
    complaint = case.complaint
    return [breach for _commitment, breach in kept_or_not(complaint, promises_in(complaint)) if breach is not None]


def _one_of(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose the promise.")),
    )


class BreachForm(DeskForm):
    """Which promise was not kept, and what shows it."""

    commitment_id = _one_of(_("Which promise was not kept?"))
    reason = words(
        _("What shows it?"),
        _("Write at least 10 characters, in words the reader understands."),
        most=LONGEST_REASON,
        help_text=_("Both sides read exactly this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.pk, each.words) for each in unbroken(self.case)]
        self.fields["commitment_id"].choices = choices  # type: ignore[attr-defined]


class KeptForm(DeskForm):
    """Which note is taken back."""

    breach_id = _one_of(_("Which note do you take back?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.pk, f"{each.commitment.words} – {each.reason}") for each in broken(self.case)]
        self.fields["breach_id"].choices = choices  # type: ignore[attr-defined]
