"""The clocks of a case in words: which rule, on what it rests, how it stands."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microguard.deadlines.legislation import RuleVersion, legislation
from microguard.deadlines.models import Deadline


@lru_cache(maxsize=1)
def _versions() -> dict[str, RuleVersion]:
    return {version.id: version for version in legislation().every_version()}


def title_of(rule_version: str) -> str:
    """Return the title of a rule version in the reader's language; its own name when it is no longer known."""
    version = _versions().get(rule_version)
    return version.title.in_language(get_language()) if version else rule_version.partition("@")[0]


@dataclass(frozen=True)
class ClockLine:
    """One clock of a case as the desk shows it; `tone` colours the status and the word says it."""

    title: str
    due_at: datetime
    is_running: bool
    basis: str | Promise
    provision: str
    status: str | Promise
    tone: str
    provisional: bool


def clock_lines(case_id: int, at: datetime) -> list[ClockLine]:
    """Return every clock of the case, running ones first, then by their ends."""
    clocks = Deadline.objects.filter(case_id=case_id).order_by("due_at", "id")
    lines = [_line(clock, at) for clock in clocks]
    return sorted(lines, key=lambda line: not line.is_running)


def _line(clock: Deadline, at: datetime) -> ClockLine:
    version = _versions().get(clock.rule_version)
    statutory = clock.basis == Deadline.Basis.STATUTORY
    provision = clock.article
    if version and version.citation:
        citation, language = version.citation, get_language()
        provision = f"{citation.instrument.in_language(language)} {citation.provision.in_language(language)}"
    status, tone = _status(clock, at)
    return ClockLine(
        title=title_of(clock.rule_version),
        due_at=clock.due_at,
        is_running=not (clock.met_at or clock.lapsed_at or clock.cancelled_at),
        basis=_("statutory") if statutory else _("policy"),
        provision=provision,
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
    return (_("overdue"), "danger") if at >= clock.due_at else (_("running"), "info")
