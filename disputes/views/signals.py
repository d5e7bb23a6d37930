"""What stands out to the office about the party who reads: why, and its own word against it."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from complaints.models.signals import LONGEST_CONTEST
from complaints.states import Side
from disputes.actions.signals import contest_signal
from disputes.forms.party import PartyForm
from disputes.selectors.cases import CaseFile
from disputes.selectors.signals import Shown, about_complainant, about_seller
from disputes.views.case import back_to_case, of_case, page
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.errors import Refusal


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

    def __init__(self, *args: Any, shown: list[Shown], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signal = self.fields["signal"]
        assert isinstance(signal, forms.ChoiceField)
        signal.choices = [(one.key, one.title) for one in shown]
        if len(shown) == 1:
            self.initial["signal"] = shown[0].key


@require_http_methods(["GET", "POST"])
@of_case
def signals(request: HttpRequest, case: CaseFile) -> HttpResponseBase:
    """Show a party the signals about itself, never those about the other side, and take its word against them."""
    at = clock.now()
    shown = _about_reader(case)
    form = ContestForm(request.POST if request.method == "POST" else None, shown=shown)
    if form.is_valid():
        told = {"signal": form.cleaned_data["signal"], "text": form.cleaned_data["text"]}
        try:
            contest_signal(complaint_id=case.complaint.pk, **told, by=acting(request), at=at)
        except Refusal as refusal:
            form.add_error("text", refusal.message)
        else:
            return back_to_case(request, case, _("Kept. Whoever works on the case reads it beside the remark."))
    return page(request, case, "signals", form, shown=shown)


def _about_reader(case: CaseFile) -> list[Shown]:
    at = clock.now()
    if case.side == Side.COMPLAINANT:
        return about_complainant(case.complaint, at=at)
    merchant = case.complaint.merchant_id
    return about_seller(merchant, at=at) if case.side == Side.RESPONDENT and merchant else []
