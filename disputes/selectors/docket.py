"""The desk's lists of disputes, the most pressing first."""

from django.db.models import F, OuterRef, QuerySet, Subquery

from disputes.models import Assignment, Dispute
from disputes.states import State
from microguard.deadlines.actions import RUNNING
from microguard.deadlines.models import Deadline


def docket(*, mediator_id: int | None = None) -> QuerySet[Dispute]:
    """Return open disputes with their next due clock: all of them, or those of one mediator."""
    next_due = Deadline.objects.filter(RUNNING, case_id=OuterRef("complaint_id")).order_by("due_at")
    disputes: QuerySet[Dispute] = Dispute.objects.exclude(state=State.CLOSED)
    if mediator_id is not None:
        mine = Assignment.objects.filter(mediator_id=mediator_id, ended_at__isnull=True)
        disputes = disputes.filter(pk__in=mine.values("dispute_id"))
    return (
        disputes.annotate(
            next_due_at=Subquery(next_due.values("due_at")[:1]),
            next_rule=Subquery(next_due.values("rule")[:1]),
        )
        .select_related("complaint")
        .order_by(F("next_due_at").asc(nulls_last=True), "pk")
    )


def unassigned() -> QuerySet[Dispute]:
    """Return disputes in which mediation is on offer and nobody mediates yet."""
    taken = Assignment.objects.filter(ended_at__isnull=True)
    return docket().filter(state=State.MEDIATION_OFFERED).exclude(pk__in=taken.values("dispute_id"))
