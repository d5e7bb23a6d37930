"""What a seller fills in about who it is: each form with the one action that it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from merchants.actions.identity import (
    LONGEST,
    LONGEST_NUMBER,
    Licensed,
    Registered,
    state_exemption,
    state_licence,
    state_registration,
    state_turnover,
)
from merchants.actions.identity_changes import Change, end_licence, take_change_back, tell_change
from merchants.actions.identity_objections import claim_code, contest_end
from merchants.actions.public_page import publish_name
from merchants.models import Licence, Registration
from merchants.states import ChangeKind, Exemption, LegalForm, LicenceKind
from microguard.accounts.actors import Actor
from microguard.core import masking
from microguard.core.amounts import AmountField
from microguard.core.money import parse_yuan

REGISTRATION = "registration"  # how a form names it beside the keys of licences
SAVED = _("Saved.")
SENT = _("Sent. A person of the office answers here, and you get a text message.")
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _line(label: Any, none: Any, *, most: int = LONGEST, help_text: Any = "", **attrs: Any) -> forms.CharField:
    """Return a field of one line."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
        error_messages={"required": none, "max_length": _("Use %(limit_value)d characters or fewer.")},
    )


def _licence_question() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Do you sell anything that needs a licence?"),
        help_text=_("Such as food, drugs, cosmetics or medical devices"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you sell anything that needs a licence.")},
    )


class TurnoverField(AmountField):
    """An amount in yuan from 0, without the limit of a single purchase; its value is fen."""

    def clean(self, value: Any) -> int | None:
        """Return fen."""
        fen = parse_yuan(forms.CharField.clean(self, value))
        if fen is None:
            raise forms.ValidationError(_("Amount must be a number with up to 2 decimals."))
        return fen


def _day(label: Any, odd: Any, *, is_required: bool = True, help_text: Any = "") -> forms.DateField:
    """Return a field of one day, taken however people write it."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=is_required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={"required": odd, "invalid": odd},
    )


def _explanation(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_("Only our office reads this. No ID number, please."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write at least 10 characters, in words the reader understands."),
            "max_length": _("Use %(limit_value)d characters or fewer."),
        },
    )


@dataclass(frozen=True)
class Stated:
    """What the seller states now: its registration or exemption, and its licences."""

    fact: Registration | None
    licences: tuple[Licence, ...]

    def named(self) -> dict[str, str]:
        """Return each in words, by the key under which a form names it."""
        licences = {str(each.pk): title_of(each) for each in self.licences}
        return ({REGISTRATION: title_of(self.fact)} if self.fact else {}) | licences


def title_of(fact: Registration | Licence) -> str:
    """Return what is stated in words, with stars."""
    if isinstance(fact, Licence):
        return f"{fact.get_kind_display()} · {masking.handle(str(fact.licence_number))}"
    return str(fact.get_exemption_display() if fact.exemption else _("Business licence"))


class ProfileForm(forms.Form):
    """One part of the page; `prefix` keeps its fields apart from those of the others."""

    use_required_attribute = False

    def __init__(self, *args: Any, stated: Stated, **kwargs: Any) -> None:
        self.stated = stated
        super().__init__(*args, **kwargs)


class NameForm(ProfileForm):
    """The name of the shop."""

    name = _line(_("Name of the shop"), _("Enter 2 to 30 characters."), help_text=_("Everybody can read it."))


class RegistrationForm(ProfileForm):
    """The business licence."""

    credit_code = _line(
        _("Credit code"),
        _("Enter the credit code from the business licence."),
        help_text=_("18 characters, on the business licence; we store it encrypted"),
        most=60,
    )
    registered_name = _line(_("Name on the business licence"), _("Enter the name as it stands on the licence."))
    legal_form = forms.ChoiceField(
        label=_("What is the business in law?"),
        choices=LegalForm.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the business is in law.")},
    )
    needs_licence = _licence_question()
    resident_id = _line(
        _("ID number of the responsible person"),
        "",
        help_text=_("We only check it and do not keep it."),
        most=60,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resident_id"].required = False


class ExemptionForm(ProfileForm):
    """Why no business licence is needed."""

    exemption = forms.ChoiceField(
        label=_("Why does your shop need no registration?"),
        choices=Exemption.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why your shop need not be registered.")},
    )
    needs_licence = _licence_question()
    resident_id = _line(
        _("ID number of the responsible person"),
        _("Enter the ID number of the responsible person."),
        help_text=_("We only check it and do not keep it. Whoever is under 18 needs an adult who is responsible."),
        most=60,
    )


class LicenceForm(ProfileForm):
    """A licence or filing."""

    kind = forms.ChoiceField(
        label=_("For what is it?"),
        choices=LicenceKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for what the licence is.")},
    )
    number = _line(_("Number of the licence"), _("Enter the number of the licence."), most=LONGEST_NUMBER)
    holder = _line(_("Holder"), _("Enter the holder as on the licence."))
    valid_until = _day(
        _("Valid until"),
        _("Enter the last day of the licence."),
        is_required=False,
        help_text=_("Leave it empty only if the paper names no last day."),
    )


class TurnoverForm(ProfileForm):
    """What one shop turned over in a year."""

    shop = _line(_("Shop or account"), _("Enter the shop or account."))
    year = forms.IntegerField(
        label=_("Year"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={"required": _("Enter the year."), "invalid": _("Enter the year.")},
    )
    amount_fen = TurnoverField(
        label=_("Turnover of that year in yuan"), none=_("Enter an amount in yuan, 0 or more.")
    )


class ChangeForm(ProfileForm):
    """What has ended or changed, and when."""

    about = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose what it is about."),
        },
    )
    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=ChangeKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    changed_date = _day(
        _("On which day did it change or end?"),
        _("Choose a day of the last twelve months, up to today."),
        help_text=_("The day on the notice or the paper; not the day on which you learned of it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = self.stated.named()
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = list(named.items())
        if len(named) == 1:
            about.initial = next(iter(named))


class PressForm(ProfileForm):
    """A button at one thing that is stated; `subject` is its key."""

    subject = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)


class CodeForm(ProfileForm):
    """Why a credit code is the seller's own that another profile states."""

    credit_code = forms.CharField(widget=forms.HiddenInput, max_length=60)
    explanation = _explanation(_("Why is the credit code yours?"))


