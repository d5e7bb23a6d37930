"""What buyer and seller fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import AmountField, CodeField, PhoneField
from complaints.states import EvidenceKind
from disputes.rules.terms import Terms

PAY_DAYS = (
    (3, _("within 3 days")),
    (7, _("within 7 days")),
    (15, _("within 15 days")),
    (30, _("within 30 days")),
)


class PartyForm(forms.Form):
    """A form of a party: its sentences are ours, not the browser's."""

    use_required_attribute = False
    unmarked: tuple[str, ...] = ()


class OfferForm(PartyForm):
    """Terms that one side offers."""

    amount_fen = AmountField(label=_("How much money?"))
    goods_returned = forms.BooleanField(label=_("The goods go back, freight paid by the seller"), required=False)
    pay_within_days = forms.TypedChoiceField(
        label=_("When is it paid?"),
        choices=PAY_DAYS,
        coerce=int,
        initial=7,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages={"required": _("Choose a day for payment within 60 days.")},
    )
    note = forms.CharField(
        label=_("Anything else"),
        help_text=_("For example: exchange, send again, an apology."),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Use 200 characters or fewer.")},
    )

    def terms(self) -> Terms:
        """Return what is offered."""
        data = self.cleaned_data
        return Terms(data["amount_fen"] or 0, data["pay_within_days"], data["goods_returned"], data["note"])


class ReplyForm(PartyForm):
    """The seller's first answer."""

    answer = forms.ChoiceField(
        label=_("What do you answer?"),
        choices=(
            ("agree", _("I agree to what the buyer asks")),
            ("offer", _("I offer something else")),
            ("contest", _("I disagree")),
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose your answer: agree, offer something else, or disagree."),
            "invalid_choice": _("Choose your answer: agree, offer something else, or disagree."),
        },
    )
    reason = forms.CharField(
        label=_("If you disagree: why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": 2000}),
        error_messages={"max_length": _("Use 2,000 characters or fewer.")},
    )
    unmarked = ("reason",)


class LinkForm(PartyForm):
    """The seller's phone and one-time code."""

    phone = PhoneField(label=_("Your phone number"))
    code = CodeField(required=False)
    unmarked = ("code",)


class NotMeForm(PartyForm):
    """Why the link came to the wrong person."""

    reason = forms.CharField(
        label=_("Why is this not you?"),
        max_length=300,
        error_messages={
            "required": _("Say in a few words why this is not you."),
            "max_length": _("Use 300 characters or fewer."),
        },
    )


class InformForm(PartyForm):
    """The buyer's answer to what the office asked."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": 2000}),
        error_messages={
            "required": _("Write something or attach a file."),
            "max_length": _("Use 2,000 characters or fewer."),
        },
    )
    file = forms.FileField(label=_("A picture or another file"), required=False, allow_empty_file=True)


class FileForm(PartyForm):
    """A further file for the case."""

    kind = forms.ChoiceField(label=_("What does the file show?"), choices=EvidenceKind.choices)
    file = forms.FileField(
        label=_("Choose a file"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf,video/*,audio/*"}),
    )


class SignForm(PartyForm):
    """A signature: name, one-time code, and that the text was read to its end."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(
        label=_("I have read it to the end"),
        error_messages={"required": _("Read the agreement to the end before signing.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=50,
        error_messages={"required": _("Enter your name."), "max_length": _("Use 50 characters or fewer.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    code = CodeField()


class MessageForm(PartyForm):
    """A message to the joint room."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write something or attach a file."),
            "max_length": _("Use 2,000 characters or fewer."),
        },
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)


class ProposalAnswerForm(PartyForm):
    """One side's answer to the mediator's proposal."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=(("yes", _("I accept")), ("no", _("I do not accept"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you accept.")},
    )
    waive = forms.BooleanField(label=_("I do not want to wait a day before I answer"), required=False)
    unmarked = ("waive",)


class ConsentForm(PartyForm):
    """Yes or no to mediation."""

    answer = forms.ChoiceField(
        label=_("Do you agree to mediation?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you agree to mediation.")},
    )


class PaidForm(PartyForm):
    """The seller's proof of payment."""

    proof = forms.FileField(
        label=_("Screenshot of the payment"),
        allow_empty_file=True,
        error_messages={"required": _("Add a screenshot of the payment.")},
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )


class WithdrawForm(PartyForm):
    """Why the buyer withdraws."""

    reason = forms.ChoiceField(
        label=_("Why do you withdraw?"),
        choices=(("solved", _("I got my money or what I wanted")), ("other", _("Another reason"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why you withdraw.")},
    )
    recovered_fen = AmountField(label=_("How much did you get back?"))
