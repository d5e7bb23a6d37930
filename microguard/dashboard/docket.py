"""My day: what is overdue, due today, new, and waiting to be taken up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Complaint
from complaints.selectors import undecided
from complaints.states import Side
from complaints.states import State as ComplaintState
from disputes.models import Assignment, MediationConsent, Message, Obligation, Proposal
from disputes.selectors.docket import docket, unassigned
from disputes.states import ObligationState, State
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import CHINA, day_of
from microguard.dashboard.calendars import year_missing
from microguard.dashboard.stranded import troubles_of_messages
from microguard.deadlines.actions import STOPPED
from microguard.deadlines.models import Deadline
from microguard.deadlines.wording import title_of

ROWS = 25
MOST_COUNTED = 999
NOBODY = -1
PARTIES = (Side.COMPLAINANT, Side.RESPONDENT)
# A term that has lapsed is still somebody's to make good while the case stands in one of these stages.
STILL_OWED = {
    "complaint.acceptance": (
        ComplaintState.FILED,
        ComplaintState.NEEDS_INFORMATION,
        ComplaintState.TRACING_SELLER,
    ),
    "safety.triage": (ComplaintState.FILED, ComplaintState.NEEDS_INFORMATION, ComplaintState.TRACING_SELLER),
    "mediation.consent": (State.MEDIATION_OFFERED,),
    "mediator.declaration": (State.MEDIATION_OFFERED,),
    "mediation.term": tuple(state for state in State if state not in {State.CLOSED, State.PERFORMANCE}),
    "settlement.performance": (State.COOLING_OFF, State.PERFORMANCE),
}


@dataclass(frozen=True)
class Row:
    """One case as a line of a table: what it is, what is next and until when."""

    pk: int
    number: str
    url: str
    amount_fen: int
    problem: str
    item: str
    source: str
    is_ours: bool
    action: str | Promise
    due_at: datetime | None
    rule: str
    urgency: str  # "overdue", "today" or ""
    mediator: str = ""
    has_news: bool = False
    take_url: str = ""


@dataclass(frozen=True)
class Listing:
    """One table of the day; `older` is the paging key of its next page."""

    slug: str
    caption: str | Promise
    empty: str | Promise
    rows: list[Row]
    older: str
    with_take: bool = False


def end_of_day(at: datetime) -> datetime:
    """Return the exclusive end of the day in China."""
    return datetime.combine(day_of(at) + timedelta(days=1), time.min, CHINA)


def pressing(cases: QuerySet[Any], case_key: str) -> QuerySet[Any]:
    """Annotate what presses most: the earliest term that runs, or that lapsed and is still owed; sort by it."""
    owed = Q()
    for rule, stages in STILL_OWED.items():
        owed |= Q(rule=rule, stage__in=stages)
    terms = (
        Deadline.objects.filter(case_id=OuterRef(case_key), met_at__isnull=True, cancelled_at__isnull=True)
        .alias(stage=ExpressionWrapper(OuterRef("state"), output_field=CharField()))
        .filter((Q(lapsed_at__isnull=True) & ~STOPPED) | owed)
        .order_by("due_at", "id")
    )
    return cases.annotate(
        pressing_at=Subquery(terms.values("due_at")[:1]), pressing_rule=Subquery(terms.values("rule_version")[:1])
    ).order_by(F("pressing_at").asc(nulls_last=True), "pk")


def with_facts(disputes: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate what the words for the next action depend on, so that a row costs no query of its own."""
    consents = MediationConsent.objects.filter(dispute=OuterRef("pk"))
    owed = Obligation.objects.filter(settlement__dispute=OuterRef("pk"), settlement__void_at__isnull=True)
    present = Assignment.objects.filter(dispute=OuterRef("pk"), ended_at__isnull=True)
    return disputes.annotate(
        buyer_consents=Exists(consents.filter(side=Side.COMPLAINANT, consents=True)),
        seller_consents=Exists(consents.filter(side=Side.RESPONDENT, consents=True)),
        consent_refused=Exists(consents.filter(consents=False)),
        proposal_open=Exists(Proposal.objects.filter(dispute=OuterRef("pk"), ended_at__isnull=True)),
        obligation_state=Subquery(
            owed.exclude(state=ObligationState.CONFIRMED).order_by("number").values("state")[:1]
        ),
        mediator_name=Subquery(present.values("mediator__name")[:1]),
    )


