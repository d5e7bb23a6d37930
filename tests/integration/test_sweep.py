"""The sweep takes clocks in batches: together and never twice, one bad clock apart, no case waited for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as Signal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from disputes.actions.negotiation import make_offer
from disputes.models import Dispute
from disputes.rules.terms import Terms
from disputes.states import State
from microguard.accounts.actors import SYSTEM
from microguard.core.locks import hold, hold_free
from microguard.deadlines import actions, consequences
from microguard.deadlines.actions import RETRY, cancel, catch_up, lapse_next, open_deadlines, start, warn_next
from microguard.deadlines.models import Deadline
from microguard.events.actions import first_broken_link, record
from microguard.events.models import Delivery, Event
from tests.cases import a_filed_complaint, an_invited_dispute, an_open_dispute
from tests.clock import A_DAY, A_SECOND, ACCEPTANCE_ENDS
from tests.people import Office, chen, hire_office
from tests.threads import at_once

# All three clocks of a complaint that nobody looks at have run out by then.
ALL_OUT = ACCEPTANCE_ENDS


@pytest.fixture(autouse=True)
def _association(settings: Any) -> None:
    settings.OPERATOR = "consumer_association"


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """Let this happen when a clock of the rule lapses: `on("first.contact", function)`."""
    monkeypatch.setattr(consequences, "_consequences", dict(consequences._consequences))
    return consequences._consequences.__setitem__


def sweep(at: datetime) -> int:
    swept = 0
    while done := lapse_next(at=at):
        swept += done
    return swept


def story(chain: str) -> list[str]:
    return list(Event.objects.filter(chain=chain).order_by("number").values_list("name", flat=True))


def lapses_of(chain: str) -> list[str]:
    return [name for name in story(chain) if name.endswith(".lapsed")]


def test_a_batch_costs_the_same_statements_for_many_clocks_as_for_one(office: Office) -> None:
    def statements(cases: int) -> int:
        for _ in range(cases):
            a_filed_complaint()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert lapse_next(at=ALL_OUT) == 3 * cases
        return len(asked)

    assert statements(9) == statements(1)


def test_lapse_fact_and_deliveries_are_written_together(office: Office) -> None:
    cases = [a_filed_complaint() for _ in range(3)]

    sweep(ALL_OUT)

    for case in cases:
        assert lapses_of(case.chain) == [
            "first.contact.lapsed",
            "complaint.acceptance.target.lapsed",
            "complaint.acceptance.lapsed",
        ]
        assert first_broken_link(case.chain) is None
    late = Event.objects.filter(name="complaint.acceptance.lapsed")
    told = {"notice:complaint.acceptance.lapsed:complainant", "notice:complaint.acceptance.lapsed:supervisors"}
    assert Delivery.objects.filter(event__in=late).count() == len(told) * len(cases)


def test_more_clocks_than_a_batch_holds_all_lapse(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    cases = [a_filed_complaint() for _ in range(3)]

    assert lapse_next(at=ALL_OUT) == 2
    assert 2 + sweep(ALL_OUT) == 9

    assert [first_broken_link(case.chain) for case in cases] == [None] * 3


def test_one_poisoned_clock_among_many_is_the_only_one_left(office: Office, on: Any) -> None:
    cases = [a_filed_complaint() for _ in range(7)]
    poisoned = cases[3]
    followed: list[str] = []

    def consequence(deadline: Deadline, at: datetime) -> None:
        record("thing.done", deadline, by=SYSTEM, at=at)
        if deadline.case_id == poisoned.pk:
            raise ValueError("a bug")
        followed.append(deadline.chain)

    on("first.contact", consequence)

    sweep(ALL_OUT)

    left = Deadline.objects.get(lapsed_at__isnull=True)
    assert (left.case_id, left.rule, left.retry_at) == (poisoned.pk, "first.contact", ALL_OUT + RETRY)
    assert set(followed) == {case.chain for case in cases if case != poisoned}
    for case in cases:
        assert story(case.chain).count("thing.done") == (0 if case == poisoned else 1)
        assert first_broken_link(case.chain) is None


def test_a_database_error_in_a_consequence_undoes_that_lapse_alone(office: Office, on: Any) -> None:
    one, other = a_filed_complaint(), a_filed_complaint()

    def twice(deadline: Deadline, at: datetime) -> None:
        if deadline.case_id == one.pk:
            start("complaint.acceptance", deadline, at=at)  # it runs already: the database refuses

    on("first.contact", twice)

    sweep(ALL_OUT - 5 * A_DAY)

    assert lapses_of(one.chain) == ["complaint.acceptance.target.lapsed"]
    assert lapses_of(other.chain) == ["first.contact.lapsed", "complaint.acceptance.target.lapsed"]


def test_what_a_lapse_sets_in_motion_may_end_the_later_clocks_of_its_case(office: Office, on: Any) -> None:
    complaint = a_filed_complaint()
    on("first.contact", lambda deadline, at: cancel(deadline, "complaint.acceptance", at=at))

    sweep(ALL_OUT)

    assert lapses_of(complaint.chain) == ["first.contact.lapsed", "complaint.acceptance.target.lapsed"]
    assert Deadline.objects.get(rule="complaint.acceptance").cancelled_at == ALL_OUT


def test_an_action_catches_up_in_the_same_way(office: Office, on: Any) -> None:
    complaint = a_filed_complaint()
    on("first.contact", lambda deadline, at: cancel(deadline, "complaint.acceptance", at=at))

    catch_up(complaint, at=ALL_OUT)

    assert lapses_of(complaint.chain) == ["first.contact.lapsed", "complaint.acceptance.target.lapsed"]


def test_few_consequences_share_a_transaction(office: Office, on: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_FOLLOWED", 2)
    for _ in range(5):
        a_filed_complaint()
    on("first.contact", lambda deadline, at: None)
    ends = Deadline.objects.filter(rule="first.contact").first().due_at

    assert [lapse_next(at=ends) for _ in range(4)] == [2, 2, 1, 0]


def test_a_sweep_that_is_killed_loses_nothing_and_repeats_nothing(office: Office) -> None:
    complaint = a_filed_complaint()

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        assert lapse_next(at=ALL_OUT) == 3
        raise Killed

    assert lapses_of(complaint.chain) == []
    assert sweep(ALL_OUT) == 3
    assert len(lapses_of(complaint.chain)) == 3


def test_a_case_that_somebody_holds_is_left_alone_and_holds_up_no_other(committed: None) -> None:
    hire_office()
    busy, free = a_filed_complaint(), a_filed_complaint()
    held, done = Signal(), Signal()

    def act() -> None:
        with transaction.atomic():
            hold(busy.chain)
            held.set()
            assert done.wait(10)

    def pass_by() -> int:
        assert held.wait(10)
        try:
            return sweep(ALL_OUT)
        finally:
            done.set()

    _nothing, swept = at_once(act, pass_by)

    assert (swept, lapses_of(busy.chain), len(lapses_of(free.chain))) == (3, [], 3)
    assert sweep(ALL_OUT) == 3


def test_a_lock_that_is_free_is_held_once(committed: None) -> None:
    with transaction.atomic():
        assert hold_free(["case/1", "case/2"]) == {"case/1", "case/2"}
        (elsewhere,) = at_once(lambda: hold_free_in_a_transaction("case/2", "case/3"))
    assert elsewhere == {"case/3"}


def hold_free_in_a_transaction(*chains: str) -> set[str]:
    with transaction.atomic():
        return hold_free(chains)


def test_several_sweeps_and_actions_at_once_lapse_each_clock_once(committed: None) -> None:
    hire_office()
    cases = [a_filed_complaint() for _ in range(6)]

    def act(case: Any) -> None:
        with transaction.atomic():
            hold(case.chain)
            catch_up(case, at=ALL_OUT)

    at_once(*[lambda: sweep(ALL_OUT)] * 3, *[lambda case=case: act(case) for case in cases[:3]])
    sweep(ALL_OUT)

    assert [len(lapses_of(case.chain)) for case in cases] == [3] * 6
    assert [first_broken_link(case.chain) for case in cases] == [None] * 6


def test_two_sweeps_at_once_raise_each_alarm_once(committed: None) -> None:
    office = hire_office()
    disputes = [an_open_dispute(officer=office.li) for _ in range(3)]
    at = Deadline.objects.filter(rule="mediation.term").first().due_at - 3 * A_DAY

    at_once(*[lambda: warn_next(at=at)] * 3)

    assert [story(dispute.chain).count("mediation.term.ending") for dispute in disputes] == [1] * 3


def test_a_poisoned_alarm_is_tried_again_later_and_holds_up_no_other(office: Office) -> None:
    one, other = (an_open_dispute(officer=office.li) for _ in range(2))
    term = open_deadlines(one).get(rule="mediation.term")
    Deadline.objects.filter(pk=term.pk).update(rule_version="mediation.term@1999-01-01/nobody")
    at = term.due_at - 3 * A_DAY

    while warn_next(at=at):
        continue

    assert [story(dispute.chain).count("mediation.term.ending") for dispute in (one, other)] == [0, 1]
    term.refresh_from_db()
    assert term.retry_at == at + RETRY


# --- lateness without a worker ------------------------------------------------------------------------------


def test_an_answer_a_second_after_the_term_is_late_though_no_worker_ran_for_three_days(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    end = Deadline.objects.get(rule="respondent.answer").due_at
    sweep(end - 3 * A_DAY)  # the last that any worker did

    make_offer(dispute_id=dispute.pk, terms=Terms(1_000, 7), by=chen(), at=end + A_SECOND)

    answer = Deadline.objects.get(rule="respondent.answer")
    assert (answer.met_at, answer.lapsed_at) == (None, end + A_SECOND)
    assert [name for name in story(dispute.chain) if name.startswith(("respondent.a", "mediation.o"))] == [
        "respondent.answer.lapsed",
        "mediation.offered",
        "respondent.answered",
    ]
    assert Dispute.by_pk(dispute.pk).state == State.MEDIATION_OFFERED


def test_a_lapse_that_is_noticed_three_days_late_still_gives_the_whole_next_term(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    end = Deadline.objects.get(rule="respondent.answer").due_at

    sweep(end + 3 * A_DAY)

    lapse = Event.objects.get(chain=dispute.chain, name="respondent.answer.lapsed")
    consent = Deadline.objects.get(rule="mediation.consent")
    assert (datetime.fromisoformat(lapse.facts["due_at"]), lapse.at) == (end, end + 3 * A_DAY)
    assert consent.started_at == end + 3 * A_DAY
    assert consent.due_at - consent.started_at > timedelta(days=5)
