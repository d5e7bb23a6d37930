"""The public record of one seller over twelve months, counted from the rows of its cases each time it is read.

Counted are cases that were closed and in which the seller had the chance to answer: it answered, its term to
answer had ended, or the two settled. It is no score, and nobody is compared with anybody.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, When

from complaints.models import Breach, SetApart
from complaints.selectors import under_promise
from complaints.states import Side
from disputes.models import Dispute, Settlement
from disputes.states import ObligationState, Outcome, State
from microguard.deadlines.models import Deadline
from microguard.statistics.expressions import Median, day, days_between
from microguard.statistics.figures import ANSWER, RESOLVED, Closings, Share, closings_in, terms_in_time
from microguard.statistics.periods import Period, month_by_month

# Shown apart: a complaint taken back without a solution says nothing of the seller.
APART = (Outcome.WITHDRAWN_OTHER,)
# No complaint about this seller after all.
NOT_COUNTED = (*APART, Outcome.DECLINED)
MOST_PROBLEMS = 3


@dataclass(frozen=True)
class Month:
    """How many cases were closed in one of the twelve months."""

    period: Period
    closed: int


@dataclass(frozen=True)
class Standing:
    """What is counted of one seller; of shares both counts, times in calendar days in China.

    `people` are the different buyers of the cases in `closings`; `kept` the settlements that were kept among
    those that were performed or fell due in the period; `open_breaches` those due in it and not kept yet;
    `promises_kept` the cases in `closings` about a deal under a promise to every buyer in which no breach of one
    stands; `withdrawn` and `set_apart` cases closed in it that count in nothing else.
    """

    period: Period
    people: int
    closings: Closings
    answered_in_time: Share
    median_answer_days: float | None
    answers: int
    kept: Share
    open_breaches: int
    promises_kept: Share
    withdrawn: int
    set_apart: int
    problems: list[tuple[str, int]] = field(default_factory=list)
    months: list[Month] = field(default_factory=list)


def about(profiles: Collection[int], *, case: str = "complaint") -> Q:
    """Select what belongs to complaints about the seller that nobody set apart; `case` leads to the complaint."""
    return Q(**{f"{case}__merchant_id__in": profiles}) & ~_set_apart(case)


def _set_apart(case: str = "complaint") -> Q:
    return Q(Exists(SetApart.objects.filter(complaint_id=OuterRef(f"{case}_id"), ended_at__isnull=True)))


def counted(profiles: Collection[int]) -> Q:
    """Select the disputes that count for the seller with these profiles."""
    term_ended = Deadline.objects.filter(
        Q(met_at__isnull=False) | Q(lapsed_at__isnull=False), rule=ANSWER, case_id=OuterRef("complaint_id")
    )
    heard = Q(answered_at__isnull=False) | Q(outcome__in=RESOLVED) | Q(Exists(term_ended))
    return about(profiles) & heard & ~Q(outcome__in=NOT_COUNTED)


def buyers_in(profiles: Collection[int], period: Period) -> dict[int, set[str]]:
    """Return of each profile that has a counted case closed in the period whose cases these are.

    Each buyer is named by the keyed hash of a phone, so that one of several profiles counts once.
    """
    closed = _closed(period).filter(counted(profiles))
    buyers: dict[int, set[str]] = {}
    for profile, buyer in closed.values_list("complaint__merchant_id", "complaint__phone_hash").distinct():
        buyers.setdefault(profile, set()).add(buyer)
    return buyers


def standing_of(profiles: Collection[int], period: Period, *, at: datetime) -> Standing:
    """Return the record of the seller with these profiles, as things stand at this instant."""
    these, of_seller = counted(profiles), about(profiles)
    cases = Dispute.objects.filter(of_seller).exclude(outcome=Outcome.DECLINED).values("complaint_id")
    in_time = terms_in_time(ANSWER, period=period, at=at, among=Q(case_id__in=cases))
    answers = Dispute.objects.filter(
        of_seller, answered_at__gte=period.begins_at, answered_at__lt=period.ends_at, invited_at__isnull=False
    ).aggregate(median=Median(days_between(day("invited_at"), day("answered_at"))), count=Count("pk"))
    return Standing(
        period=period,
        people=len(set().union(*buyers_in(profiles, period).values())),
        closings=closings_in(period, among=these),
        answered_in_time=in_time[ANSWER],
        median_answer_days=answers["median"],
        answers=answers["count"],
        kept=_kept(profiles, period, at),
        open_breaches=_open_breaches(profiles, period, at),
        problems=_problems(these, period),
        months=_months(these, period),
        **_told_apart(profiles, these, period),
    )


def _closed(period: Period) -> QuerySet[Dispute]:
    return Dispute.objects.filter(closed_at__gte=period.begins_at, closed_at__lt=period.ends_at)


def _in_force(profiles: Collection[int]) -> QuerySet[Settlement]:
    return Settlement.objects.filter(
        about(profiles, case="dispute__complaint"),
        signed_at__isnull=False,
        void_at__isnull=True,
        obligations__obligor=Side.RESPONDENT,
    )


def _kept(profiles: Collection[int], period: Period, at: datetime) -> Share:
    """Return how many settlements the seller kept, of those that were performed or due in the period."""
    owed = Q(obligations__obligor=Side.RESPONDENT)
    ended = (
        _in_force(profiles)
        .annotate(
            lacking=Count("obligations", filter=owed & ~Q(obligations__state=ObligationState.CONFIRMED)),
            confirmed_at=Max("obligations__confirmed_at", filter=owed),
            last_due_at=Max("obligations__due_at", filter=owed),
        )
        .annotate(
            ended_at=Case(
                When(lacking=0, then=F("confirmed_at")), default=F("last_due_at"), output_field=DateTimeField()
            )
        )
        .filter(ended_at__gte=period.begins_at, ended_at__lt=period.ends_at, ended_at__lte=at)
    )
    found = ended.aggregate(whole=Count("pk"), part=Count("pk", filter=Q(lacking=0)))
    return Share(found["part"], found["whole"])


def _open_breaches(profiles: Collection[int], period: Period, at: datetime) -> int:
    """Return how many settlements have a payment that was due in the period and was not made, now.

    A payment that the seller has reported and the buyer has not answered to is none.
    """
    not_made = Q(
        obligations__obligor=Side.RESPONDENT,
        obligations__state__in=(ObligationState.PENDING, ObligationState.DISPUTED),
        obligations__due_at__gte=period.begins_at,
        obligations__due_at__lte=at,
    )
    still = Q(dispute__state=State.PERFORMANCE) | Q(dispute__outcome=Outcome.BREACHED)
    return int(_in_force(profiles).filter(not_made, still).distinct().count())


def _told_apart(profiles: Collection[int], these: Q, period: Period) -> dict[str, Any]:
    """Return how promises were kept in the counted cases, and how many others were closed and do not count."""
    promised = these & Q(complaint__in=under_promise(profiles))
    found = (
        _closed(period)
        .filter(complaint__merchant_id__in=profiles)
        .aggregate(
            promised=Count("pk", filter=promised),
            kept=Count("pk", filter=promised & ~Q(Exists(_standing_breaches(profiles)))),
            withdrawn=Count("pk", filter=Q(outcome__in=APART) & ~_set_apart()),
            set_apart=Count("pk", filter=~Q(outcome=Outcome.DECLINED) & _set_apart()),
        )
    )
    return {"promises_kept": Share(found.pop("kept"), found.pop("promised")), **found}


def _standing_breaches(profiles: Collection[int]) -> QuerySet[Breach]:
    """Return the notes, in the case at hand, that this seller did not keep a promise; none that was taken back.

    A note from before the case was linked to this seller is about another one's promise.
    """
    noted: QuerySet[Breach] = Breach.objects.filter(
        complaint=OuterRef("complaint_id"), commitment__merchant__in=profiles, withdrawn_at__isnull=True
    )
    return noted


def _problems(these: Q, period: Period) -> list[tuple[str, int]]:
    """Return the problems that most of the counted cases were about, the most frequent first."""
    by_problem = _closed(period).filter(these).values("complaint__problem").annotate(cases=Count("pk"))
    most = by_problem.order_by("-cases", "complaint__problem")[:MOST_PROBLEMS]
    return list(most.values_list("complaint__problem", "cases"))


def _months(these: Q, period: Period) -> list[Month]:
    """Return how many of the counted cases were closed in each of the twelve months."""
    days = _closed(period).filter(these).annotate(on=day("closed_at")).values("on").annotate(cases=Count("pk"))
    by_day = list(days.values_list("on", "cases"))
    return [
        Month(month, sum(cases for on, cases in by_day if month.first <= on <= month.last))
        for month in month_by_month(period)
    ]