def complaint_words(complaint: Complaint) -> tuple[bool, str | Promise]:
    """Return whether it is the office's turn, and the sentence of the case page for the office."""
    if complaint.state == ComplaintState.NEEDS_INFORMATION:
        return False, gettext_lazy("Waiting for the buyer's answer.")
    if complaint.state == ComplaintState.TRACING_SELLER:
        return True, gettext_lazy("We are looking for the seller. What we did stands below.")
    return True, gettext_lazy("We tell you whether we take this on.")


def dispute_words(dispute: Any) -> tuple[bool, str | Promise]:
    """Return whether it is the office's turn, and the sentence of the case page for the office.

    The sentences are those of disputes.selectors.turns.next_action (a test holds them equal): that one asks
    the database for each case, this one reads what `with_facts` brought along for the whole table.
    """
    state = State(dispute.state)
    if state == State.AWAITING_ANSWER:
        return _awaiting(dispute)
    if state == State.MEDIATION_OFFERED:
        return _mediation_offered(dispute)
    if state == State.MEDIATION:
        if dispute.proposal_open:
            return False, gettext_lazy("Waiting until both have answered the proposal.")
        return True, gettext_lazy("The mediator is working on it.")
    if state in {State.COOLING_OFF, State.PERFORMANCE}:
        return _performance(dispute)
    return {
        State.NEGOTIATION: (False, gettext_lazy("Buyer and seller are negotiating.")),
        State.SIGNING: (False, gettext_lazy("The other side has to sign.")),
    }.get(state, (True, gettext_lazy("The case is suspended.")))


def _awaiting(dispute: Any) -> tuple[bool, str | Promise]:
    if dispute.invited_at is None:
        return True, gettext_lazy("We are getting in touch with the seller.")
    return False, gettext_lazy(
        "The seller has to answer. If there is no answer, the case goes on by itself; you need do nothing."
    )


def _mediation_offered(dispute: Any) -> tuple[bool, str | Promise]:
    if dispute.buyer_consents and dispute.seller_consents:
        return True, gettext_lazy("Both agreed to mediation. We are assigning a mediator.")
    if dispute.consent_refused:
        return True, gettext_lazy("One side does not want mediation. A person at the office decides how to go on.")
    return False, gettext_lazy("The other side has to say whether it agrees to mediation.")


def _performance(dispute: Any) -> tuple[bool, str | Promise]:
    if dispute.obligation_state is None:
        return True, gettext_lazy("Nothing is open. We close the case.")
    if dispute.obligation_state == ObligationState.CLAIMED_DONE:
        return False, gettext_lazy("The buyer has to confirm that the money arrived.")
    return False, gettext_lazy("The seller has to pay.")


