"""Generated cases: such as the real actions would have left them, in every stage, the same for the same seed."""

import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from complaints.actions.decision import ask_information, decline_complaint, give_information, withdraw_complaint
from complaints.models import Complaint
from complaints.states import State as ComplaintState
from disputes.actions.mediation import answer_mediation, answer_proposal, propose
from disputes.actions.negotiation import agree_to_claim, make_offer
from disputes.actions.outcome import close_dispute, settle_at_once, withdraw_dispute
from disputes.actions.performance import confirm_performance, dispute_performance, report_performance
from disputes.actions.settlement import refuse_to_sign, rescind_settlement, sign_settlement
from disputes.models import Dispute, MediationConsent, Obligation, Offer, Proposal, ProposalAnswer, Settlement
from disputes.rules.terms import Terms
from disputes.states import Outcome, State
from merchants.models import Handle, Merchant
from microguard.accounts.models import User
from microguard.core.clock import CHINA
from microguard.deadlines.actions import OPEN, lapse_next
from microguard.deadlines.models import Deadline
from microguard.demo.generator import ending, intake, settling, talks
from microguard.demo.generator import generated as generated_cases
from microguard.demo.generator.course import Books, Course, Staff, Verb
from microguard.demo.generator.generated import LEFT_UNSWEPT, NobodyToDecide, payment_proofs, seed_cases
from microguard.demo.generator.matters import matter, seller
from microguard.events.actions import first_broken_link
from microguard.events.models import Delivery, Event
from microguard.notifications.models import Dispatch
from tests.cases import (
    a_dispute_to_sign,
    a_filed_complaint,
    a_picture,
    a_signed_dispute,
    an_answered_dispute,
    an_invited_dispute,
    an_open_dispute,
)
from tests.clock import A_DAY, MONDAY_MORNING
from tests.people import Office, chen, zhang
from tests.stages import a_mediation, an_offered_mediation
from tests.visitors import a_browser

WEDNESDAY = datetime(2026, 11, 25, 10, 30, tzinfo=CHINA)


@pytest.fixture
def town(office: Office) -> Office:
    seed_cases(count=240, seed=1, at=WEDNESDAY, unswept=True)
    return office


# --- one case at a time, against the real actions -----------------------------------------------------------

FILED = [intake.file]
OPENED = [*FILED, intake.accept]
ENTERED = [*OPENED, talks.invite, talks.enter]
CONTESTED = [*ENTERED, talks.contest]
TO_SIGN = [*ENTERED, talks.seller_offers, talks.buyer_accepts]
SIGNED = [*TO_SIGN, settling.buyer_signs, settling.seller_signs]
OFFERED = [*CONTESTED, talks.ask_mediation]
MEDIATED = [*OFFERED, talks.seller_consents, talks.take, talks.declare]


def _asked(office: Office) -> Complaint:
    return ask_information(
        complaint_id=a_filed_complaint().pk,
        question="请补充付款的截图。谢谢配合。",
        by=office.li,
        at=MONDAY_MORNING,
    )


def _answered(office: Office) -> Complaint:
    return give_information(complaint_id=_asked(office).pk, answer="截图已经补上。", by=zhang(), at=MONDAY_MORNING)


def _declined(office: Office) -> Complaint:
    return decline_complaint(
        complaint_id=a_filed_complaint().pk,
        ground="TOO_OLD",
        reason="付款已经超过三年，不能受理。",
        by=office.li,
        at=MONDAY_MORNING,
    )


def _proposed(office: Office) -> Dispute:
    dispute = a_mediation(office)
    propose(dispute_id=dispute.pk, terms=Terms(6_400, 7, note="各让一步。"), by=office.wang, at=MONDAY_MORNING)
    return dispute


def _mediated_agreement(office: Office) -> Dispute:
    dispute = _proposed(office)
    for party in (zhang(), chen()):
        answer_proposal(dispute_id=dispute.pk, accepts=True, waives_reflection=True, by=party, at=MONDAY_MORNING)
    return dispute


