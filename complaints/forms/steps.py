"""The seven steps of filing: what each asks, and the sentence for every wrong answer."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.filing import StepAnswers, Wanted
from complaints.forms.fields import AmountField, CodeField, PhoneField
from complaints.models import Complaint
from complaints.states import (
    Channel,
    ClaimKind,
    EvidenceKind,
    PaidBy,
    Problem,
    Relationship,
)
from merchants.states import HandleType
from microguard.core import normal_forms
from microguard.core.money import yuan
from microguard.jurisdictions.divisions import choices as division_choices

EARLIEST_PAID = date(2000, 1, 1)  # an earlier year is a slip of the finger
SHORTEST_STORY, LONGEST_STORY = 10, 2000


class StepForm(forms.Form):
    """A step of the wizard; `answers()` is what it leaves behind."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, draft: Complaint | None = None, today: date | None = None, **kwargs: Any
    ) -> None:
        self.draft = draft
        self.today = today
        super().__init__(*args, **kwargs)

    def answers(self) -> StepAnswers:
        """Return the columns, mentions and claims of this step."""
        return StepAnswers(columns=dict(self.cleaned_data))

    @classmethod
    def known(cls, draft: Complaint) -> dict[str, Any]:
        """Return the answers that the draft holds already, as the form's initial values."""
        return {name: getattr(draft, name) for name in cls.base_fields if hasattr(draft, name)}


class DealForm(StepForm):
    """The deal: what was bought, for how much, when, how it was paid."""

    item = forms.CharField(
        label=_("What did you buy?"),
        max_length=80,
        error_messages={
            "required": _("Enter what you bought."),
            "max_length": _("Use 80 characters or fewer."),
        },
    )
    amount_fen = AmountField(label=_("How much did you pay?"), none=_("Enter how much you paid."))
    paid_date = forms.DateField(
        label=_("When did you pay?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the date you paid. Choose “About” if unsure."),
            "invalid": _("Choose the date you paid. Choose “About” if unsure."),
        },
    )
    paid_date_about = forms.BooleanField(label=_("About that date"), required=False)
    paid_by = forms.ChoiceField(
        label=_("How did you pay?"),
        choices=PaidBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you paid.")},
    )
    channel = forms.ChoiceField(
        label=_("Where did you make the deal?"), choices=[("", "—"), *Channel.choices], required=False
    )
    relationship = forms.ChoiceField(
        label=_("How do you know the seller?"), choices=[("", "—"), *Relationship.choices], required=False
    )
    order_number = forms.CharField(
        label=_("Order or transfer number"),
        max_length=64,
        required=False,
        error_messages={"max_length": _("Use 64 characters or fewer.")},
    )
    unmarked = ("paid_date_about",)

    def clean_paid_date(self) -> date:
        """Refuse a day that has not come, and one before there was anything to pay with."""
        paid: date = self.cleaned_data["paid_date"]
        assert self.today is not None
        if paid < EARLIEST_PAID:
            raise forms.ValidationError(self.fields["paid_date"].error_messages["required"])
        if paid > self.today:
            raise forms.ValidationError(
                _("Date paid must be today (%(today)s) or earlier."), params={"today": self.today.isoformat()}
            )
        return paid


class ProblemForm(StepForm):
    """What went wrong?"""

    problem = forms.ChoiceField(
        label=_("What went wrong?"),
        choices=Problem.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what went wrong, or “Something else”."),
            "invalid_choice": _("Choose what went wrong, or “Something else”."),
        },
    )
    story = forms.CharField(
        label=_("Tell what happened"),
        help_text=_("When was it, what did the seller say, how do things stand now? You can dictate by keyboard."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "data-count": LONGEST_STORY}),
    )
    unmarked = ("story",)

    def clean_story(self) -> str:
        """Ask for ten characters at least, two thousand at most."""
        story: str = self.cleaned_data["story"].strip().replace("\r\n", "\n")
        if len(story) < SHORTEST_STORY:
            raise forms.ValidationError(_("Describe what happened in at least 10 characters."))
        if len(story) > LONGEST_STORY:
            raise forms.ValidationError(
                _("Use 2,000 characters or fewer. You are %(n)s over."),
                params={"n": len(story) - LONGEST_STORY},
            )
        return story


