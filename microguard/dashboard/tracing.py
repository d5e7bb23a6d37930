"""Looking for a seller at the desk: the steps that can be taken, and what was found so far."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actions.tracing import (
    LONGEST_FOUND,
    PLATFORM_ANSWER,
    Finding,
    ask_platform,
    end_tracing,
    note_tracing_step,
    start_tracing,
)
from complaints.models import Complaint, TracingStep
from complaints.selectors import platforms_of
from complaints.states import MACHINE, Certainty, ConsentRecipient, State, TracingKind, TracingSource
from merchants.states import HandleType
from microguard.core import masking
from microguard.dashboard.forms import DeskForm, day, words
from microguard.dashboard.situation import Deed, Situation
from microguard.deadlines.models import Deadline
from microguard.events.actions import has_recorded


class StepForm(DeskForm):
    """Where the office looked, who told it, and how sure it is."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Where did you look?"),
        choices=TracingKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where you looked.")},
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Who told it?"),
        choices=TracingSource.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who told it.")},
    )
    found_date = day(
        gettext_lazy("On which day?"), gettext_lazy("Today, or the earlier day on which you heard it.")
    )
    certainty = forms.ChoiceField(
        label=gettext_lazy("How sure is it?"),
        choices=Certainty.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Known: a document or a register says so. Only claimed: somebody says so. The buyer reads this."
        ),
        error_messages={"required": gettext_lazy("Choose how sure it is.")},
    )
    found = words(
        gettext_lazy("What was found"),
        "",
        most=LONGEST_FOUND,
        rows=2,
        help_text=gettext_lazy("Only the office reads this. A handle alone, if it is one."),
    )
    handle_type = forms.ChoiceField(
        label=gettext_lazy("Is it a handle?"),
        required=False,
        help_text=gettext_lazy("A handle joins those by which the complaint names its seller."),
    )
    office = forms.ChoiceField(label=gettext_lazy("Which platform answered?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found_date"].initial = self.today
        self.fields["found"].required = False
        kinds = self.fields["handle_type"]
        kinds.choices = [("", gettext_lazy("No")), *HandleType.choices]  # type: ignore[attr-defined]
        platforms = list(platforms_of(self.case.complaint))
        if len(platforms) > 1:
            named = [("", "—"), *((str(office.pk), office.name) for office in platforms)]
            self.fields["office"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["office"]

    def finding(self) -> Finding:
        """Return what was found."""
        given = self.cleaned_data
        return Finding(**{name: given[name] for name in Finding.__dataclass_fields__})


class EndForm(DeskForm):
    """Whether the seller was found."""

    found = forms.ChoiceField(
        label=gettext_lazy("Do we know now who the seller is?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether we know now who the seller is.")},
    )


def _key(situation: Situation) -> int:
    return situation.case.complaint.pk


def _start(situation: Situation, form: None, at: datetime) -> None:
    start_tracing(complaint_id=_key(situation), by=situation.actor, at=at)


def _step(situation: Situation, form: StepForm, at: datetime) -> None:
    office = form.cleaned_data.get("office")
    note_tracing_step(
        complaint_id=_key(situation),
        finding=form.finding(),
        office_id=int(office) if office else None,
        by=situation.actor,
        at=at,
    )


def _ask(situation: Situation, form: None, at: datetime) -> None:
    ask_platform(complaint_id=_key(situation), by=situation.actor, at=at)


def _end(situation: Situation, form: EndForm, at: datetime) -> None:
    end_tracing(complaint_id=_key(situation), found=form.cleaned_data["found"] == "yes", by=situation.actor, at=at)


def _can(verb: str) -> Any:
    def possible(situation: Situation) -> bool:
        return situation.may("complaint.trace") and MACHINE.possible(verb, situation.case.complaint.state)

    return possible


def _may_ask(situation: Situation) -> bool:
    complaint = situation.case.complaint
    return (
        _can("end_tracing")(situation)
        and complaint.consents.filter(recipient=ConsentRecipient.PLATFORM).exists()
        and platforms_of(complaint).exists()
        and not has_recorded("platform.identity_asked", complaint)
    )


BEGINNING = (
    Deed(
        "trace",
        gettext_lazy("Look for the seller"),
        _can("start_tracing"),
        _start,
        gettext_lazy("The buyer is told that we look for the seller."),
    ),
)
UNDER_WAY = (
    Deed(
        "step",
        gettext_lazy("Note where you looked"),
        _can("end_tracing"),
        _step,
        gettext_lazy("Noted. The buyer sees where we looked, not what we found."),
        StepForm,
    ),
    Deed(
        "ask_platform",
        gettext_lazy("Ask the platform who it is"),
        _may_ask,
        _ask,
        gettext_lazy("The letter is on its way. The platform's time to answer starts when it arrives."),
    ),
    Deed(
        "end_trace",
        gettext_lazy("End looking for the seller"),
        _can("end_tracing"),
        _end,
        gettext_lazy("Ended. The complaint waits for its decision."),
        EndForm,
    ),
)


def tracing_panel(complaint: Complaint, *, revealed: bool) -> dict[str, Any]:
    """Return the steps so far, and how it stands with the platform; what was found is hidden until shown."""
    steps = list(complaint.tracing_steps.select_related("office").order_by("-found_date", "-pk"))
    clocks = Deadline.objects.filter(case_id=complaint.pk, rule=PLATFORM_ANSWER).order_by("-pk")
    return {
        "steps": [{"step": step, "found": _shown(step, revealed)} for step in steps],
        "is_on": complaint.state == State.TRACING_SELLER,
        "asked": _asked(complaint, clocks.first()),
    }


def _shown(step: TracingStep, revealed: bool) -> str:
    if not step.found:
        return ""
    shown = step.found if revealed else masking.handle(step.found)
    return f"{step.get_handle_type_display()} {shown}".strip()


def _asked(complaint: Complaint, clock: Deadline | None) -> str:
    if not has_recorded("platform.identity_asked", complaint):
        if complaint.consents.filter(recipient=ConsentRecipient.PLATFORM).exists():
            return ""
        return _("The buyer has not agreed that we write to the platform.")
    if clock is None:
        return _("The platform was asked. The letter has not reached it yet.")
    if clock.lapsed_at:
        return _("The platform was asked and did not answer in time.")
    return _("The platform has answered.") if clock.met_at else _("The platform was asked and has to answer.")
