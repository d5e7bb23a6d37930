"""Who a seller says it is, at the desk: level, facts with stars, history, and the word that it was checked."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from merchants.actions.identity import check_identity
from merchants.models import Registration
from merchants.selectors.identity import (
    level_of,
    licences_of,
    reasons_to_check,
    registration_of,
    registrations_of,
    turnovers_of,
)
from merchants.states import CHECKED_LEVELS, IN_WORDS
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core import clock
from microguard.dashboard.forms import day, words
from microguard.dashboard.seller_deeds import SellerDeed, SellerForm


class CheckForm(SellerForm):
    """What was seen, in which words, and on which day."""

    level = forms.ChoiceField(
        label=gettext_lazy("What have you seen?"),
        choices=[(level.value, level.label) for level in CHECKED_LEVELS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you have seen.")},
    )
    looked_at = words(
        gettext_lazy("What did you look at?"),
        gettext_lazy("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=gettext_lazy("Such as the photo of the licence, or the page of the register. No numbers."),
    )
    looked_date = day(gettext_lazy("On which day?"), "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["subject"]


def _check(form: CheckForm, by: Actor, at: datetime) -> None:
    check_identity(merchant_id=form.merchant.pk, by=by, at=at, **form.cleaned_data)


IDENTITY_DEEDS = {
    "checked": SellerDeed(gettext_lazy("I have checked it"), gettext_lazy("Noted."), CheckForm, _check)
}


def identity_panel(profiles: Collection[int], actor: Actor) -> dict[str, Any]:
    """Return what the seller states, what of it is proven and since when, and what to look at again."""
    fact, history = registration_of(profiles), list(registrations_of(profiles))
    today = clock.day_of(clock.now())
    return {
        "identity": {
            "level": level_of(profiles),
            "fact": fact,
            "licences": licences_of(profiles),
            "turnovers": turnovers_of(profiles),
            "reasons": [IN_WORDS[reason] for reason in reasons_to_check(profiles, on=today)] if fact else [],
            "history": [_entry(each) for each in history],
            "may_check": fact is not None and policies.can(actor, "identity.check"),
        }
    }


def _entry(fact: Registration) -> dict[str, Any]:
    return {"fact": fact, "checks": fact.checks.all()}
