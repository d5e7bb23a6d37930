"""The figures of twelve months, each worked out by hand."""

from datetime import date, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from complaints.actions.decision import accept_complaint, decline_complaint
from disputes.actions.negotiation import contest, make_offer
from disputes.actions.outcome import close_dispute
from disputes.models import Dispute
from disputes.rules.terms import Terms
from disputes.states import Outcome
from microguard.core.clock import CHINA
from microguard.deadlines.actions import due, lapse_next
from microguard.deadlines.models import Deadline
from microguard.statistics.figures import (
    ACCEPTANCE,
    ANSWER,
    MEDIATION,
    Closings,
    Share,
    closings_in,
    figures,
    filed_in,
    overdue_terms,
    terms_in_time,
)
from microguard.statistics.periods import Period, last_twelve_months
from tests.cases import a_draft, a_filed_complaint, an_invited_dispute, an_open_dispute
from tests.clock import A_DAY, A_SECOND, MONDAY_MORNING
from tests.people import Office, chen

OCTOBER_12 = datetime(2026, 10, 12, 10, 0, tzinfo=CHINA)
PERIOD = Period(date(2025, 11, 24), date(2026, 11, 23))


@pytest.fixture(autouse=True)
def _association(settings: Any) -> None:
    settings.OPERATOR = "consumer_association"


def a_closed_case(
    office: Office,
    *,
    filed: datetime = OCTOBER_12,
    closed: datetime,
    outcome: str = Outcome.PERFORMED,
    recovered_fen: int | None = None,
) -> Dispute:
    dispute = an_open_dispute(officer=office.li, at=filed)
    return close_dispute(
        dispute_id=dispute.pk,
        outcome=outcome,
        note="电话里说好了",
        recovered_fen=recovered_fen,
        by=office.li,
        at=closed,
    )


def sweep(at: datetime) -> None:
    while lapse_next(at=at):
        continue


def answers(at: datetime = MONDAY_MORNING) -> Share:
    return terms_in_time(ANSWER, period=PERIOD, at=at)[ANSWER]


def decisions(at: datetime = MONDAY_MORNING) -> Share:
    return terms_in_time(ACCEPTANCE, period=PERIOD, at=at)[ACCEPTANCE]


def test_the_period_is_the_one_before_monday() -> None:
    assert last_twelve_months(MONDAY_MORNING.date()) == PERIOD


def test_with_nothing_at_all_every_figure_is_nought(db: None) -> None:
    a_draft(OCTOBER_12)

    found = figures(PERIOD, at=MONDAY_MORNING)

    assert (found.filed, found.overdue) == (0, 0)
    assert found.closings == Closings(0, 0, None, 0, 0)
    assert found.answered_in_time == found.decided_in_time == Share(0, 0)


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (PERIOD.begins_at - A_SECOND, 0),
        (PERIOD.begins_at, 1),
        (PERIOD.ends_at - A_SECOND, 1),
        (PERIOD.ends_at, 0),
    ],
    ids=["the last second of the day a year ago", "the first second after", "today", "tomorrow"],
)
def test_a_filing_and_a_closing_count_by_their_day_in_china(office: Office, at: datetime, counts: int) -> None:
    a_closed_case(office, filed=at, closed=at)

    assert (filed_in(PERIOD), closings_in(PERIOD).closed) == (counts, counts)


def test_a_case_filed_before_the_period_and_closed_in_it_is_closed_not_filed(office: Office) -> None:
    a_closed_case(office, filed=PERIOD.begins_at - A_DAY, closed=PERIOD.begins_at)

    assert (filed_in(PERIOD), closings_in(PERIOD).closed) == (0, 1)


@pytest.mark.parametrize("outcome", Outcome.values)
def test_only_what_was_settled_and_kept_or_solved_counts_as_resolved(office: Office, outcome: str) -> None:
    a_closed_case(office, closed=OCTOBER_12, outcome=outcome)

    assert closings_in(PERIOD).resolved == (outcome in {"PERFORMED", "CONFIRMED_SOLVED", "WITHDRAWN_SOLVED"})


def test_days_to_closing_are_days_in_china_and_their_median_is_the_middle(office: Office) -> None:
    late_evening = datetime(2026, 10, 12, 23, 59, tzinfo=CHINA)
    a_closed_case(office, filed=late_evening, closed=late_evening + 120 * A_SECOND)  # past midnight: one day
    assert closings_in(PERIOD).median_days == 1

    a_closed_case(office, closed=OCTOBER_12 + 4 * A_DAY)
    assert closings_in(PERIOD).median_days == 2.5

    a_closed_case(office, closed=OCTOBER_12 + 30 * A_DAY)  # a long tail moves a mean, not the median
    assert closings_in(PERIOD).median_days == 4


