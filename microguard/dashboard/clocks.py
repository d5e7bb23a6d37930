"""The clocks of a case in words: which rule, on what it rests, how it stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from microguard.deadlines.legislation import version_of
from microguard.deadlines.models import Deadline
from microguard.deadlines.wording import provision_of, title_of


@dataclass(frozen=True)
class ClockLine:
    """One clock of a case as the desk shows it; `url` explains its date, `tone` colours the status."""

    title: str
    url: str
    due_at: datetime
    is_running: bool
    stopped_since: date | None
    basis: str | Promise
    provision: str
    status: str | Promise
    tone: str
    provisional: bool


def clock_lines(complaint: Complaint, at: datetime) -> list[ClockLine]:
    """Return every clock of the case, running ones first, then by their ends."""
    clocks = Deadline.objects.filter(case_id=complaint.pk).prefetch_related("suspensions")
    lines = [_line(clock, complaint, at) for clock in clocks.order_by("due_at", "id")]
    return sorted(lines, key=lambda line: not line.is_running)


def _line(clock: Deadline, complaint: Complaint, at: datetime) -> ClockLine:
    version = version_of(clock.rule_version)
    statutory = clock.basis == Deadline.Basis.STATUTORY
    status, tone = _status(clock, at)
    is_open = not (clock.met_at or clock.lapsed_at or clock.cancelled_at)
    return ClockLine(
        title=title_of(clock.rule_version),
        url=reverse("disputes:deadline", args=[complaint.number, clock.pk]),
        due_at=clock.due_at,
        is_running=is_open,
        stopped_since=clock.stopped_since if is_open else None,
        basis=_("statutory") if statutory else _("policy"),
        provision=provision_of(version) if version else clock.article,
        status=status,
        tone=tone,
        provisional=clock.provisional,
    )


def _status(clock: Deadline, at: datetime) -> tuple[str | Promise, str]:
    if clock.met_at:
        return _("kept"), "ok"
    if clock.lapsed_at:
        return _("missed"), "danger"
    if clock.cancelled_at:
        return _("no longer needed"), ""
    if clock.stopped_since:
        return _("stands still"), "warn"
    return (_("overdue"), "danger") if at >= clock.due_at else (_("running"), "info")
