"""The small forms of the desk: what each step of a case asks for."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.public_record import LONGEST_REASON
from complaints.forms.fields import AmountField
from complaints.selectors import is_seller_named_by_buyer
from complaints.states import DeclineGround
from disputes.actions.appraisal import TERM
from disputes.forms.party import PAY_DAYS
from disputes.rules.terms import Terms
from disputes.selectors.cases import CaseFile
from disputes.states import Outcome
from merchants.selectors.proposing import candidates
from microguard.accounts.models import User
from microguard.accounts.roles import Role
from microguard.deadlines.actions import open_deadlines
from microguard.deadlines.ends import version_for
from microguard.deadlines.wording import reason_in_words

CHOSEN_BY_OFFICE = (
    Outcome.NO_AGREEMENT,
    Outcome.NO_CONSENT,
    Outcome.NO_RESPONSE,
    Outcome.TERM_EXPIRED,
    Outcome.BREACHED,
    Outcome.CONFIRMED_SOLVED,
)
NEW_SELLER = "new"


class DeskForm(forms.Form):
    """A form about one case; its sentences are ours, not the browser's."""

    use_required_attribute = False
    unmarked: tuple[str, ...] = ()

    def __init__(self, *args: Any, case: CaseFile, today: date, **kwargs: Any) -> None:
        self.case, self.today = case, today
        super().__init__(*args, **kwargs)


def words(label: Any, none: Any, *, most: int, rows: int = 4, help_text: Any = "") -> forms.CharField:
    """Return a box for sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": none, "max_length": _("Use %(limit_value)d characters or fewer.")},
    )


class QuestionForm(DeskForm):
    """What the buyer is asked for."""

    question = words(
        _("What do you need from the buyer?"),
        _("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=_("The buyer reads exactly this."),
    )


class SetApartForm(DeskForm):
    """Why a complaint says nothing of the seller."""

    reason = words(
        _("Why does it say nothing of the seller?"),
        _("Write at least 10 characters, in words the reader understands."),
        most=LONGEST_REASON,
        help_text=_("The buyer reads exactly this and may object. What a program counted is no reason by itself."),
    )


def known_sellers(case: CaseFile) -> list[tuple[str, str]]:
    """Return the sellers that the registry proposes for the case, and the one that it is linked to, as choices."""
    mentions = [(mention.type, mention.value) for mention in case.complaint.mentions.all()]
    known = [
        (str(each.merchant.pk), f"{each.merchant} · {' · '.join(map(str, each.handles))} · {each.percent} %")
        for each in candidates(mentions)
    ]
    linked = case.complaint.merchant
    if linked is None:
        return known
    words = dict(known).get(str(linked.pk), str(linked))
    if is_seller_named_by_buyer(case.complaint):
        words = " · ".join((words, str(_("chosen by the buyer"))))
    return [(str(linked.pk), words), *(choice for choice in known if choice[0] != str(linked.pk))]


class AcceptForm(DeskForm):
    """Who the seller is: one of the registry, or a new profile."""

    merchant = forms.ChoiceField(
        label=_("Who is the seller?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the seller, or “A new seller”.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known, linked = known_sellers(self.case), self.case.complaint.merchant
        field = self.fields["merchant"]
        field.choices = [(NEW_SELLER, _("A new seller")), *known]  # type: ignore[attr-defined]
        field.initial = linked.pk if linked is not None else None if known else NEW_SELLER
        if known:
            field.help_text = _(
                "One of these may be the seller; the case page tells why. Two people may share a handle."
            )

    @property
    def merchant_id(self) -> int | None:
        """The chosen profile, None for a new one."""
        chosen = self.cleaned_data["merchant"]
        return None if chosen == NEW_SELLER else int(chosen)


class LinkForm(DeskForm):
    """Which other seller the case is about, and why."""

    merchant = forms.ChoiceField(
        label=_("Who is the seller?"),
        help_text=_("What was named in the case then counts for this seller only. Linking it back undoes it."),
        widget=forms.RadioSelect,
        required=False,
    )
    number = forms.CharField(
        label=_("Or another profile, by its number"),
        help_text=_("As it stands in the list of sellers, such as S-12"),
        max_length=20,
        required=False,
    )
    reason = words(
        _("Why?"),
        _("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=_("Only the office reads this. Write what you saw, and in which case."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = self.case.complaint.merchant_id
        choices = [choice for choice in known_sellers(self.case) if choice[0] != str(linked)]
        self.fields["merchant"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read the number, if there is one, in place of the choice."""
        given = super().clean() or {}
        number = str(given.get("number") or "").strip().upper().removeprefix("S-")
        if number and not (number.isdecimal() and len(number) < 19):
            self.add_error("number", _("Write the number as it stands in the list, such as S-12."))
        elif not number and not given.get("merchant") and "merchant" not in self.errors:
            self.add_error("merchant", _("Choose the seller, or write the number of its profile."))
        else:
            given["merchant_id"] = int(number or given.get("merchant") or 0)
        return given


