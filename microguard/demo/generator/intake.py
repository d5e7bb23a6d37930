"""What happens to a complaint up to the decision on acceptance: the effects of complaints.actions, in memory."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from complaints.actions.decision import working_day_before
from complaints.actions.filing import CONSENT_VERSION
from complaints.actions.standing import basis_columns
from complaints.models import Claim, Complaint, ComplaintRight, Consent, LegalBasis, SellerMention
from complaints.rules.filing import alleges_danger
from complaints.rules.law_facts import facts_of
from complaints.rules.standing import standing_of
from complaints.states import MACHINE, Source, State
from disputes.models import Dispute
from disputes.states import State as DisputeState
from merchants.models import Handle, HandleKey, HandleSighting, Merchant
from merchants.rules.handles import handle_hash
from merchants.rules.keys import key_hashes
from merchants.states import HandleType
from microguard.accounts.actions.codes import phone_hash
from microguard.core.clock import day_of
from microguard.demo.generator import trades
from microguard.demo.generator.course import BUYER, SYSTEM, Course, Known
from microguard.events.actions import seal
from microguard.events.models import GENESIS, Event


def file(case: Course, at: datetime) -> None:
    """File the complaint: by its buyer on the web, else by the officer who was told of it."""
    matter, web = case.matter, case.matter.source == Source.WEB
    by = BUYER if web else case.staff
    case.complaint = case.keep(
        Complaint,
        id=case.pk,
        number=case.number,
        draft_key=uuid5(NAMESPACE_URL, case.number),
        state=MACHINE.after("file", State.DRAFT),
        source=matter.source,
        language=matter.language,
        complainant_name=matter.buyer,
        phone=matter.phone,
        phone_hash=phone_hash(matter.phone),
        division=matter.division,
        channel=matter.channel,
        relationship=matter.relationship,
        item=matter.item,
        amount_fen=matter.amount_fen,
        paid_date=matter.paid_date,
        paid_date_about=matter.paid_date_about,
        paid_by=matter.paid_by,
        order_number=matter.order_number,
        problem=matter.problem,
        story=matter.story,
        minimum_yuan=matter.minimum_yuan,
        begun_at=at - timedelta(minutes=case.rng.uniform(4, 30)),
        filed_at=at,
        filed_by=by,
    )
    for kind, value in matter.mentions:
        case.keep(SellerMention, complaint_id=case.pk, type=kind, value=value, value_hash=handle_hash(kind, value))
    for wish, fen, as_law_sets in matter.wishes:
        case.keep(Claim, complaint_id=case.pk, kind=wish, amount_fen=fen, as_law_sets=as_law_sets)
    for recipient in matter.consents:
        case.keep(Consent, complaint_id=case.pk, recipient=recipient, version=CONSENT_VERSION, given_at=at)
    _keep_standing(case, at)
    if alleges_danger(matter.problem):
        case.start("safety.triage", at)
    case.start("first.contact", at)
    case.start("complaint.acceptance.target", at)
    if settings.OPERATOR != "market_regulator":  # see complaints.actions.filing
        case.start("complaint.acceptance", at)
    case.record("complaint.filed", by, at, source=matter.source)


def _keep_standing(case: Course, at: datetime) -> None:
    """Keep how the complaint stands in law; cases in the same circumstances are assessed once."""
    matter, on = case.matter, day_of(at)
    facts = facts_of(
        problem=matter.problem,
        paid_by=matter.paid_by,
        channel=matter.channel,
        amount_fen=matter.amount_fen,
        paid_date=matter.paid_date,
        paid_date_about=matter.paid_date_about,
        complained_on=on,
    )
    standing = standing_of(facts, [wish for wish, _fen, _law in matter.wishes], on)
    for right in standing.rights:
        case.keep(ComplaintRight, complaint_id=case.pk, right=right)
    case.keep(LegalBasis, complaint_id=case.pk, **basis_columns(standing, on))


def _move(case: Course, verb: str) -> None:
    """Take the complaint to its next stage.  :raises microguard.core.machine.NotPossible:"""
    case.complaint["state"] = MACHINE.after(verb, case.complaint["state"])


def ask_information(case: Course, at: datetime) -> None:
    """Ask the buyer for one thing more."""
    _move(case, "ask_information")
    case.complaint.update(
        information_asked=case.rng.choice(trades.QUESTIONS),
        information_asked_at=at,
        information_asked_by=case.staff,
    )
    _meet_first_contact(case, at)
    decision_due = case.due("complaint.acceptance")
    case.start("complaint.correction", at, not_after=working_day_before(decision_due) if decision_due else None)
    case.record("complaint.information_asked", case.staff, at)


def give_information(case: Course, at: datetime) -> None:
    """Answer the office."""
    _move(case, "give_information")
    case.complaint["information_given"] = case.rng.choice(trades.GIVEN_INFORMATION)
    case.meet("complaint.correction", at)
    case.record("complaint.information_given", BUYER, at)


def _meet_first_contact(case: Course, at: datetime) -> None:
    case.complaint["officer_id"] = case.officer
    case.meet("first.contact", at)
    case.meet("safety.triage", at)


def _decided(case: Course, at: datetime) -> None:
    _meet_first_contact(case, at)
    case.meet("complaint.acceptance", at)
    case.meet("complaint.acceptance.target", at)
    case.cancel("complaint.correction", at=at)


def accept(case: Course, at: datetime) -> None:
    """Accept the complaint; its dispute opens by itself."""
    accept_and_open(case, at, opened_by=SYSTEM)


def accept_and_open(case: Course, at: datetime, *, opened_by: str) -> None:
    """Accept the complaint and open its dispute, about a seller who is known or gets a profile now."""
    _move(case, "accept")
    known = _registered(case, at)
    case.complaint.update(merchant_id=known.merchant_id, accepted_at=at, accepted_by=case.staff)
    _decided(case, at)
    case.start("mediation.term", at)
    case.record("complaint.accepted", case.staff, at, merchant=known.merchant_id)
    phones = [value for kind, value in case.matter.mentions if kind == HandleType.PHONE]
    case.dispute = case.keep(
        Dispute,
        complaint_id=case.pk,
        state=DisputeState.AWAITING_ANSWER,
        opened_at=at,
        respondent_phone=phones[0] if phones else "",
    )
    case.record("dispute.opened", opened_by, at)


def _registered(case: Course, at: datetime) -> Known:
    """Return the seller in the registry, a new profile at its first accepted complaint."""
    sellers, index = case.books.sellers, case.matter.seller.index
    known = sellers.get(index)
    if known is None:
        known = sellers[index] = Known(next(case.books.keys[Merchant]), at)
        public_key = uuid5(NAMESPACE_URL, f"merchant {known.merchant_id}")
        case.keep(
            Merchant, id=known.merchant_id, public_key=public_key, registered_at=at, registered_by=case.staff
        )
        chain = f"merchant/{known.merchant_id}"
        sealed = seal(
            chain=chain,
            number=1,
            name="merchant.registered",
            actor=case.staff,
            at=at,
            facts={"seen_in": case.chain},
            previous=GENESIS,
        )
        case.keep(Event, **sealed)
    for kind, value in case.matter.mentions:
        if (kind, value) not in known.handles:
            handle = known.handles[kind, value] = next(case.books.keys[Handle])
            case.keep(
                Handle,
                id=handle,
                merchant_id=known.merchant_id,
                type=kind,
                value=value,
                value_hash=handle_hash(kind, value),
                seen_at=at,
                seen_by=case.staff,
                seen_in=case.chain,
            )
            for key in sorted(key_hashes(kind, value, known.handles)):
                case.keep(HandleKey, handle_id=handle, key_hash=key)
        handle = known.handles[kind, value]
        case.keep(HandleSighting, handle_id=handle, seen_in=case.chain, seen_at=at, seen_by=case.staff)
    return known


def decline(case: Course, at: datetime) -> None:
    """Decline the complaint on one of the published grounds."""
    _move(case, "decline")
    ground = case.rng.choice(tuple(trades.REFUSALS))
    case.complaint.update(
        decline_ground=ground, decline_reason=trades.REFUSALS[ground], declined_at=at, declined_by=case.staff
    )
    _decided(case, at)
    case.record("complaint.declined", case.staff, at, ground=ground)


def withdraw(case: Course, at: datetime) -> None:
    """Withdraw a complaint that is not decided yet."""
    _move(case, "withdraw")
    case.complaint.update(withdrawn_at=at, withdrawn_by=BUYER)
    case.cancel(at=at)
    case.record("complaint.withdrawn", BUYER, at)