class ContestForm(ProfileForm):
    """Why it was wrong to end what the seller had stated."""

    explanation = _explanation(_("Why is it wrong that we ended it?"))


def _name(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    publish_name(merchant_id=merchant_id, name=data["name"], by=by, at=at)


def _registration(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    told = Registered(
        data["credit_code"], data["registered_name"], data["legal_form"], data["needs_licence"] == "yes"
    )
    state_registration(merchant_id=merchant_id, told=told, resident_id=data["resident_id"], by=by, at=at)


def _exemption(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    state_exemption(
        merchant_id=merchant_id,
        exemption=data["exemption"],
        needs_licence=data["needs_licence"] == "yes",
        resident_id=data["resident_id"],
        by=by,
        at=at,
    )


def _licence(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    state_licence(merchant_id=merchant_id, told=Licensed(**data), by=by, at=at)


def _turnover(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    state_turnover(merchant_id=merchant_id, **data, by=by, at=at)


def _change(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    licence = None if data["about"] == REGISTRATION else int(data["about"])
    told = Change(data["kind"], data["changed_date"], licence)
    tell_change(merchant_id=merchant_id, told=told, by=by, at=at)


def _back(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    take_change_back(merchant_id=merchant_id, change_id=data["subject"], by=by, at=at)


def _off(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    end_licence(merchant_id=merchant_id, licence_id=data["subject"], by=by, at=at)


def _code(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    claim_code(merchant_id=merchant_id, code=data["credit_code"], explanation=data["explanation"], by=by, at=at)


def _contest(merchant_id: int, data: dict[str, Any], by: Actor, at: datetime) -> None:
    contest_end(merchant_id=merchant_id, explanation=data["explanation"], by=by, at=at)


@dataclass(frozen=True)
class Part:
    """One part of the page: its form, its action, and the words on it."""

    title: str | Promise
    button: str | Promise
    form: type[ProfileForm]
    perform: Callable[[int, dict[str, Any], Actor, datetime], None]
    done: str | Promise = SAVED


# By the prefix of the fields.
PARTS: dict[str, Part] = {
    "name": Part(_("Name of the shop"), _("Show this name"), NameForm, _name),
    "registration": Part(_("I have a business licence"), _("Save"), RegistrationForm, _registration),
    "exemption": Part(_("I need no business licence"), _("Save"), ExemptionForm, _exemption),
    "licence": Part(_("Add a licence"), _("Save"), LicenceForm, _licence),
    "turnover": Part(_("Add the turnover of a shop"), _("Save"), TurnoverForm, _turnover),
    "change": Part(_("My registration or licence has ended or changed"), _("Tell this"), ChangeForm, _change),
    "back": Part("", _("I was wrong: nothing has changed"), PressForm, _back, _("Taken back.")),
    "off": Part("", _("It no longer counts: take it off"), PressForm, _off, _("Taken off.")),
    "code": Part(_("This credit code is mine"), _("Send to us"), CodeForm, _code, SENT),
    "contest": Part(_("That is wrong: I object"), _("Send to us"), ContestForm, _contest, SENT),
}
