"""What the registry of sellers holds before the demo starts: owned and claimed shops, promises, agents, merges.

Each case goes before what rests on it, and everything at one seller goes in the order of time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from complaints.actions.breaches import note_breach, withdraw_breach
from complaints.models import Breach, Complaint
from disputes.actions.signals import contest_signal
from disputes.selectors.sellers import SellerOfCases
from merchants.actions.agents import AgentTerms, note_agent_link
from merchants.actions.claiming import begin_claim, bring_proof, contest_claim, make_contest_link
from merchants.actions.commitments import make_commitment
from merchants.actions.corrections import Objection, ask_correction
from merchants.actions.identity import (
    Licensed,
    Registered,
    check_identity,
    state_exemption,
    state_licence,
    state_registration,
    state_turnover,
)
from merchants.actions.linking import keep_apart, merge_profiles
from merchants.actions.ownership import accept_proof
from merchants.actions.public_page import publish_name
from merchants.actions.shared import mark_shared
from merchants.actions.statements import judge_statement, offer_statement
from merchants.models import Commitment, Handle, Merchant, ProfileClaim
from merchants.states import (
    AgentReward,
    ClaimProof,
    CommitmentKind,
    Exemption,
    Figure,
    HandleType,
    IdentityLevel,
    LegalForm,
    LicenceKind,
    SharedBecause,
    Wrong,
)
from microguard.core.clock import day_of
from microguard.deadlines import actions as deadlines
from microguard.demo.town.cast import DEMO_SELLER, Office, Person, people
from microguard.demo.town.entries import Fields, by_key, matter_of, read
from microguard.demo.town.history import SWEPT_AFTER, Past, past_of, play
from microguard.demo.town.pictures import as_file

FILE = "registry.toml"
# They pass their checks and belong to nobody; the second is the example in the standard for ID numbers.
CREDIT_CODE, ID_NUMBER = "92440300MADEM0000M", "11010519491231002X"
LANGUAGE, PROOF = "zh-hans", "signature"


@cache
def of_registry() -> tuple[Past, ...]:
    """Return the closed cases of the sellers with whose profiles something was done.

    :raises microguard.demo.town.entries.TownError: when an entry is wrong
    """
    fields = [Fields(FILE, answers) for answers in read(FILE)["matter"]]
    entries = [past_of(each, matter_of(each)) for each in fields]
    return tuple(by_key(((entry.matter.key, entry) for entry in entries), FILE))


@dataclass(frozen=True)
class Registry:
    """The registry while it is played: its cases so far by key, the office, the start, people's words."""

    cases: dict[str, Complaint]
    office: Office
    start: datetime
    words: Mapping[str, str]

    def ago(self, days: float) -> datetime:
        """Return the instant so many days before the start."""
        return self.start - timedelta(days=days)

    def seller(self, case: str) -> Merchant:
        """Return the profile of the seller in this case."""
        merchant = self.cases[case].merchant
        assert merchant is not None
        return merchant


def play_registry(*, office: Office, start: datetime) -> None:
    """Play the closed cases and what was done with the profiles that came of them."""
    registry = Registry({}, office, start, read(FILE)["words"])
    dresser, cousin, shrimper = islice(people("13900001", first=120), 3)
    owners = {"wig": DEMO_SELLER, "dress": dresser}
    pairs = zip(people("13800001", first=140), people("13900001", first=140), strict=False)
    for number, (entry, (buyer, stranger)) in enumerate(zip(of_registry(), pairs, strict=False)):
        key = entry.matter.key
        seller = owners.get(key.partition("_")[0], stranger)
        registry.cases[key] = Complaint.by_pk(play(entry, number, buyer, seller, office, start))
        if key == "wig_parting":
            _open_the_wig_shop(registry, DEMO_SELLER)
    _wigs(registry, DEMO_SELLER)
    _dresses(registry, dresser, cousin)
    _claim(registry, "dried_shrimp", shrimper, days=4)
    _agents(registry)


def _claim(registry: Registry, case: str, person: Person, *, days: float) -> ProfileClaim:
    """Claim the seller of a case so many days before the start; the officer accepts the proof a day later."""
    claim = begin_claim(
        merchant_id=registry.seller(case).pk,
        proof=ClaimProof.SIGNATURE,
        phone=person.phone,
        language=LANGUAGE,
        by=person.actor,
        at=registry.ago(days),
    )
    bring_proof(claim_id=claim.pk, uploads=[as_file(PROOF)], by=person.actor, at=registry.ago(days - 0.1))
    return accept_proof(claim_id=claim.pk, by=registry.office.officer, at=registry.ago(days - 1))


def _own(registry: Registry, case: str, person: Person, *, days: float) -> Merchant:
    """Claim the seller of a case and let the time pass in which others may object."""
    merchant = registry.seller(case)
    claim = _claim(registry, case, person, days=days)
    ended = deadlines.due("claim.cooling", merchant, subject=claim.subject)
    assert ended is not None
    deadlines.catch_up(merchant, at=ended + SWEPT_AFTER)
    return merchant


def _open_the_wig_shop(registry: Registry, owner: Person) -> None:
    """Its owner claims it, says who stands behind it and what it promises; the office looks at the papers."""
    merchant = _own(registry, "wig_parting", owner, days=300)
    said, day = registry.words, day_of(registry.ago(280))
    shop: Any = {"merchant_id": merchant.pk, "by": owner.actor, "at": registry.ago(280)}
    publish_name(name=said["wigs_name"], **shop)
    told = Registered(CREDIT_CODE, said["wigs_registered"], LegalForm.SOLE_TRADER, needs_licence=True)
    state_registration(told=told, resident_id=ID_NUMBER, **shop)
    last_day = day + timedelta(days=700)
    licence = Licensed(LicenceKind.COSMETICS, said["wigs_licence"], said["wigs_holder"], last_day)
    state_licence(told=licence, **shop)
    make_commitment(kind=CommitmentKind.RETURN_WITHIN, value=10, **shop)
    make_commitment(kind=CommitmentKind.MULTIPLE_IF_FAKE, value=3, **shop)
    make_commitment(kind=CommitmentKind.ACCEPTS_MEDIATION, value=None, **shop)
    _check(registry, merchant, IdentityLevel.DOCUMENTS, days=278)