def _mediated_and_signed(office: Office) -> Dispute:
    dispute = _mediated_agreement(office)
    digest = dispute.settlements.get().digest
    for party, name in ((zhang(), "张三"), (chen(), "陈四")):
        sign_settlement(dispute_id=dispute.pk, digest=digest, name=name, by=party, at=MONDAY_MORNING)
    return dispute


def _refused_proposal(office: Office) -> Dispute:
    dispute = _proposed(office)
    for party, accepts in ((zhang(), True), (chen(), False)):
        answer_proposal(
            dispute_id=dispute.pk, accepts=accepts, waives_reflection=True, by=party, at=MONDAY_MORNING
        )
    return dispute


def _reported(office: Office) -> Dispute:
    dispute = a_signed_dispute(officer=office.li)
    report_performance(dispute_id=dispute.pk, proof=a_picture(), by=chen(), at=MONDAY_MORNING)
    return dispute


def _disputed(office: Office) -> Dispute:
    dispute = _reported(office)
    dispute_performance(dispute_id=dispute.pk, by=zhang(), at=MONDAY_MORNING)
    return dispute


def _haggled(office: Office) -> Dispute:
    dispute = an_invited_dispute(officer=office.li)
    for party in (chen(), zhang(), chen()):
        make_offer(dispute_id=dispute.pk, terms=Terms(6_400, 7), by=party, at=MONDAY_MORNING)
    return dispute


def _closed(office: Office) -> Dispute:
    dispute = _refused_proposal(office)
    return close_dispute(
        dispute_id=dispute.pk,
        outcome=Outcome.NO_AGREEMENT,
        note="双方没有都同意。",
        by=office.li,
        at=MONDAY_MORNING,
    )


def _refused_mediation(office: Office) -> Dispute:
    dispute = an_offered_mediation(office)
    return answer_mediation(dispute_id=dispute.pk, consents=False, by=chen(), at=MONDAY_MORNING)


SCRIPTS: dict[str, tuple[Callable[[Office], Any], list[Verb]]] = {
    "filed": (lambda office: a_filed_complaint(), FILED),
    "more asked for": (_asked, [*FILED, intake.ask_information]),
    "answered the office": (_answered, [*FILED, intake.ask_information, intake.give_information]),
    "declined": (_declined, [*FILED, intake.decline]),
    "withdrawn": (
        lambda office: withdraw_complaint(complaint_id=a_filed_complaint().pk, by=zhang(), at=MONDAY_MORNING),
        [*FILED, intake.withdraw],
    ),
    "opened": (lambda office: an_open_dispute(officer=office.li), OPENED),
    "entered": (lambda office: an_invited_dispute(officer=office.li), ENTERED),
    "contested": (lambda office: an_answered_dispute(officer=office.li), CONTESTED),
    "haggled": (_haggled, [*ENTERED, talks.seller_offers, talks.buyer_offers, talks.seller_offers]),
    "mediation asked for": (an_offered_mediation, OFFERED),
    "mediation refused": (_refused_mediation, [*OFFERED, talks.seller_refuses]),
    "in mediation": (a_mediation, MEDIATED),
    "proposed": (_proposed, [*MEDIATED, talks.propose]),
    "proposal refused": (
        _refused_proposal,
        [*MEDIATED, talks.propose, talks.buyer_agrees, talks.seller_declines],
    ),
    "mediated agreement": (
        _mediated_agreement,
        [*MEDIATED, talks.propose, talks.buyer_agrees, talks.seller_agrees],
    ),
    "mediated and signed": (
        _mediated_and_signed,
        [*MEDIATED, talks.propose, talks.buyer_agrees, talks.seller_agrees, *SIGNED[-2:]],
    ),
    "no agreement": (
        _closed,
        [
            *MEDIATED,
            talks.propose,
            talks.buyer_agrees,
            talks.seller_declines,
            ending.closing(Outcome.NO_AGREEMENT),
        ],
    ),
    "agreed to the claim": (
        lambda office: agree_to_claim(
            dispute_id=an_invited_dispute(officer=office.li).pk, pay_within_days=7, by=chen(), at=MONDAY_MORNING
        ),
        [*ENTERED, talks.agree],
    ),
    "to sign": (lambda office: a_dispute_to_sign(officer=office.li), TO_SIGN),
    "refused to sign": (
        lambda office: refuse_to_sign(
            dispute_id=a_dispute_to_sign(officer=office.li).pk, by=chen(), at=MONDAY_MORNING
        ),
        [*TO_SIGN, settling.refuse_to_sign],
    ),
    "signed": (lambda office: a_signed_dispute(officer=office.li), SIGNED),
    "taken back": (
        lambda office: rescind_settlement(
            dispute_id=a_signed_dispute(officer=office.li).pk, by=zhang(), at=MONDAY_MORNING
        ),
        [*SIGNED, settling.rescind],
    ),
    "payment reported": (_reported, [*SIGNED, settling.report]),
    "payment disputed": (_disputed, [*SIGNED, settling.report, settling.dispute_payment]),
    "performed": (
        lambda office: confirm_performance(dispute_id=_reported(office).pk, by=zhang(), at=MONDAY_MORNING),
        [*SIGNED, settling.report, settling.confirm],
    ),
    "withdrawn as solved": (
        lambda office: withdraw_dispute(
            dispute_id=_haggled(office).pk, solved=True, recovered_fen=6_400, by=zhang(), at=MONDAY_MORNING
        ),
        [
            *ENTERED,
            talks.seller_offers,
            talks.buyer_offers,
            talks.seller_offers,
            ending.withdraw_solved,
        ],
    ),
    "settled at once": (
        lambda office: settle_at_once(
            complaint_id=a_filed_complaint().pk,
            recovered_fen=12_800,
            note="电话沟通，当场退款。",
            by=office.li,
            at=MONDAY_MORNING,
        ),
        [*FILED, ending.settle_at_once],
    ),
}


