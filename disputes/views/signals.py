"""What stands out to the office about the party who reads: why, and its own word against it."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from complaints.actions.public_record import object_to_setting_apart
from complaints.models import SetApart
from complaints.models.signals import LONGEST_CONTEST
from complaints.selectors import set_apart_now
from complaints.states import Side
from disputes.actions.signals import contest_signal
from disputes.forms.party import PartyForm
from disputes.selectors.cases import CaseFile
from disputes.selectors.signals import Shown, about_complainant, about_seller
from disputes.views.case import back_to_case, of_case, page
from microguard.accounts.actors import Actor
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.errors import Refusal

SET_APART = "set_apart"  # what a person decided stands in the form beside what a program counted


class ContestForm(PartyForm):
    """A party's word against one signal."""

    signal = forms.ChoiceField(
        label=gettext_lazy("Which remark?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what is not right."),
            "invalid_choice": gettext_lazy("Choose what is not right."),
        },
    )
    text = forms.CharField(
        label=gettext_lazy("What is not right about it?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": LONGEST_CONTEST}),
    )
    unmarked = ("text",)

    def __init__(self, *args: Any, shown: list[Shown], apart: SetApart | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signal = self.fields["signal"]
        assert isinstance(signal, forms.ChoiceField)
        signal.choices = [(SET_APART, _("Left out of the public record"))] if apart else []
        signal.choices += [(one.key, one.title) for one in shown]
        if len(signal.choices) == 1:
            self.initial["signal"] = signal.choices[0][0]


@require_http_methods(["GET", "POST"])
@of_case
def signals(request: HttpRequest, case: CaseFile) -> HttpResponseBase:
    """Show a party the signals about itself, never those about the other side, and take its word against them.

    A buyer also reads here that the complaint was left out of the seller's public record, and objects to it.
    """
    shown, apart = _about_reader(case), _apart_for_reader(case)
    form = ContestForm(request.POST if request.method == "POST" else None, shown=shown, apart=apart)
    if form.is_valid():
        try:
            _say_against(case, **form.cleaned_data, by=acting(request), at=clock.now())
        except Refusal as refusal:
            form.add_error("text", refusal.message)
        else:
            return back_to_case(request, case, _("Kept. Whoever works on the case reads it beside the remark."))
    return page(request, case, "signals", form, shown=shown, apart=apart)


def _say_against(case: CaseFile, *, signal: str, text: str, by: Actor, at: datetime) -> None:
    if signal == SET_APART:
        object_to_setting_apart(complaint_id=case.complaint.pk, text=text, by=by, at=at)
    else:
        contest_signal(complaint_id=case.complaint.pk, signal=signal, text=text, by=by, at=at)


def _apart_for_reader(case: CaseFile) -> SetApart | None:
    return set_apart_now(case.complaint) if case.side == Side.COMPLAINANT else None


def _about_reader(case: CaseFile) -> list[Shown]:
    at = clock.now()
    if case.side == Side.COMPLAINANT:
        return about_complainant(case.complaint, at=at)
    merchant = case.complaint.merchant_id
    return about_seller(merchant, at=at) if case.side == Side.RESPONDENT and merchant else []
