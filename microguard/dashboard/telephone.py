"""A matter told by phone, or sent or brought in: one page, filed and, if it was settled at once, closed."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.filing import StepAnswers
from complaints.forms.fields import AmountField, PhoneField, refuse_odd_phone
from complaints.forms.steps import LONGEST_STORY, SHORTEST_STORY
from complaints.states import PaidBy, Problem, Source
from disputes.actions.outcome import SHORTEST_NOTE, TakenMatter, refund_wanted
from merchants.states import HandleType
from microguard.accounts.actions.codes import phone_hash
from microguard.core import normal_forms
from microguard.jurisdictions.divisions import choices as division_choices

FACTS = ("item", "amount_fen", "paid_date", "paid_by", "problem", "story", "complainant_name", "phone", "division")


class MatterForm(forms.Form):
    """What is noted while the complainant is on the phone or at the window; `settles` asks how it ended too."""

    use_required_attribute = False
    unmarked: tuple[str, ...] = ("recovered_fen", "note")

    source = forms.ChoiceField(
        label=_("How it reached us"),
        help_text=_(
            "A letter, a visit to the service window or a work order is taken down here too: choose it first."
        ),
        choices=[(source.value, source.label) for source in Source if source != Source.WEB],
        initial=Source.PHONE,
    )
    complainant_name = forms.CharField(
        label=_("Buyer's name"),
        min_length=2,
        max_length=50,
        error_messages={
            "required": _("Enter the buyer's name."),
            "min_length": _("Enter the buyer's name."),
            "max_length": _("Use 50 characters or fewer."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(label=_("Buyer's phone"))
    division = forms.ChoiceField(
        label=_("Where does the buyer live?"),
        error_messages={
            "required": _("Choose province and city."),
            "invalid_choice": _("Choose province and city."),
        },
    )
    seller_kind = forms.ChoiceField(
        label=_("The seller is known by"), choices=HandleType.choices, initial=HandleType.WECHAT_ID
    )
    seller = forms.CharField(
        label=_("Handle of the seller"),
        max_length=64,
        error_messages={
            "required": _("Enter how the buyer knows the seller."),
            "max_length": _("Use 64 characters or fewer."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    item = forms.CharField(
        label=_("Goods"),
        max_length=80,
        error_messages={
            "required": _("Enter what the buyer bought."),
            "max_length": _("Use 80 characters or fewer."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    amount_fen = AmountField(label=_("Paid"), none=_("Enter how much the buyer paid."))
    paid_date = forms.DateField(
        label=_("Paid on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the date of payment."),
            "invalid": _("Choose the date of payment."),
        },
    )
    paid_by = forms.ChoiceField(label=_("Paid by"), choices=PaidBy.choices, initial=PaidBy.WECHAT_TRANSFER)
    problem = forms.ChoiceField(
        label=_("Problem"),
        choices=[("", _("Choose a problem")), *Problem.choices],
        error_messages={"required": _("Choose what went wrong, or “Something else”.")},
    )
    story = forms.CharField(
        label=_("What happened"),
        min_length=SHORTEST_STORY,
        max_length=LONGEST_STORY,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Describe what happened in at least 10 characters."),
            "min_length": _("Describe what happened in at least 10 characters."),
            "max_length": _("Use %(limit_value)d characters or fewer."),
        },
    )
    recovered_fen = AmountField(label=_("Money back (empty: all that was paid)"))
    note = forms.CharField(
        label=_("How it ended"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Use %(limit_value)d characters or fewer.")},
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, *args: Any, today: date, settles: bool = False, **kwargs: Any) -> None:
        self.today, self.settles = today, settles
        kwargs["initial"] = {"paid_date": today, "key": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ChoiceField)
        division.choices = [("", _("Choose a city")), *division_choices(today)]

    def clean_paid_date(self) -> date:
        """Refuse a day that has not come."""
        paid: date = self.cleaned_data["paid_date"]
        if paid > self.today:
            raise forms.ValidationError(
                _("Date paid must be today (%(today)s) or earlier."), params={"today": self.today.isoformat()}
            )
        return paid

    def clean(self) -> dict[str, Any]:
        """Check the seller's handle, and how it ended if it ended."""
        cleaned = super().clean() or {}
        if cleaned.get("seller_kind") == HandleType.PHONE and "seller" in cleaned:
            self._check_sellers_phone(cleaned)
        if self.settles and len((cleaned.get("note") or "").strip()) < SHORTEST_NOTE and "note" not in self.errors:
            self.add_error("note", _("Write in a few words how it ended."))
        return cleaned

    def _check_sellers_phone(self, cleaned: dict[str, Any]) -> None:
        number = normal_forms.phone(cleaned["seller"])
        try:
            refuse_odd_phone(number)
        except forms.ValidationError as error:
            self.add_error("seller", error)
        if number == cleaned.get("phone"):
            self.add_error("seller", _("Buyer and seller have the same number. Check both."))

    def matter(self) -> TakenMatter:
        """Return what is to be filed, and closed where it settles."""
        data = self.cleaned_data
        columns = {name: data[name] for name in FACTS} | {"phone_hash": phone_hash(data["phone"])}
        answers = StepAnswers(
            columns=columns,
            mentions=[(data["seller_kind"], data["seller"].strip())],
            claims=refund_wanted(data["amount_fen"]),
        )
        if not self.settles:
            return TakenMatter(answers, source=data["source"])
        recovered_fen = data["recovered_fen"] or data["amount_fen"]
        return TakenMatter(answers, recovered_fen, data["note"], data["source"])