class WantForm(StepForm):
    """What does the buyer want?"""

    kinds = forms.MultipleChoiceField(
        label=_("What do you want?"),
        choices=ClaimKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you want. You can choose more than one.")},
    )
    refund_fen = AmountField(label=_("Money back"))
    compensation_fen = AmountField(label=_("Compensation"))
    as_law_sets = forms.BooleanField(label=_("As the law sets"), required=False)
    minimum_fen = AmountField(
        label=_("What is the least you would accept?"),
        help_text=_("Only the mediator sees this, never the seller."),
    )
    unmarked = ("refund_fen", "compensation_fen", "as_law_sets")

    def clean(self) -> dict[str, Any]:
        """Check the sums against what was paid and what was chosen."""
        cleaned = super().clean() or {}
        kinds = cleaned.get("kinds") or []
        paid = (self.draft.amount_fen if self.draft else None) or 0
        refund = cleaned.get("refund_fen")
        if refund and paid and refund > paid:
            self.add_error(
                "refund_fen",
                forms.ValidationError(
                    _(
                        "Refund cannot be more than the %(paid)s you paid. "
                        "To ask for more, also choose “Compensation”."
                    ),
                    params={"paid": yuan(paid)},
                ),
            )
        compensated = cleaned.get("compensation_fen") or cleaned.get("as_law_sets")
        if ClaimKind.COMPENSATION in kinds and not compensated and "compensation_fen" not in self.errors:
            self.add_error("compensation_fen", _("Enter the compensation you want, or choose “As the law sets”."))
        return cleaned

    def answers(self) -> StepAnswers:
        """Return one claim for each thing wanted."""
        paid = self.draft.amount_fen if self.draft else None
        claims = []
        for kind in self.cleaned_data["kinds"]:
            if kind in (ClaimKind.REFUND, ClaimKind.RETURN_AND_REFUND):
                claims.append(Wanted(kind, self.cleaned_data["refund_fen"] or paid))
            elif kind == ClaimKind.COMPENSATION:
                by_law = self.cleaned_data["as_law_sets"]
                claims.append(Wanted(kind, None if by_law else self.cleaned_data["compensation_fen"], by_law))
            else:
                claims.append(Wanted(kind))
        if {ClaimKind.REFUND, ClaimKind.RETURN_AND_REFUND} <= {claim.kind for claim in claims}:
            claims = [claim for claim in claims if claim.kind != ClaimKind.REFUND]  # the price is asked for once
        minimum = self.cleaned_data["minimum_fen"]
        columns = {"minimum_yuan": f"{minimum // 100}.{minimum % 100:02d}" if minimum else ""}
        return StepAnswers(columns=columns, claims=claims)

    @classmethod
    def known(cls, draft: Complaint) -> dict[str, Any]:
        """Return the claims that the draft holds; the refund is suggested as the sum paid."""
        claims = {claim.kind: claim for claim in draft.claims.all()}
        money = claims.get(ClaimKind.RETURN_AND_REFUND) or claims.get(ClaimKind.REFUND)
        compensation = claims.get(ClaimKind.COMPENSATION)
        return {
            "kinds": list(claims),
            "refund_fen": (money.amount_fen if money else None) or draft.amount_fen,
            "compensation_fen": compensation.amount_fen if compensation else None,
            "as_law_sets": bool(compensation and compensation.as_law_sets),
            "minimum_fen": draft.minimum_yuan,
        }


class ManyFilesInput(forms.FileInput):
    """A file input that takes several files where the browser can."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the first file: it stands for all in the form's checks; the view reads the whole list."""
        return (files.getlist(name) or [None])[0]


class EvidenceForm(StepForm):
    """Pictures and other files; each is kept as soon as it arrives."""

    kind = forms.ChoiceField(
        label=_("What do the files show?"),
        choices=EvidenceKind.choices,
        initial=EvidenceKind.CHAT,
        required=False,
    )
    files = forms.FileField(  # type: ignore[assignment]
        label=_("Take a photo or choose files"),
        required=False,
        allow_empty_file=True,
        help_text=_("Pictures, PDF, video or recordings. Screenshots of chat and payment help most."),
        widget=ManyFilesInput(attrs={"accept": "image/*,application/pdf,video/*,audio/*", "multiple": True}),
    )
    unmarked = ("kind", "files")


class YouForm(StepForm):
    """How can we reach the buyer?"""

    complainant_name = forms.CharField(
        label=_("Your name"),
        help_text=_("Seen by the seller and the mediator."),
        min_length=2,
        max_length=50,
        error_messages={
            "required": _("Enter your name."),
            "min_length": _("Enter your name."),
            "max_length": _("Use 50 characters or fewer."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField(
        label=_("Your phone number"),
        help_text=_("Seen by the mediator only."),
    )
    division = forms.ChoiceField(
        label=_("Where do you live?"),
        error_messages={
            "required": _("Choose your province and city."),
            "invalid_choice": _("Choose your province and city."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=120,
        error_messages={
            "invalid": _("Enter an e-mail address like name@example.com, or leave it empty."),
            "max_length": _("Enter an e-mail address like name@example.com, or leave it empty."),
        },
    )
    code = CodeField(required=False)
    unmarked = ("code",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.today is not None
        division = self.fields["division"]
        assert isinstance(division, forms.ChoiceField)
        division.choices = [("", _("Choose a city")), *division_choices(self.today)]

    def clean_phone(self) -> str:
        """Refuse the seller's own number."""
        number: str = self.cleaned_data["phone"]
        mentions = self.draft.mentions.filter(type=HandleType.PHONE) if self.draft else []
        if any(normal_forms.phone(mention.value) == number for mention in mentions):
            raise forms.ValidationError(_("The seller's number is the same as yours. Check both numbers."))
        return number
