"""A case at the desk and who looks at it; and what a step of the office is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from complaints.states import MACHINE as COMPLAINT
from disputes.actions.appraisal import TERM
from disputes.models import Assignment, Dispute
from disputes.selectors.cases import CaseFile
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.dashboard.forms import DeskForm
from microguard.deadlines.actions import open_deadlines
from microguard.deadlines.models import Deadline


@dataclass(frozen=True)
class Situation:
    """A case and who looks at it."""

    case: CaseFile
    actor: Actor
    assignment: Assignment | None

    @property
    def dispute(self) -> Dispute:
        """The dispute, where there is one."""
        assert self.case.dispute is not None
        return self.case.dispute

    @cached_property
    def term(self) -> Deadline | None:
        """The open clock of mediation, where there is one."""
        return open_deadlines(self.case.complaint).filter(rule=TERM).prefetch_related("suspensions").first()

    def may(self, action: str) -> bool:
        """Ask the permission table about this case."""
        return policies.can(self.actor, action, self.case.dispute or self.case.complaint)

    def complaint_can(self, verb: str) -> bool:
        """Tell whether the complaint may be decided so by this reader."""
        return self.may("complaint.decide") and COMPLAINT.possible(verb, self.case.complaint.state)

    def stands_in(self, states: Iterable[str]) -> bool:
        """Tell whether there is a dispute in one of these stages."""
        return self.case.dispute is not None and self.case.dispute.state in set(states)


def situation_of(case: CaseFile, actor: Actor) -> Situation:
    """Return the case with its mediator and its reader."""
    present = (
        case.dispute and case.dispute.assignments.filter(ended_at__isnull=True).select_related("mediator").first()
    )
    return Situation(case, actor, present or None)


Deciding = Callable[[Situation], bool]
Performing = Callable[[Situation, Any, datetime], str | None]


@dataclass(frozen=True)
class Deed:
    """One step: when it is possible, what it asks for (no form: one press), the action, and what it says then.

    `perform` may return a text that is shown this once.
    """

    slug: str
    label: str | Promise
    possible: Deciding
    perform: Performing
    done: str | Promise
    form: type[DeskForm] | None = None
    kind: str = ""  # "danger" for what ends a case
