"""What a visitor may say of a case so that the routes are put in order for it; everything may be left out."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from microguard.jurisdictions.divisions import choices, full_name
from microguard.jurisdictions.rules import Answer, Deal
from microguard.law.vocabulary import UNKNOWN, Facts

CHANNELS = (
    ("", _("Not sure")),
    ("private_chat", _("Private chat")),
    ("moments", _("Moments")),
    ("group", _("Group")),
    ("mini_program", _("Mini program")),
    ("channels_live", _("Live room")),
    ("wechat_shop", _("WeChat shop")),
    ("other_platform", _("Another platform")),
)
PUBLISHED = (
    ("", _("Not sure")),
    (Answer.YES.value, _("Yes")),
    (Answer.NO.value, _("No, or nobody can be reached there")),
)
SIGNS = (
    ("unknown", _("I do not know who the seller really is")),
    ("gone", _("The seller can no longer be found")),
    ("several", _("Other buyers lost money too")),
    ("banned", _("A test found a banned substance")),
    ("agreed", _("We agreed on something and the seller does not keep it")),
    ("once", _("A private person sold one thing of their own")),
    ("trade", _("I bought it to sell it on")),
)
# What each of these says in the vocabulary of facts.
SAYS = {
    "unknown": ("seller_known", "no"),
    "gone": ("contact", "disappeared"),
    "several": ("victims", "several"),
    "banned": ("test_result", "banned_substance"),
    "agreed": ("agreed_settlement", "yes"),
    "once": ("seller_type", "private_one_off"),
    "trade": ("buyer_purpose", "trade"),
}
PATHS = (
    ("negotiation", _("Talked to the seller")),
    ("platform", _("Complained to the platform")),
    ("association", _("Went to a consumer association")),
    ("12315_mediation", _("Went to the market regulator (12315)")),
    ("court", _("Went to court")),
)


@dataclass(frozen=True)
class ChosenFacts:
    """The facts that the choices of the page tell; nothing chosen is "not known"."""

    channel: str | None = None
    seller_known: str | None = None
    seller_type: str | None = None
    seller_repeat: str | None = None
    contact: str | None = None
    victims: str | None = None
    police: str | None = None
    buyer_purpose: str | None = None
    paths_tried: tuple[str, ...] = ()
    test_result: str | None = None
    agreed_settlement: str | None = None


class RoutesForm(forms.Form):
    """A few choices about the case, all of them optional, sent by GET."""

    use_required_attribute = False
    channel = forms.ChoiceField(label=_("Where did you make the deal?"), choices=CHANNELS, required=False)
    division = forms.ChoiceField(label=_("Where do you live?"), required=False)
    seller_division = forms.ChoiceField(label=_("Where is the seller?"), required=False)
    published = forms.ChoiceField(
        label=_("Does the shop publish an address at which the seller can be reached?"),
        help_text=_("Only for shops on a platform."),
        choices=PUBLISHED,
        required=False,
    )
    signs = forms.MultipleChoiceField(
        label=_("What is true of your case?"), choices=SIGNS, widget=forms.CheckboxSelectMultiple, required=False
    )
    tried = forms.MultipleChoiceField(
        label=_("What have you tried?"), choices=PATHS, widget=forms.CheckboxSelectMultiple, required=False
    )
    unmarked = ("channel", "division", "seller_division", "published", "signs", "tried")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("division", "seller_division"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Not sure")), *choices(today)]

    def facts(self) -> ChosenFacts:
        """Return the facts that were chosen; a choice that does not exist counts as none."""
        return ChosenFacts(
            channel=self.cleaned_data.get("channel") or None,
            paths_tried=tuple(self.cleaned_data.get("tried", ())),
            **dict(SAYS[sign] for sign in self.cleaned_data.get("signs", ())),
        )

    def said(self) -> list[str]:
        """Return what was chosen, in words."""
        cleaned = self.cleaned_data
        seller = full_name(cleaned.get("seller_division", ""))
        published = dict(PUBLISHED)[cleaned["published"]] if cleaned.get("published") else ""
        words = [
            dict(CHANNELS)[cleaned["channel"]] if cleaned.get("channel") else "",
            full_name(cleaned.get("division", "")),
            _("the seller in {place}").format(place=seller) if seller else "",
            _("published address: {answer}").format(answer=published) if published else "",
            *(dict(SIGNS)[sign] for sign in cleaned.get("signs", ())),
            *(dict(PATHS)[path] for path in cleaned.get("tried", ())),
        ]
        return [str(word) for word in words if word]

    def deal(self) -> Deal:
        """Return what was chosen of where things are."""
        return Deal(
            channel=self.cleaned_data.get("channel") or None,
            seller=self.cleaned_data.get("seller_division") or None,
            address_published=Answer(self.cleaned_data.get("published") or Answer.UNKNOWN),
            receipt=self.cleaned_data.get("division") or None,
        )


def choices_of(facts: Facts) -> str:
    """Return the facts as choices of the page, as they stand in its address."""
    signs = [sign for sign, (field, value) in SAYS.items() if getattr(facts, field) == value]
    channel = [] if facts.channel == UNKNOWN else [facts.channel]
    return urlencode({"channel": channel, "signs": signs, "tried": facts.paths_tried}, doseq=True)