class DeclineForm(DeskForm):
    """Why the complaint is not accepted."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=DeclineGround.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is not accepted.")},
    )
    reason = words(
        _("Reason in plain words"),
        _("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=_("The buyer reads exactly this, with the other ways that stay open."),
    )


class SettleForm(DeskForm):
    """A case settled and performed at once."""

    recovered_fen = AmountField(label=_("Money back"))
    note = words(_("How it ended"), _("Write in a few words how it ended."), most=500, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recovered_fen"].initial = self.case.complaint.amount_fen


class AssignForm(DeskForm):
    """Who mediates."""

    mediator = forms.ModelChoiceField(
        label=_("Mediator"),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Choose a mediator."),
            "invalid_choice": _("Choose a mediator."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, memberships__role=Role.MEDIATOR)
        self.fields["mediator"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]


class RoomForm(DeskForm):
    """A message that both sides read."""

    text = words(
        _("Message to both"),
        _("Write something or attach a file."),
        most=2000,
        help_text=_("Buyer, seller and mediator read this."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=80, initial=lambda: str(uuid4()))


class ProposalForm(DeskForm):
    """The mediator's proposal."""

    amount_fen = AmountField(label=_("The seller pays the buyer"))
    goods_returned = forms.BooleanField(label=_("The goods go back, freight paid by the seller"), required=False)
    pay_within_days = forms.TypedChoiceField(
        label=_("When is it paid?"),
        choices=PAY_DAYS,
        coerce=int,
        initial=7,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages={"required": _("Choose a day for payment within 60 days.")},
    )
    reasons = words(
        _("Reasons"),
        _("A proposal needs terms and the reasons for them."),
        most=1000,
        help_text=_("Both sides read them."),
    )

    def terms(self) -> Terms:
        """Return what is proposed."""
        data = self.cleaned_data
        return Terms(data["amount_fen"] or 0, data["pay_within_days"], data["goods_returned"], data["reasons"])


def day(label: Any, help_text: Any) -> forms.DateField:
    """Return a box for one day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
    )


class StopForm(DeskForm):
    """Why the time for mediation stops, and from which day on."""

    reason = forms.ChoiceField(
        label=_("Why does it stop?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it stops.")},
    )
    since = day(_("First day that does not count"), _("Today, or the earlier day on which the appraisal began."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term = open_deadlines(self.case.complaint).filter(rule=TERM).first()
        reasons = version_for(term).suspended_by if term else ()
        field = self.fields["reason"]
        field.choices = [(code, reason_in_words(code)) for code in reasons]  # type: ignore[attr-defined]
        field.initial = reasons[0] if len(reasons) == 1 else None
        self.fields["since"].initial = self.today


class GoOnForm(DeskForm):
    """From which day on the time for mediation runs again."""

    until = day(_("First day that counts again"), _("Today, or the earlier day on which the result was there."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = self.today


class CloseForm(DeskForm):
    """How a case ended."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(outcome.value, outcome.label) for outcome in CHOSEN_BY_OFFICE],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended.")},
    )
    recovered_fen = AmountField(label=_("Money the buyer got back"))
    note = words(
        _("How it ended"),
        _("Write in a few words how it ended."),
        most=500,
        rows=3,
        help_text=_("Both sides read this."),
    )