def generated(office: Office, verbs: list[Verb], *, until: datetime) -> Complaint:
    """A case about shoes of a web buyer, played verb by verb at the instant of the real ones, and written."""
    staff = Staff([office.li_officer.pk], [office.wang_mediator.pk])
    books, rng = Books(staff=staff, proofs=payment_proofs(), keys_at_a_time=3), Random(7)
    told = matter(rng, seller(7, 1), filed_at=MONDAY_MORNING, new=True, problem="DEFECT", source="WEB")
    while told.wishes[0][0] != "REFUND" or len(told.wishes) > 1:
        told = matter(rng, seller(7, 1), filed_at=MONDAY_MORNING, new=True, problem="DEFECT", source="WEB")
    case = Course(books, told, number="MG-0000-0000", rng=rng)
    case.pay_days = 7
    for verb in verbs:
        verb(case, MONDAY_MORNING)
    case.pass_time(until)
    case.close_books()
    for sheet in books.sheets.values():
        sheet.copy()
    return Complaint.objects.get(number="MG-0000-0000")


def someone(reference: str) -> str:
    return re.sub(r"user:\d+", "user", reference)


def facts_of(complaint: Complaint) -> list[tuple[Any, ...]]:
    events = Event.objects.filter(chain=complaint.chain).order_by("number")
    return [(event.number, event.name, event.at, event.actor[:4], sorted(event.facts)) for event in events]


def clocks_of(complaint: Complaint) -> list[tuple[Any, ...]]:
    names = [field.attname for field in Deadline._meta.concrete_fields]
    columns = [name for name in names if name not in {"id", "case_id", "subject"}]
    return sorted(
        (
            (row.subject.split("/")[0], *(getattr(row, column) for column in columns))
            for row in Deadline.objects.filter(case_id=complaint.pk)
        ),
        key=str,
    )