def test_recovered_money_is_what_was_recorded_at_closing(office: Office) -> None:
    a_closed_case(office, closed=OCTOBER_12, recovered_fen=6_400)
    a_closed_case(office, closed=OCTOBER_12, recovered_fen=12_850)
    a_closed_case(office, closed=OCTOBER_12, recovered_fen=0)
    a_closed_case(office, closed=OCTOBER_12)

    found = closings_in(PERIOD)

    assert (found.recovered_fen, found.recovered_in, found.closed) == (19_250, 2, 4)


def test_an_answer_counts_once_it_is_given(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li, at=OCTOBER_12)
    assert answers(OCTOBER_12) == Share(0, 0)

    contest(dispute_id=dispute.pk, reason="鞋子发出时是好的，有视频为证。", by=chen(), at=OCTOBER_12)

    assert answers() == Share(1, 1)


def test_an_answer_after_the_term_lapsed_stays_late(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li, at=OCTOBER_12)
    ends_at = due("respondent.answer", dispute)

    make_offer(dispute_id=dispute.pk, terms=Terms(6_400, 7), by=chen(), at=ends_at)

    assert Dispute.by_pk(dispute.pk).answered_at == ends_at
    assert answers() == Share(0, 1)


def test_a_term_whose_time_is_up_is_late_without_a_sweep(office: Office) -> None:
    ends_at = due("respondent.answer", an_invited_dispute(officer=office.li, at=OCTOBER_12))

    assert answers(ends_at - A_SECOND) == Share(0, 0)
    assert answers(ends_at) == Share(0, 1)


def test_a_term_that_nobody_waits_for_any_more_does_not_count(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li, at=OCTOBER_12)
    close_dispute(dispute_id=dispute.pk, outcome="WITHDRAWN_OTHER", note="买家撤回", by=office.li, at=OCTOBER_12)

    assert answers() == Share(0, 0)


def test_a_late_term_counts_on_the_day_it_ended_not_on_the_day_it_was_noticed(office: Office) -> None:
    an_invited_dispute(officer=office.li, at=OCTOBER_12)
    sweep(MONDAY_MORNING)
    ended = Deadline.objects.get(rule=ANSWER)
    october = Period(date(2026, 10, 1), date(2026, 10, 31))

    assert ended.lapsed_at == MONDAY_MORNING
    assert terms_in_time(ANSWER, period=october, at=MONDAY_MORNING)[ANSWER] == Share(0, 1)


def test_decisions_in_time_are_those_made_before_the_term_ended(office: Office) -> None:
    accepted, declined, late, waiting = (a_filed_complaint(OCTOBER_12) for _ in range(4))
    ends_at = due("complaint.acceptance", accepted)
    accept_complaint(complaint_id=accepted.pk, by=office.li, at=OCTOBER_12)
    decline_complaint(
        complaint_id=declined.pk,
        ground="NOT_OURS",
        reason="这是加盟费纠纷，不属于消费投诉。",
        by=office.li,
        at=ends_at - A_SECOND,
    )
    accept_complaint(complaint_id=late.pk, by=office.li, at=ends_at)

    assert decisions() == Share(2, 4)
    assert due("complaint.acceptance", waiting) == ends_at


def test_overdue_is_what_still_waits_for_us(office: Office) -> None:
    complaint = a_filed_complaint(OCTOBER_12)
    ends_at = due("complaint.acceptance", complaint)
    assert overdue_terms(at=ends_at - A_SECOND) == 0
    assert overdue_terms(at=ends_at) == 1
    sweep(ends_at)
    assert overdue_terms(at=ends_at) == 1

    accept_complaint(complaint_id=complaint.pk, by=office.li, at=ends_at)

    assert overdue_terms(at=ends_at) == 0


def test_a_mediation_past_its_term_is_overdue_until_it_is_closed(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li, at=datetime(2026, 8, 3, 10, 0, tzinfo=CHINA))
    ends_at = due("mediation.term", dispute)
    assert overdue_terms(at=ends_at) == 1

    close_dispute(dispute_id=dispute.pk, outcome="TERM_EXPIRED", note="期限已满", by=office.li, at=ends_at)

    assert overdue_terms(at=ends_at) == 0


def test_a_statutory_term_whose_end_is_provisional_is_not_late(office: Office, settings: Any) -> None:
    settings.OPERATOR = "market_regulator"
    an_open_dispute(officer=office.li, at=MONDAY_MORNING)  # sixty days on, in a year without an official calendar
    term = Deadline.objects.get(rule=MEDIATION)
    in_2027 = Period(date(2027, 1, 1), date(2027, 12, 31))

    assert term.provisional
    assert terms_in_time(MEDIATION, period=in_2027, at=term.due_at + A_DAY)[MEDIATION] == Share(0, 0)
    assert overdue_terms(at=term.due_at + A_DAY) == 0


def test_all_figures_take_four_statements_however_many_cases(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        a_closed_case(office, closed=OCTOBER_12)

    with django_assert_num_queries(4):
        figures(PERIOD, at=MONDAY_MORNING)
