"""Figures of a period, each from one statement: volumes by the day of filing, all else by the day of ending."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from complaints.models import Complaint
from complaints.states import UNDECIDED
from disputes.models import Dispute
from disputes.states import Outcome, State
from microguard.deadlines.actions import OPEN, lapsing
from microguard.deadlines.models import Deadline
from microguard.statistics.expressions import Median, day, days_between
from microguard.statistics.periods import Period

RESOLVED = (Outcome.PERFORMED, Outcome.CONFIRMED_SOLVED, Outcome.WITHDRAWN_SOLVED)
EVERYWHERE = Q()
ACCEPTANCE, MEDIATION, ANSWER = "complaint.acceptance", "mediation.term", "respondent.answer"


@dataclass(frozen=True)
class Share:
    """A part of a whole, both counts."""

    part: int
    whole: int


@dataclass(frozen=True)
class Closings:
    """What became of the disputes closed in a period.

    `median_days` counts calendar days in China from filing to closing; `recovered_in` is the number of
    disputes in which money reached the buyer.
    """

    closed: int
    resolved: int
    median_days: float | None
    recovered_fen: int
    recovered_in: int


@dataclass(frozen=True)
class Figures:
    """All that is published about a period; `overdue` alone is about the present instant."""

    period: Period
    filed: int
    closings: Closings
    answered_in_time: Share
    decided_in_time: Share
    overdue: int


def figures(period: Period, *, at: datetime) -> Figures:
    """Return every figure of the period, as things stand at this instant."""
    in_time = terms_in_time(ANSWER, ACCEPTANCE, period=period, at=at)
    return Figures(
        period=period,
        filed=filed_in(period),
        closings=closings_in(period),
        answered_in_time=in_time[ANSWER],
        decided_in_time=in_time[ACCEPTANCE],
        overdue=overdue_terms(at=at),
    )


def filed_in(period: Period) -> int:
    """Return how many complaints were filed, whatever became of them."""
    filed = Complaint.objects.filed().filter(filed_at__gte=period.begins_at, filed_at__lt=period.ends_at)
    return int(filed.count())


def closings_in(period: Period, *, among: Q = EVERYWHERE) -> Closings:
    """Return what became of the disputes closed in the period, of those that `among` selects."""
    closed = Dispute.objects.filter(among, closed_at__gte=period.begins_at, closed_at__lt=period.ends_at)
    found = closed.aggregate(
        closed=Count("pk"),
        resolved=Count("pk", filter=Q(outcome__in=RESOLVED)),
        median_days=Median(days_between(day("complaint__filed_at"), day("closed_at"))),
        recovered=Sum("recovered_fen"),
        recovered_in=Count("pk", filter=Q(recovered_fen__gt=0)),
    )
    return Closings(recovered_fen=int(found.pop("recovered") or 0), **found)


def terms_in_time(*rules: str, period: Period, at: datetime, among: Q = EVERYWHERE) -> dict[str, Share]:
    """Return for each rule how many of the terms that ended in the period were kept, of those `among` selects.

    A term ends when it is met or when its time is up. One that lapsed stays late, whatever came after it;
    one whose time is up counts as late although no sweep has come by; a cancelled one waits for nobody.
    """
    ended = (
        Deadline.objects.filter(among, Q(met_at__isnull=False) | _late(at), rule__in=rules)
        .annotate(ended_at=Coalesce("met_at", "due_at"))
        .filter(ended_at__gte=period.begins_at, ended_at__lt=period.ends_at)
        .values("rule")
        .annotate(kept=Count("met_at"), ended=Count("pk"))
        .values_list("rule", "kept", "ended")
    )
    shares = {rule: Share(kept, whole) for rule, kept, whole in ended}
    return {rule: shares.get(rule, Share(0, 0)) for rule in rules}


def overdue_terms(*, at: datetime) -> int:
    """Return how many decisions and mediations are late now and still wait for the office."""
    undecided = Complaint.objects.filter(state__in=UNDECIDED).values("pk")
    mediated = Dispute.objects.exclude(state__in=(State.PERFORMANCE, State.CLOSED)).values("complaint_id")
    waiting = Q(rule=ACCEPTANCE, case_id__in=undecided) | Q(rule=MEDIATION, case_id__in=mediated)
    return Deadline.objects.filter(_late(at), waiting).count()


def _late(at: datetime) -> Q:
    return Q(lapsed_at__isnull=False) | (OPEN & lapsing(at))