def standing_of(complaint: Complaint) -> dict[str, Any]:
    """Stage, instants and who, of complaint and dispute, and what their parts look like."""
    seen: dict[str, Any] = {}
    dispute = Dispute.objects.filter(complaint=complaint).first()
    for row in filter(None, (complaint, dispute)):
        for field in row._meta.concrete_fields:
            if field.attname in {"state", "outcome"} or field.attname.endswith(("_at", "_by")):
                value = getattr(row, field.attname)
                key = f"{row._meta.model_name}.{field.attname}"
                seen[key] = someone(value) if isinstance(value, str) else value
    del seen["complaint.begun_at"], seen["complaint.paid_by"]
    basis = complaint.basis
    seen["basis"] = (basis.found, basis.claim, basis.rule, basis.question, basis.reason, basis.rules_as_of_date)
    seen["rights"] = sorted(complaint.rights.values_list("right", "source"))
    seen["officer"] = complaint.officer_id is not None
    seen["handles"] = Handle.objects.filter(seen_in=complaint.chain).exists()
    mine = {"dispute__complaint": complaint}
    seen["offers"] = list(Offer.objects.filter(**mine).order_by("pk").values_list("side", "state", "ended_at"))
    seen["consents"] = sorted(MediationConsent.objects.filter(**mine).values_list("side", "consents"))
    seen["proposals"] = list(Proposal.objects.filter(**mine).values_list("accepted", "ended_at"))
    sealed = ProposalAnswer.objects.filter(proposal__dispute__complaint=complaint)
    seen["answers"] = sorted((answer.side, answer.answer) for answer in sealed)
    agreed = Settlement.objects.filter(**mine)
    seen["settlements"] = [
        (row.version, row.mediated, row.signed_at, row.void_at, sorted(row.terms)) for row in agreed
    ]
    owed = Obligation.objects.filter(settlement__dispute__complaint=complaint)
    seen["obligations"] = list(owed.values_list("state", "due_at", "reported_at", "confirmed_at"))
    return seen


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_generated_case_is_what_the_real_actions_leave(office: Office, name: str) -> None:
    real_actions, verbs = SCRIPTS[name]
    real = case_of(real_actions(office))

    made = generated(office, verbs, until=MONDAY_MORNING)

    assert facts_of(made) == facts_of(real)
    assert clocks_of(made) == clocks_of(real)
    assert standing_of(made) == standing_of(real)
    assert first_broken_link(made.chain) is None


@pytest.mark.parametrize(
    "name", ["filed", "more asked for", "entered", "contested", "proposed", "signed", "taken back"]
)
def test_time_does_to_a_generated_case_what_it_does_to_a_real_one(office: Office, name: str) -> None:
    real_actions, verbs = SCRIPTS[name]
    real = real_actions(office)
    for day in range(41):
        while lapse_next(at=MONDAY_MORNING + day * A_DAY):
            continue
    real = case_of(real)

    made = generated(office, verbs, until=MONDAY_MORNING + 40 * A_DAY)

    assert {name for _number, name, *_rest in facts_of(made)} == {name for _number, name, *_rest in facts_of(real)}
    assert open_clocks(made) == open_clocks(real)
    assert first_broken_link(made.chain) is None


def case_of(case: Any) -> Complaint:
    return Complaint.by_pk(case.case_id)


def open_clocks(complaint: Complaint) -> set[str]:
    return set(Deadline.objects.filter(OPEN, case_id=complaint.pk).values_list("rule", flat=True))


# --- the whole town -----------------------------------------------------------------------------------------


def test_every_stage_and_every_outcome_is_there(office: Office) -> None:
    done = seed_cases(count=400, seed=1, at=WEDNESDAY)

    assert (
        (done.cases, done.sellers) == (Complaint.objects.count(), Merchant.objects.count()) == (400, done.sellers)
    )
    decided = {"FILED", "NEEDS_INFORMATION", "DECLINED", "WITHDRAWN", "ACCEPTED"}
    assert set(Complaint.objects.values_list("state", flat=True)) == decided
    assert set(Dispute.objects.values_list("state", flat=True)) == set(State.values) - {"SUSPENDED"}
    assert set(Dispute.objects.exclude(outcome="").values_list("outcome", flat=True)) == set(Outcome.values)
    assert Complaint.objects.filter(filed_at__gt=WEDNESDAY).count() == 0
    assert Event.objects.filter(at__gt=WEDNESDAY).count() == 0


