"""Who a seller says it is, at the desk: level, facts with stars, history, and the word that it was checked."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.actions.identity import check_identity
from merchants.actions.identity_objections import (
    answer_objection,
    end_statement,
    restore_statement,
    withdraw_check,
)
from merchants.models import IdentityCheck, IdentityObjection, Licence, Registration
from merchants.selectors import profiles_of
from merchants.selectors.claiming import owner_of
from merchants.selectors.identity import (
    changes_of,
    checks_in_force,
    level_of,
    licences_of,
    open_objections,
    reasons_to_check,
    registration_of,
    registrations_of,
    turnovers_of,
    updates_awaited,
)
from merchants.states import CHECKED_LEVELS, IN_WORDS, CorrectionResult, ObjectionKind
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core import clock
from microguard.dashboard.forms import day, words
from microguard.dashboard.seller_deeds import SellerDeed, SellerForm
from microguard.deadlines import actions as deadlines
from microguard.deadlines.models import Deadline
from microguard.deadlines.stored import told


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
    looked_date = day(gettext_lazy("On which day did you look?"), "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["subject"]


class EndForm(SellerForm):
    """Why a statement of a registration that nobody has checked is ended."""

    reason = words(
        gettext_lazy("Why is it ended? The seller reads this."),
        gettext_lazy("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=gettext_lazy("Say what you looked at. Name no other seller and no number."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["subject"]
        self.about = _(
            "The statement ends and its credit code is free for another profile. The seller is told by text "
            "message, reads your reason and can object; then somebody else of the office decides. It can be taken "
            "back."
        )


class UncheckForm(SellerForm):
    """Why a check was a mistake; `subject` is its key, and it has to be one of this seller's."""

    reason = words(
        gettext_lazy("Why was it a mistake?"),
        gettext_lazy("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=gettext_lazy("Only the office reads this. Write what you saw, and in which case."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse the check of another seller."""
        own = IdentityCheck.objects.filter(registration__merchant__in=profiles_of(self.merchant.pk))
        if not own.filter(pk=self.subject_key).exists():
            raise forms.ValidationError(_("Choose it on the seller's page."))
        return super().clean() or {}


class AnswerForm(SellerForm):
    """What is answered to an objection; the choices say what follows."""

    result = forms.ChoiceField(
        label=gettext_lazy("What do we answer?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what we answer.")},
    )
    answer = words(
        gettext_lazy("In words, for both sellers"),
        gettext_lazy("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=gettext_lazy("Say what you looked at. Name no other seller and no number."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = IdentityObjection.objects.filter(pk=self.subject_key, merchant__in=profiles_of(self.merchant.pk))
        self.objection = asked.first()
        is_about_code = self.objection is not None and self.objection.kind == ObjectionKind.CODE_IS_MINE
        result = self.fields["result"]
        assert isinstance(result, forms.ChoiceField)
        result.choices = [
            (CorrectionResult.CORRECTED, THE_OTHER_ENDS if is_about_code else STANDS_AGAIN),
            (CorrectionResult.UNCHANGED, CorrectionResult.UNCHANGED.label),
        ]
        if self.objection is not None:
            self.about = f"{in_one_sentence(self.objection)}: {self.objection.explanation}"


def in_one_sentence(objection: IdentityObjection) -> str:
    """Return who objects to what."""
    if objection.kind == ObjectionKind.CODE_IS_MINE:
        says = _("{asker} says that the credit code stated by {holder} is its own")
    else:
        says = _("{asker} says that we ended its statement wrongly")
    return says.format(asker=objection.merchant, holder=objection.registration.merchant)


def _check(form: CheckForm, by: Actor, at: datetime) -> None:
    check_identity(merchant_id=form.merchant.pk, by=by, at=at, **form.cleaned_data)


def _answer(form: AnswerForm, by: Actor, at: datetime) -> None:
    key = form.objection.pk if form.objection else 0  # of another seller: there is none
    told_to = {name: form.cleaned_data[name] for name in ("result", "answer")}
    answer_objection(objection_id=key, by=by, at=at, **told_to)


THE_OTHER_ENDS = gettext_lazy("The statement of the other profile ends, and the code is free")
STANDS_AGAIN = gettext_lazy("What we ended stands again")
TOLD = gettext_lazy("Kept. Whom it concerns is told by text message.")
IDENTITY_DEEDS = {
    "checked": SellerDeed(gettext_lazy("I have checked it"), gettext_lazy("Noted."), CheckForm, _check),
    "uncheck": SellerDeed(
        gettext_lazy("Take this check back"),
        gettext_lazy("Taken back."),
        UncheckForm,
        lambda form, by, at: withdraw_check(
            check_id=form.subject_key, reason=form.cleaned_data["reason"], by=by, at=at
        ),
    ),
    "end-statement": SellerDeed(
        gettext_lazy("End this statement"),
        TOLD,
        EndForm,
        lambda form, by, at: end_statement(
            merchant_id=form.merchant.pk, reason=form.cleaned_data["reason"], by=by, at=at
        ),
    ),
    "restore-statement": SellerDeed(
        gettext_lazy("Let it stand again"),
        TOLD,
        SellerForm,
        lambda form, by, at: restore_statement(registration_id=form.subject_key, by=by, at=at),
        is_press=True,
    ),
    "answer-objection": SellerDeed(gettext_lazy("Answer"), TOLD, AnswerForm, _answer),
}


def identity_panel(profiles: Collection[int], actor: Actor) -> dict[str, Any]:
    """Return what the seller states, what of it is proven and since when, and what to look at again."""
    fact, history = registration_of(profiles), list(registrations_of(profiles))
    at = clock.now()
    ended = history[0] if history and history[0].end_reason else None
    is_proven = fact is not None and checks_in_force(fact, owner_of(profiles)).exists()
    may_judge = policies.can(actor, "identity.judge")
    reasons = reasons_to_check(profiles, on=clock.day_of(at)) if fact else ()
    return {
        "identity": {
            "level": level_of(profiles),
            "fact": fact,
            "licences": licences_of(profiles),
            "turnovers": turnovers_of(profiles),
            "reasons": [IN_WORDS[reason] for reason in reasons],
            "awaited": [_awaited(stated, running) for stated, running in updates_awaited(profiles, at=at)],
            "objections": [_objection(each, profiles) for each in open_objections(profiles)],
            "changes": changes_of(profiles),
            "history": [_entry(each) for each in history],
            "may_check": fact is not None and policies.can(actor, "identity.check"),
            "may_end": may_judge and fact is not None and not fact.exemption and not is_proven,
            "may_judge": may_judge,
            "ended": ended,
            "now": at,
        }
    }


def _entry(fact: Registration) -> dict[str, Any]:
    return {"fact": fact, "checks": fact.checks.all()}


def _awaited(fact: Registration | Licence, deadline: Deadline) -> dict[str, Any]:
    kind = fact.get_kind_display() if isinstance(fact, Licence) else gettext_lazy("Business licence")
    return {"kind": kind, "deadline": deadline, "told": told(deadline)}


def _objection(objection: IdentityObjection, profiles: Collection[int]) -> dict[str, Any]:
    """Return an objection with the other seller, if it is about one, and the day of its answer."""
    asker, holder = objection.merchant, objection.registration.merchant
    other = holder if asker.pk in profiles else asker
    due_at = deadlines.due("identity.objection", asker, subject=objection.subject)
    return {
        "sentence": in_one_sentence(objection),
        "objection": objection,
        "asker": asker,
        "other": None if other.pk in profiles else other,
        "due_at": due_at,
    }
