"""What a person at the desk says of a seller's promises in a case, and what is proposed to say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.actions.breaches import LONGEST_REASON
from complaints.models import Breach
from complaints.selectors import kept_or_not, promises_in
from disputes.models import Dispute
from disputes.selectors.cases import CaseFile
from disputes.selectors.promises import AnswerPromise, answers_late
from merchants.models import Commitment
from microguard.core.templatetags.mg import due_until, moment
from microguard.dashboard.forms import DeskForm, words


@dataclass(frozen=True)
class ProposedBreach:
    """A promise that by the dates of the case was not kept, and the reason in the reader's language."""

    commitment: Commitment
    reason: str


def proposed_breaches(case: CaseFile, promised: Iterable[Commitment], *, on: date) -> list[ProposedBreach]:
    """Return what a person may note: promises to answer that were not kept, as things stand on this day.

    `promised` is what bound the seller for the deal. Of a promise of which somebody noted that it was not kept
    nothing more is proposed, also if that was taken back.
    """
    dispute, complaint = case.dispute, case.complaint
    late = answers_late(dispute, promised, on=on) if dispute else []
    if dispute is None or not late:
        return []
    judged = set(complaint.breaches.values_list("commitment_id", flat=True))
    return [
        ProposedBreach(promise.commitment, _reason(promise, dispute))
        for promise in late
        if promise.commitment.pk not in judged
    ]


def _reason(promise: AnswerPromise, dispute: Dispute) -> str:
    if dispute.answered_at:
        told = gettext(
            "The seller had promised: “{promise}” The case reached it on {invited}, so its answer was due "
            "{until}. It answered on {answered}."
        )
    else:
        told = gettext(
            "The seller had promised: “{promise}” The case reached it on {invited}, so its answer was due "
            "{until}. No answer is recorded."
        )
    return told.format(
        promise=promise.commitment.words,
        invited=moment(dispute.invited_at),
        until=due_until(promise.until),
        answered=moment(dispute.answered_at),
    )


def unbroken(case: CaseFile) -> list[Commitment]:
    """Return the promises for the deal of which nobody noted that they were not kept."""
    complaint = case.complaint
    return [commitment for commitment, breach in kept_or_not(complaint, promises_in(complaint)) if breach is None]


def broken(case: CaseFile) -> list[Breach]:
    """Return the notes that a promise for the deal was not kept."""
    complaint = case.complaint
    return [breach for _commitment, breach in kept_or_not(complaint, promises_in(complaint)) if breach is not None]


def _one_of(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose the promise.")),
    )


class BreachForm(DeskForm):
    """Which promise was not kept, and what shows it."""

    commitment_id = _one_of(_("Which promise was not kept?"))
    reason = words(
        _("What shows it?"),
        _("Write at least 10 characters, in words the reader understands."),
        most=LONGEST_REASON,
        rows=7,
        help_text=_("Both sides read exactly this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_promises, field = unbroken(self.case), self.fields["commitment_id"]
        field.choices = [(each.pk, each.words) for each in open_promises]  # type: ignore[attr-defined]
        for proposed in proposed_breaches(self.case, open_promises, on=self.today)[:1]:
            self.initial = {"commitment_id": proposed.commitment.pk, "reason": proposed.reason}
            field.help_text = _(
                "Filled in from the dates of the case. You decide; nothing is noted unless you send it."
            )


class KeptForm(DeskForm):
    """Which note is taken back."""

    breach_id = _one_of(_("Which note do you take back?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.pk, f"{each.commitment.words} – {each.reason}") for each in broken(self.case)]
        self.fields["breach_id"].choices = choices  # type: ignore[attr-defined]
