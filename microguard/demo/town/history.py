"""The past year: real cases, retold as closed complaints, each played by the real actions at its dates."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache

from complaints.actions.decision import decline_complaint, withdraw_complaint
from complaints.models import Complaint
from complaints.states import DeclineGround
from disputes.actions.mediation import (
    answer_mediation,
    answer_proposal,
    ask_for_mediation,
    assign_mediator,
    declare_impartiality,
    propose,
)
from disputes.actions.negotiation import accept_offer, contest, make_offer
from disputes.actions.opening import enter_by_link, make_link, note_invitation, open_dispute
from disputes.actions.outcome import close_dispute, settle_at_once
from disputes.actions.performance import confirm_performance, report_performance
from disputes.actions.settlement import sign_settlement
from disputes.models import Dispute
from disputes.rules.terms import Terms
from disputes.states import Outcome
from microguard.accounts.actors import SYSTEM
from microguard.core.clock import CHINA, day_of
from microguard.deadlines import actions as deadlines
from microguard.demo.town.cast import Office, Person, people
from microguard.demo.town.entries import Fields, Matter, by_key, matter_of, read
from microguard.demo.town.intake import accept, take_in
from microguard.demo.town.pictures import as_file

FILE = "history.toml"
SWEPT_AFTER = timedelta(seconds=12)
PAY_WITHIN_DAYS = 7
NO_ANSWER_GIVEN = "不同意买家的说法，希望先看材料再谈。"


@dataclass(frozen=True)
class Past:
    """A case of the past year: filed so many days before the demo starts, and how it ended."""

    matter: Matter
    filed: int
    ending: str
    settled_fen: int | None
    goods_returned: bool
    answer: str
    note: str
    ground: str


@cache
def retold() -> tuple[Past, ...]:
    """Return the cases of the past year.

    :raises microguard.demo.town.entries.TownError: when an entry is wrong
    """
    entries = [_retold(Fields(FILE, answers)) for answers in read(FILE)["matter"]]
    return tuple(by_key(((entry.matter.key, entry) for entry in entries), FILE))


def _retold(fields: Fields) -> Past:
    matter = matter_of(fields)
    year = fields.take("retold_from", 0)
    is_example = fields.take("example", default=False)
    return past_of(fields, replace(matter, story=f"{label(year, is_example=is_example)}\n{matter.story}"))


def past_of(fields: Fields, matter: Matter) -> Past:
    """Return how the matter of an entry was filed and ended; nothing may be left of the entry.

    :raises microguard.demo.town.entries.TownError: when an answer is missing or not of its vocabulary
    """
    settled = fields.take("settled", "")
    ending = fields.word("ending", ENDINGS)
    entry = Past(
        matter=matter,
        filed=fields.take("filed"),
        ending=ending,
        settled_fen=fields.fen("settled", settled) if settled else None,
        goods_returned=fields.take("goods_returned", default=False),
        answer=fields.take("answer", NO_ANSWER_GIVEN),
        note=fields.take("note", ""),
        ground=fields.word("ground", DeclineGround.values, None if ending == "declined" else ""),
    )
    fields.end()
    return entry


def label(year: int, *, is_example: bool) -> str:
    """Return the first line of the story: that a real case is retold, of which year, and what is made up."""
    source = f"改编自{year}年的真实案例" if year else "改编自真实案例，年份未见报道"
    amounts = "金额为示例；" if is_example else ""
    return f"【演示】{source}；日期已挪动；{amounts}人物和账号均为虚构。"


@dataclass
class Case:
    """A case while it is played: its people, what it is about, and the instant at which it stands."""

    entry: Past
    pk: int
    buyer: Person
    seller: Person
    office: Office
    at: datetime

    @property
    def dispute_id(self) -> int:
        """The key of the dispute."""
        return Dispute.objects.values_list("pk", flat=True).get(complaint_id=self.pk)

    def later(self, **gap: float) -> None:
        """Let a time pass in which no clock runs out."""
        self.at += timedelta(**gap)

    def wait(self, **gap: float) -> None:
        """Let time pass; what runs out on the way lapses when the sweep would have found it."""
        self.wait_until(self.at + timedelta(**gap))

    def wait_until(self, end: datetime) -> None:
        """Let time pass until an instant, as `wait` does."""
        sweep(self.pk, since=self.at, until=end - SWEPT_AFTER)
        self.at = end


def sweep(case_id: int, *, since: datetime, until: datetime) -> None:
    """Let the terms of a case that end between the two instants lapse, each as a worker would have noticed it."""
    complaint: Complaint = Complaint.objects.lock(pk=case_id)
    running = deadlines.open_deadlines(complaint).filter(due_at__lt=until)
    seen = since
    while due := running.filter(due_at__gt=seen).values_list("due_at", flat=True).first():
        deadlines.catch_up(complaint, at=due + SWEPT_AFTER)
        seen = due


def play_history(*, office: Office, start: datetime) -> None:
    """Play every case of the past year up to the start of the demo."""
    pairs = zip(people("13800001", first=1), people("13900001", first=50), strict=False)
    for number, (entry, (buyer, seller)) in enumerate(zip(retold(), pairs, strict=False)):
        play(entry, number, buyer, seller, office, start)


def play(entry: Past, number: int, buyer: Person, seller: Person, office: Office, start: datetime) -> int:
    """Play a case of the past up to the start of the demo and return its key; `number` spreads the time of day."""
    day = day_of(start) - timedelta(days=entry.filed)
    filed_at = datetime.combine(day, time(9 + number % 7, number * 17 % 60), CHINA)
    complaint = take_in(entry.matter, buyer, clerk=office.officer, today=start, at=filed_at)
    case = Case(entry, complaint.pk, buyer, seller, office, filed_at)
    ENDINGS[entry.ending](case)
    case.wait_until(start)
    return case.pk


def _declined(case: Case) -> None:
    case.later(days=1)
    decline_complaint(
        complaint_id=case.pk, ground=case.entry.ground, reason=case.entry.note, by=case.office.officer, at=case.at
    )


def _withdrawn(case: Case) -> None:
    case.later(hours=20)
    withdraw_complaint(complaint_id=case.pk, by=case.buyer.actor, at=case.at)


def _at_once(case: Case) -> None:
    case.later(hours=2)
    settle_at_once(
        complaint_id=case.pk,
        recovered_fen=case.entry.settled_fen,
        note=case.entry.note,
        by=case.office.mediator,
        at=case.at,
    )


def _invite(case: Case) -> str:
    """The office accepts, opens the dispute and sends the seller its link."""
    case.later(days=1)
    accept(case.pk, officer=case.office.officer, at=case.at)
    open_dispute(complaint_id=case.pk, by=SYSTEM, at=case.at)
    case.later(minutes=25)
    token = make_link(dispute_id=case.dispute_id, by=case.office.officer, at=case.at)
    note_invitation(dispute_id=case.dispute_id, by=case.office.officer, at=case.at)
    return token


def _bring_in(case: Case) -> None:
    """The seller comes in by the link."""
    token = _invite(case)
    case.later(days=1, hours=1)
    seller = case.seller
    enter_by_link(token=token, phone=seller.phone, phone_hash=seller.phone_hash, language="zh-hans", at=case.at)


def _contest(case: Case) -> None:
    _bring_in(case)
    contest(dispute_id=case.dispute_id, reason=case.entry.answer, by=case.seller.actor, at=case.at)
    case.later(days=2)


def _terms(case: Case, note: str = "") -> Terms:
    assert case.entry.settled_fen is not None
    return Terms(case.entry.settled_fen, PAY_WITHIN_DAYS, case.entry.goods_returned, note)


def _close(case: Case, outcome: Outcome) -> None:
    close_dispute(
        dispute_id=case.dispute_id,
        outcome=outcome,
        note=case.entry.note,
        recovered_fen=case.entry.settled_fen,
        by=case.office.officer,
        at=case.at,
    )


def _no_response(case: Case) -> None:
    _invite(case)
    case.wait(days=32)
    _close(case, Outcome.NO_RESPONSE)


def _no_consent(case: Case) -> None:
    _contest(case)
    ask_for_mediation(dispute_id=case.dispute_id, by=case.buyer.actor, at=case.at)
    case.later(days=1)
    answer_mediation(dispute_id=case.dispute_id, consents=False, by=case.seller.actor, at=case.at)
    case.later(days=1)
    _close(case, Outcome.NO_CONSENT)


def _mediate(case: Case) -> None:
    """Both consent; the mediator takes the case and declares to be impartial."""
    _contest(case)
    mediator = case.office.mediator
    ask_for_mediation(dispute_id=case.dispute_id, by=case.buyer.actor, at=case.at)
    case.later(hours=22)
    answer_mediation(dispute_id=case.dispute_id, consents=True, by=case.seller.actor, at=case.at)
    assign_mediator(dispute_id=case.dispute_id, mediator_id=mediator.user_id or 0, by=mediator, at=case.at)
    case.later(hours=3)
    declare_impartiality(dispute_id=case.dispute_id, by=mediator, at=case.at)
    case.wait(days=4)


def _no_agreement(case: Case) -> None:
    """The two talk by telephone through the office and do not come together."""
    _contest(case)
    case.later(days=6)
    _close(case, Outcome.NO_AGREEMENT)


def _mediated_in_vain(case: Case) -> None:
    _mediate(case)
    _close(case, Outcome.NO_AGREEMENT)


def _solved(case: Case) -> None:
    _mediate(case)
    _close(case, Outcome.CONFIRMED_SOLVED)


def _mediated(case: Case) -> None:
    _mediate(case)
    propose(dispute_id=case.dispute_id, terms=_terms(case, case.entry.note), by=case.office.mediator, at=case.at)
    case.later(hours=26)
    for party in (case.seller, case.buyer):
        answer_proposal(
            dispute_id=case.dispute_id, accepts=True, waives_reflection=False, by=party.actor, at=case.at
        )
    _sign_and_pay(case)


def _agreed(case: Case) -> None:
    _contest(case)
    offer = make_offer(dispute_id=case.dispute_id, terms=_terms(case), by=case.seller.actor, at=case.at)
    case.later(hours=5)
    accept_offer(dispute_id=case.dispute_id, offer_id=offer.pk, by=case.buyer.actor, at=case.at)
    _sign_and_pay(case)


def _sign_and_pay(case: Case) -> None:
    """Both sign; the seller pays in time and the buyer confirms: the case closes as performed."""
    digest = Dispute.by_pk(case.dispute_id).settlements.get().digest
    for party in (case.buyer, case.seller):
        case.later(hours=2)
        sign_settlement(dispute_id=case.dispute_id, digest=digest, name=party.name, by=party.actor, at=case.at)
    case.wait(days=3)
    proof = as_file("paid_as_agreed")
    report_performance(dispute_id=case.dispute_id, proof=proof, by=case.seller.actor, at=case.at)
    case.later(hours=19)
    confirm_performance(dispute_id=case.dispute_id, by=case.buyer.actor, at=case.at)


ENDINGS: dict[str, Callable[[Case], None]] = {
    "declined": _declined,
    "withdrawn": _withdrawn,
    "at_once": _at_once,
    "no_response": _no_response,
    "no_consent": _no_consent,
    "no_agreement": _no_agreement,
    "mediated_in_vain": _mediated_in_vain,
    "solved": _solved,
    "mediated": _mediated,
    "agreed": _agreed,
}