def test_nothing_waits_to_be_delivered_and_all_keys_fit(town: Office) -> None:
    connection.check_constraints()

    assert not Delivery.objects.exists()
    assert not Dispatch.objects.exists()
    chains = set(Event.objects.values_list("chain", flat=True))
    assert chains == {complaint.chain for complaint in Complaint.objects.all()} | {
        merchant.chain for merchant in Merchant.objects.all()
    }
    assert [chain for chain in chains if first_broken_link(chain) is not None] == []


def test_the_first_sweep_finds_the_terms_of_silent_sellers_and_nothing_else(town: Office) -> None:
    waiting = Deadline.objects.filter(OPEN, due_at__lte=WEDNESDAY)
    assert set(waiting.values_list("rule", "due_at")) == {
        ("respondent.answer", datetime(2026, 11, 25, tzinfo=CHINA))
    }
    cases = set(waiting.values_list("case_id", flat=True))
    assert len(cases) == LEFT_UNSWEPT

    swept = 0
    while found := lapse_next(at=WEDNESDAY):
        swept += found

    assert swept == LEFT_UNSWEPT
    assert set(Dispute.objects.filter(complaint__in=cases).values_list("state", flat=True)) == {
        "MEDIATION_OFFERED"
    }
    assert (
        Event.objects.filter(name="respondent.answer.lapsed", chain__in=[f"case/{case}" for case in cases]).count()
        == 3
    )


def test_the_clocks_go_on_by_themselves(town: Office) -> None:
    swept = 0
    while found := lapse_next(at=WEDNESDAY + 10 * A_DAY):
        swept += found

    assert swept > 30
    assert not Deadline.objects.filter(OPEN, due_at__lte=WEDNESDAY + 10 * A_DAY).exists()
    assert not Deadline.objects.filter(retry_at__isnull=False).exists()
    chains = Event.objects.filter(at__gt=WEDNESDAY).values_list("chain", flat=True).distinct()
    assert [chain for chain in chains if first_broken_link(chain) is not None] == []


def test_terms_end_yesterday_today_and_soon(town: Office) -> None:
    today, tomorrow = datetime(2026, 11, 25, tzinfo=CHINA), datetime(2026, 11, 26, tzinfo=CHINA)
    for rule in ("complaint.acceptance", "mediation.consent", "mediation.term", "settlement.performance"):
        of_rule = Deadline.objects.filter(rule=rule)
        assert of_rule.filter(lapsed_at__isnull=False, due_at=today).exists(), rule
        assert of_rule.filter(OPEN, due_at=tomorrow).exists(), rule
        assert of_rule.filter(OPEN, due_at__gt=tomorrow, due_at__lte=tomorrow + 3 * A_DAY).exists(), rule


def rows_of_the_town() -> Iterator[Any]:
    """All that does not depend on keys: columns of cases, facts and clocks, in order."""
    fields = [field.attname for field in Complaint._meta.concrete_fields]
    said = [name for name in fields if name not in {"id", "merchant_id"}]
    for complaint in Complaint.objects.order_by("pk"):
        yield [getattr(complaint, name) for name in said]
        yield [
            (event.number, event.name, event.at, event.actor)
            for event in Event.objects.filter(chain=complaint.chain).order_by("number")
        ]
        yield sorted(
            Deadline.objects.filter(case_id=complaint.pk).values_list(
                "rule", "due_at", "met_at", "lapsed_at", "cancelled_at"
            ),
            key=str,
        )
        yield sorted((mention.type, mention.value) for mention in complaint.mentions.all())