def _check(registry: Registry, merchant: Merchant, level: str, *, days: float) -> None:
    check_identity(
        merchant_id=merchant.pk,
        level=level,
        looked_at=registry.words["wigs_looked_at"],
        looked_date=day_of(registry.ago(days)),
        by=registry.office.officer,
        at=registry.ago(days),
    )


def _wigs(registry: Registry, owner: Person) -> None:
    """A promise was not kept, another note of it was a mistake; the shop speaks for itself and objects."""
    merchant, said, office = registry.seller("wig_parting"), registry.words, registry.office
    promise = Commitment.objects.get(merchant=merchant, kind=CommitmentKind.RETURN_WITHIN)
    _note_breach(registry, promise, "wig_sheds", said["breach_noted"], days=115)
    _check(registry, merchant, IdentityLevel.REGISTER, days=100)
    mistaken = _note_breach(registry, promise, "wig_fibre", said["breach_by_mistake"], days=52)
    withdraw_breach(breach_id=mistaken.pk, by=office.officer, at=registry.ago(51))
    statement = offer_statement(
        merchant_id=merchant.pk,
        text=said["wigs_statement"],
        speaks_for=SellerOfCases([merchant.pk]),
        by=owner.actor,
        at=registry.ago(50),
    )
    judge_statement(statement_id=statement.pk, publishes=True, by=office.officer, at=registry.ago(49))
    objection = Objection(
        Wrong.FIGURES, Figure.ANSWERED, said["objection"], owner.phone, owner.phone_hash, LANGUAGE
    )
    ask_correction(merchant_id=merchant.pk, objection=objection, by=owner.actor, at=registry.ago(1))


def _note_breach(registry: Registry, promise: Commitment, case: str, reason: str, *, days: float) -> Breach:
    complaint = registry.cases[case]
    by, at = registry.office.officer, registry.ago(days)
    return note_breach(complaint_id=complaint.pk, commitment_id=promise.pk, reason=reason, by=by, at=at)


def _dresses(registry: Registry, owner: Person, cousin: Person) -> None:
    """Two profiles were merged; what the owner states does not fit; a signal and a second claim are contested."""
    merchant, said, officer = registry.seller("dress_size"), registry.words, registry.office.officer
    merge_profiles(
        merchant_id=registry.seller("dress_second_account").pk,
        into_id=merchant.pk,
        reason=said["same_seller"],
        by=officer,
        at=registry.ago(115),
    )
    _own(registry, "dress_size", owner, days=90)
    shop: Any = {"merchant_id": merchant.pk, "by": owner.actor, "at": registry.ago(70)}
    publish_name(name=said["dresses_name"], **shop)
    make_commitment(kind=CommitmentKind.ANSWERS_WITHIN, value=3, **shop)
    state_exemption(exemption=Exemption.SPORADIC, needs_licence=False, resident_id=ID_NUMBER, **shop)
    year = day_of(shop["at"]).year
    state_turnover(year=year, shop=said["dresses_first"], amount_fen=6_800_000, **shop)
    state_turnover(year=year, shop=said["dresses_second"], amount_fen=5_700_000, **shop)
    case = registry.cases["dress_second_account"].pk
    contest_signal(complaint_id=case, signal="threats", text=said["contest"], by=owner.actor, at=registry.ago(68))
    claim = _claim(registry, "dress_size", cousin, days=5)
    token = make_contest_link(claim, at=registry.ago(4))
    contest_claim(token=token, at=registry.ago(1.5))
    offer_statement(
        merchant_id=merchant.pk,
        text=said["dresses_statement"],
        speaks_for=SellerOfCases([merchant.pk]),
        by=owner.actor,
        at=registry.ago(0.8),
    )


def _agents(registry: Registry) -> None:
    """Three levels with fees and rewards; two who take money by one code are said to be two sellers."""
    top, agent, recruit = (registry.seller(case) for case in ("serum_at_the_top", "serum_agent", "serum_recruit"))
    links = (
        (top, agent, 398_000, AgentReward.PER_RECRUIT, "serum_agent", "agent_top"),
        (agent, recruit, 198_000, AgentReward.SALES_OF_RECRUITS, "serum_recruit", "agent_below"),
    )
    code = Handle.objects.get(merchant=top, type=HandleType.PAYMENT_QR)
    because = SharedBecause.PASSED_ON
    mark_shared(handle_id=code.pk, because=because, by=registry.office.officer, at=registry.ago(182))
    keep_apart(
        merchant_id=top.pk,
        other_id=agent.pk,
        reason=registry.words["passed_on"],
        by=registry.office.officer,
        at=registry.ago(181),
    )
    for days, (supplier, supplied, fee, reward, case, seen) in zip((180, 140), links, strict=True):
        note_agent_link(
            supplier_id=supplier.pk,
            agent_id=supplied.pk,
            terms=AgentTerms(day_of(registry.ago(days + 30)), fee, reward),
            seen_in=registry.cases[case].chain,
            seen=registry.words[seen],
            by=registry.office.officer,
            at=registry.ago(days),
        )
