"""The ways that cases go: verbs with the days between them, and where cases are caught under way."""

from dataclasses import dataclass, field

from complaints.states import Problem, Source
from disputes.states import Outcome
from microguard.demo.generator import ending, intake, settling, talks
from microguard.demo.generator.course import Verb


@dataclass(frozen=True)
class Step:
    """One verb, and from how many to how many days after the step before it is done."""

    verb: Verb
    least: float
    most: float
    by_office: bool = False


def _office(verb: Verb, least: float, most: float) -> Step:
    return Step(verb, least, most, by_office=True)


Route = tuple[Step, ...]
FILE = Step(intake.file, 0, 0)
ACCEPT = _office(intake.accept, 0.1, 3)
ASK = (_office(intake.ask_information, 0.1, 0.6), Step(intake.give_information, 0.3, 2))
INVITE = _office(talks.invite, 0.02, 0.8)
ENTER = Step(talks.enter, 0.1, 4)
CONTEST = Step(talks.contest, 0.01, 3)
OFFER = Step(talks.seller_offers, 0.01, 3)
AGREE = Step(talks.agree, 0.01, 3)
ASK_MEDIATION = Step(talks.ask_mediation, 0.5, 6)
CONSENT = Step(talks.seller_consents, 0.2, 3.5)
TAKE = _office(talks.take, 0.1, 1.5)
DECLARE = _office(talks.declare, 0.02, 1)
PROPOSE = _office(talks.propose, 1, 6)
SIGN = (Step(settling.buyer_signs, 0.02, 1.5), Step(settling.seller_signs, 0.05, 2))
PAY = (Step(settling.report, 2.1, 2.9), Step(settling.confirm, 0.1, 3))

ACCEPTED: Route = (FILE, ACCEPT)
INVITED: Route = (*ACCEPTED, INVITE)
CONTESTED: Route = (*INVITED, ENTER, CONTEST)
OFFERED: Route = (*INVITED, ENTER, OFFER)
HAGGLED: Route = (*OFFERED, Step(talks.buyer_offers, 0.2, 2), Step(talks.seller_offers, 0.2, 2.5))
AGREED: Route = (*HAGGLED, Step(talks.buyer_accepts, 0.05, 2))
ASKED: Route = (*CONTESTED, ASK_MEDIATION)
CONSENTED: Route = (*ASKED, CONSENT)
TAKEN: Route = (*CONSENTED, TAKE)
MEDIATED: Route = (
    *TAKEN,
    DECLARE,
    _office(talks.mediator_writes, 0.05, 1),
    Step(talks.buyer_writes, 0.1, 1),
    Step(talks.seller_writes, 0.1, 1.5),
)
PROPOSED: Route = (*MEDIATED, PROPOSE)
BOTH_ACCEPT: Route = (*PROPOSED, Step(talks.buyer_agrees, 1.1, 3), Step(talks.seller_agrees, 0.2, 2.5))
ONE_REFUSES: Route = (*PROPOSED, Step(talks.buyer_agrees, 1.1, 3), Step(talks.seller_declines, 0.2, 2.5))
# The seller stays silent: after ten working days mediation is offered without anybody's doing.
SILENT: Route = (*INVITED, Step(talks.buyer_consents, 21, 24))


def _closed(outcome: Outcome, least: float, most: float) -> Step:
    return _office(ending.closing(outcome), least, most)