def test_the_same_seed_gives_the_same_town(office: Office) -> None:
    class Again(Exception):
        pass

    def made(seed: int) -> list[Any]:
        rows: list[Any] = []
        with pytest.raises(Again), transaction.atomic():
            seed_cases(count=60, seed=seed, at=WEDNESDAY)
            rows = list(rows_of_the_town())
            raise Again
        return rows

    assert made(5) == made(5) != made(6)


def test_a_second_town_in_the_same_database_takes_other_numbers(office: Office) -> None:
    seed_cases(count=20, seed=5, at=WEDNESDAY)
    seed_cases(count=20, seed=5, at=WEDNESDAY)

    assert Complaint.objects.values("number").distinct().count() == 40


def test_memory_holds_one_batch_and_not_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated_cases, "BATCH", 40)
    seed_cases(count=240, seed=2, at=WEDNESDAY)  # what is kept, of at most so many, is kept

    def peak_of(count: int) -> int:
        tracemalloc.start()
        try:
            seed_cases(count=count, seed=2, at=WEDNESDAY)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak_of(240) < 1.5 * peak_of(80)


def test_without_an_officer_nothing_can_have_been_decided(db: None) -> None:
    with pytest.raises(NobodyToDecide):
        seed_cases(count=1, seed=1, at=WEDNESDAY)


# --- the pages ----------------------------------------------------------------------------------------------


def one_of_each_stage() -> list[Complaint]:
    found: dict[tuple[str, str, str], Complaint] = {}
    for complaint in Complaint.objects.select_related("dispute").order_by("pk"):
        dispute = getattr(complaint, "dispute", None)
        found[complaint.state, getattr(dispute, "state", ""), getattr(dispute, "outcome", "")] = complaint
    return list(found.values())


def at_desk(user: User) -> Client:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_every_page_opens(town: Office, clock_at: Callable[[datetime], None]) -> None:
    clock_at(WEDNESDAY)
    officer, supervisor = at_desk(town.li_officer), at_desk(town.zhao_supervisor)
    cases = one_of_each_stage()
    assert len(cases) > 14
    for complaint in cases:
        buyer = a_browser(phone=complaint.phone)
        page = buyer.get(reverse("disputes:case", args=[complaint.number]))
        desk = officer.get(reverse("admin:complaints_complaint_change", args=[complaint.pk]))

        assert (page.status_code, desk.status_code) == (200, 200), complaint.state
        assert complaint.item in page.text
    day = supervisor.get(reverse("admin:index"))
    csv = supervisor.get("/en/reg/export/last-month-cases.csv").getvalue()

    assert day.status_code == 200
    october = Complaint.objects.filter(
        filed_at__gte="2026-10-01T00:00+08:00", filed_at__lt="2026-11-01T00:00+08:00"
    )
    assert csv.count(b"\n") == october.count() + 1 > 10


def test_the_seller_who_came_in_reads_his_case(town: Office, clock_at: Callable[[datetime], None]) -> None:
    clock_at(WEDNESDAY)
    dispute = Dispute.objects.filter(state=State.SIGNING).latest("pk")

    page = a_browser(phone=dispute.respondent_phone).get(reverse("disputes:case", args=[dispute.complaint.number]))

    assert page.status_code == 200


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_works_in_demo_mode_only(db: None) -> None:
    with pytest.raises(CommandError, match="demo mode only"):
        call_command("seed_cases", count=5)
    assert not Complaint.objects.exists()


def test_the_command_refuses_a_database_that_holds_real_people(office: Office, settings: Any) -> None:
    settings.DEMO = True

    with pytest.raises(CommandError, match="other data"):
        call_command("seed_cases", count=5)
    assert not Complaint.objects.exists()


def test_the_command_settles_the_people_and_writes_the_cases(
    db: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = True

    call_command("seed_cases", count=8, seed=3, at=WEDNESDAY)

    said = json.loads(capsys.readouterr().out)
    assert (said["cases"], said["at"]) == (8, "2026-11-25T10:30:00+08:00")
    assert Complaint.objects.exclude(state=ComplaintState.DRAFT).count() == 8