def _after(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """Go on after the row of this paging key ("<instant or nothing>_<pk>"); a bent key starts at the top."""
    instant, _underscore, pk = key.rpartition("_")
    if not pk.isdecimal() or len(pk) > 18:
        return rows
    if not instant:
        return rows.filter(pressing_at__isnull=True, pk__gt=int(pk))
    try:
        due = datetime.fromisoformat(instant)
    except ValueError:
        return rows
    if due.tzinfo is None:
        return rows
    later = Q(pressing_at__gt=due) | Q(pressing_at=due, pk__gt=int(pk)) | Q(pressing_at__isnull=True)
    return rows.filter(later)


def _urgency(due: datetime | None, at: datetime) -> str:
    if due is None or due > end_of_day(at):
        return ""
    return "overdue" if due <= at else "today"


def _row(case: Any, complaint: Complaint, words: tuple[bool, str | Promise], at: datetime, **more: Any) -> Row:
    return Row(
        pk=complaint.pk,
        number=str(complaint.number),
        url=reverse("admin:complaints_complaint_change", args=[complaint.pk]),
        amount_fen=complaint.amount_fen or 0,
        problem=str(complaint.get_problem_display()),
        item=complaint.item,
        source=str(complaint.get_source_display()),
        is_ours=words[0],
        action=words[1],
        due_at=case.pressing_at,
        rule=title_of(case.pressing_rule or ""),
        urgency=_urgency(case.pressing_at, at),
        **more,
    )


def _page(cases: QuerySet[Any], key: str) -> tuple[list[Any], str]:
    found = list(_after(cases, key)[: ROWS + 1])
    if len(found) <= ROWS:
        return found, ""
    last = found[ROWS - 1]
    return found[:ROWS], f"{last.pressing_at.isoformat() if last.pressing_at else ''}_{last.pk}"


def _complaints(at: datetime, key: str) -> Listing:
    found, older = _page(pressing(undecided(at=at), "pk"), key)
    rows = [_row(complaint, complaint, complaint_words(complaint), at) for complaint in found]
    return Listing("complaints", _("Complaints to decide"), _("No complaint waits for a decision."), rows, older)


def _disputes(
    slug: str, caption: str, empty: str, cases: QuerySet[Any], at: datetime, key: str, with_take: bool = False
) -> Listing:
    found, older = _page(with_facts(pressing(cases, "complaint_id")), key)
    rows = [
        _row(
            dispute,
            dispute.complaint,
            dispute_words(dispute),
            at,
            mediator=dispute.mediator_name or "",
            has_news=getattr(dispute, "has_news", False),
            take_url=reverse("admin:complaints_complaint_deed", args=[dispute.complaint_id, "take"]),
        )
        for dispute in found
    ]
    return Listing(slug, caption, empty, rows, older, with_take)


def _news(mediator_id: int) -> QuerySet[Message]:
    """Return the messages of parties since the mediator's last own one, to be narrowed to disputes."""
    own = Message.objects.filter(dispute=OuterRef("dispute"), author_id=mediator_id).order_by("-pk")
    return Message.objects.filter(side__in=PARTIES, pk__gt=Coalesce(Subquery(own.values("pk")[:1]), Value(0)))


def day_of_desk(actor: Actor, *, at: datetime, after: Mapping[str, str]) -> dict[str, Any]:
    """Return the variables of the desk's first page for this reader.

    `after` holds the paging key of each table, by its slug.
    """
    troubles = troubles_of_messages(actor, at=at) | {"year_missing": year_missing(actor, at=at)}
    if not policies.can(actor, "desk.cases"):
        return {"now": at, "counters": [], "listings": [], "may_phone": False} | troubles
    mediates = policies.can(actor, "mediation.conduct")
    assigns = policies.can(actor, "mediation.assign")
    me = actor.user_id or NOBODY
    listings = [_complaints(at, after.get("complaints", ""))]
    if mediates:
        mine = docket(mediator_id=me).annotate(has_news=Exists(_news(me).filter(dispute=OuterRef("pk"))))
        listings.append(
            _disputes(
                "mine", _("My disputes"), _("No dispute is assigned to you."), mine, at, after.get("mine", "")
            )
        )
    waiting = _disputes(
        "waiting",
        _("Mediations without a mediator"),
        _("No mediation waits for a mediator."),
        unassigned(),
        at,
        after.get("waiting", ""),
        with_take=policies.can(actor, "mediation.take"),
    )
    listings.append(waiting)
    if assigns:
        listings.append(
            _disputes(
                "open", _("All open disputes"), _("No dispute is open."), docket(), at, after.get("open", "")
            )
        )
    return {
        "now": at,
        "counters": _counters(me, waiting, at, all_disputes=assigns),
        "listings": listings,
        "may_phone": policies.can(actor, "desk.phone") and policies.can(actor, "complaint.file"),
    } | troubles


def _counters(me: int, waiting: Listing, at: datetime, *, all_disputes: bool) -> list[dict[str, Any]]:
    end = end_of_day(at)
    disputes = pressing(docket(mediator_id=None if all_disputes else me), "complaint_id")
    due: list[datetime] = []
    for cases in (pressing(undecided(at=at), "pk"), disputes):
        due += cases.filter(pressing_at__lte=end).values_list("pressing_at", flat=True)[:MOST_COUNTED]
    overdue = sum(instant <= at for instant in due)
    mine = Assignment.objects.filter(mediator_id=me, ended_at__isnull=True)
    news = _news(me).filter(dispute__in=mine.values("dispute")).exclude(dispute__state=State.CLOSED)
    return [
        {"label": _("Overdue"), "number": overdue, "tone": "danger" if overdue else "", "anchor": "complaints"},
        {"label": _("Due today"), "number": len(due) - overdue, "tone": "warn" if len(due) > overdue else ""},
        {"label": _("New messages"), "number": news[:MOST_COUNTED].count(), "tone": ""},
        {
            "label": _("Waiting to be taken up"),
            "number": f"{len(waiting.rows)}+" if waiting.older else len(waiting.rows),
            "tone": "",
            "anchor": "waiting",
        },
    ]