# How cases go that are left to themselves, with how many in a thousand do so.
COMMON: tuple[tuple[int, Route], ...] = (
    (190, (*AGREED, *SIGN, *PAY)),
    (80, (*INVITED, ENTER, AGREE, *SIGN, *PAY)),
    (90, (*BOTH_ACCEPT, *SIGN, *PAY)),
    (150, (FILE, _office(ending.settle_at_once, 0.05, 2.5))),
    (60, (*INVITED, _office(ending.settle_at_once, 1, 6))),
    (90, (FILE, _office(intake.decline, 0.3, 5))),
    (50, (FILE, Step(intake.withdraw, 0.2, 3))),
    (60, (*OFFERED, Step(ending.withdraw_solved, 1, 6))),
    (25, (*CONTESTED, Step(ending.withdraw_otherwise, 1, 6))),
    (55, (*ONE_REFUSES, _closed(Outcome.NO_AGREEMENT, 0.3, 3))),
    (60, (*SILENT, _closed(Outcome.NO_RESPONSE, 1, 5))),
    (25, (*ASKED, Step(talks.seller_refuses, 0.2, 3.5), _closed(Outcome.NO_CONSENT, 0.5, 4))),
    (15, (*PROPOSED, _closed(Outcome.TERM_EXPIRED, 40, 60))),
    (15, (*AGREED, *SIGN, _closed(Outcome.BREACHED, 19, 30))),
    (10, (*AGREED, *SIGN, Step(settling.rescind, 0.2, 1.8), _closed(Outcome.RESCINDED, 1, 8))),
    (10, (*AGREED, Step(settling.refuse_to_sign, 0.2, 3), _closed(Outcome.NO_CONSENT, 2, 4))),
    (10, (*OFFERED, _closed(Outcome.CONFIRMED_SOLVED, 2, 6))),
    (5, (*INVITED, _closed(Outcome.DECLINED, 1, 5))),
)
ASKED_FIRST = 0.12  # of all cases, before the decision
DECIDED_LATE = 0.04
LATE = _office(intake.accept, 11, 15)


@dataclass(frozen=True)
class Scene:
    """Where a case is caught: `caught` is the step from which the clock is reckoned back.

    With a rule, that step lies on a day from which the rule's term ends as `ends` says: "lapsed" not long
    ago, "today", "soon" (within three days) or "later". Without one it lies from `least` to `most` days back.
    """

    route: Route
    caught: int = -1
    rule: str = ""
    ends: str = ""
    least: float = 0.02
    most: float = 1.4
    swept: bool = True
    words: dict[str, str] = field(default_factory=dict)


DANGER = {"problem": Problem.UNSAFE_FOOD.value}
ON_THE_WEB = {"source": Source.WEB.value}
SIGNED: Route = (*AGREED, *SIGN)
REPORTED: Route = (*SIGNED, PAY[0])
SCENES: tuple[Scene, ...] = (
    *(Scene((FILE,), 0, "complaint.acceptance", ends) for ends in ("today", "soon", "lapsed", "later")),
    *(Scene((FILE, ASK[0]), 1, "complaint.correction", ends) for ends in ("today", "soon", "lapsed")),
    Scene(ACCEPTED),
    *(Scene(INVITED, 2, "respondent.answer", ends) for ends in ("today", "soon", "later")),
    *(Scene(CONTESTED, 4, "negotiation.term", ends) for ends in ("today", "soon")),
    Scene(HAGGLED, 4, "negotiation.term", "later"),
    *(Scene(ASKED, 5, "mediation.consent", ends) for ends in ("today", "soon", "lapsed")),
    Scene(CONSENTED),
    *(Scene(TAKEN, 7, "mediator.declaration", ends) for ends in ("today", "soon")),
    *(Scene(MEDIATED, 1, "mediation.term", ends) for ends in ("today", "soon", "lapsed")),
    Scene(PROPOSED, -1, "proposal.reflection", "today"),
    Scene((*PROPOSED, Step(talks.buyer_agrees, 1.1, 2)), -2, "proposal.reflection", "soon"),
    Scene(AGREED),
    Scene((*AGREED, SIGN[0])),
    Scene(BOTH_ACCEPT),
    Scene(SIGNED, least=0.1, most=1.9),
    Scene(SIGNED, least=1.1, most=1.9),
    *(Scene(SIGNED, -1, "settlement.performance", ends) for ends in ("today", "soon", "lapsed")),
    Scene(REPORTED, least=0.2, most=1),
    Scene((*REPORTED, Step(settling.dispute_payment, 0.2, 1)), least=0.2, most=1),
    Scene(SILENT[:-1], 2, "respondent.answer", "lapsed"),
    Scene((FILE,), 0, "safety.triage", "today", words=DANGER),
    Scene((FILE,), 0, "first.contact", "today", words=ON_THE_WEB),
    Scene((*REPORTED, PAY[1]), least=0.1, most=3),
)
UNSWEPT = Scene(INVITED, 2, "respondent.answer", "lapsed", swept=False)
