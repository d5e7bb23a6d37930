"""Who is told of what happens in a dispute."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from complaints.notices import (
    CASE_FOR_OFFICE,
    complainant,
    complaint_of,
    due_of,
    officers,
    page_of,
    platforms,
    regulators,
    supervisors,
)
from complaints.notices import facts_for_office as complaints_facts_for_office
from complaints.states import ConsentRecipient
from disputes.actions.opening import issue_token
from disputes.models import Dispute
from merchants.notices import claim_of
from merchants.notices import facts_with_link as claim_with_link
from merchants.selectors.claiming import other_phones
from microguard.core import masking
from microguard.core.money import yuan
from microguard.core.templatetags.mg import due_day
from microguard.deadlines.wording import title_of
from microguard.events.models import Event
from microguard.notifications.models import ChannelName, Dispatch
from microguard.notifications.notices import no_notice, tell
from microguard.notifications.staff import by_mail
from microguard.notifications.ways import Recipient, Way


def dispute_of(event: Event) -> Dispute:
    """Return the dispute of the case to which the event belongs."""
    dispute: Dispute = Dispute.objects.select_related("complaint").get(
        complaint_id=int(event.chain.removeprefix("case/"))
    )
    return dispute


def respondent(event: Event) -> Iterable[Recipient]:
    """The seller, by text message, once a phone is known."""
    dispute = dispute_of(event)
    if dispute.respondent_phone:
        way = Way(ChannelName.SMS, dispute.respondent_phone)
        yield Recipient("respondent", dispute.respondent_language, (way,))


def respondents(event: Event) -> Iterable[Recipient]:
    """Whoever answered as the seller in a case and is known to the registry under no phone of theirs."""
    claim = claim_of(event)
    told = {str(claim.phone), *(number for number, _key, _language in other_phones(claim))}
    for dispute in Dispute.objects.filter(complaint__merchant__in=claim.told_profiles).order_by("pk"):
        number = str(dispute.respondent_phone)
        if number and number not in told:
            told.add(number)
            way = Way(ChannelName.SMS, number)
            yield Recipient(f"respondent:{dispute.pk}", dispute.respondent_language, (way,))


def other_party(event: Event) -> Iterable[Recipient]:
    """The party that did not do it; both when it was the office."""
    if event.actor != "complainant":
        yield from complainant(event)
    if event.actor != "respondent":
        yield from respondent(event)


# Terms that only the office has to keep, and those of the buyer's that a seller does not wait for.
OF_THE_OFFICE = {
    *("first.contact", "safety.triage", "complaint.acceptance.target", "respondent.reminder"),
    *("mediator.declaration", "clue.check", "platform.answer"),
}
OF_THE_BUYER = {"complaint.acceptance", "complaint.correction", "case.evaluation"}


def waiting_for(event: Event) -> Iterable[Recipient]:
    """Whom the term concerns that the event is about: both parties, the buyer, or only the office.

    A term about a seller of the registry is nobody's in a case.
    """
    rule = event.facts["rule"]
    if rule in OF_THE_OFFICE or not event.chain.startswith("case/"):
        return
    yield from complainant(event)
    if rule not in OF_THE_BUYER and Dispute.objects.filter(complaint=complaint_of(event)).exists():
        yield from respondent(event)


def new_date(event: Event) -> dict[str, Any]:
    """Return what a notice about a term that was counted anew may mention."""
    complaint = complaint_of(event)
    due, before = (datetime.fromisoformat(event.facts[fact]) for fact in ("due_at", "due_before"))
    return {
        "number": complaint.number,
        "url": page_of(complaint),
        "title": title_of(event.facts["rule_version"]),
        "due": due_day(due),
        "before": due_day(before),
        "moved": due != before,
    }


def mediator(event: Event) -> Iterable[Recipient]:
    """The mediator of the case, by e-mail."""
    assignment = dispute_of(event).assignments.filter(ended_at__isnull=True).select_related("mediator").first()
    if assignment and assignment.mediator.email:
        yield by_mail(assignment.mediator)


def handler(event: Event) -> Iterable[Recipient]:
    """Who has the case in hand: its mediator; until one is named, its officer."""
    return list(mediator(event)) or officers(event)


def facts(event: Event) -> dict[str, Any]:
    """Return everything that a notice about a dispute may mention."""
    dispute = dispute_of(event)
    complaint = dispute.complaint
    return {
        "number": complaint.number,
        "url": page_of(complaint),
        "buyer": masking.name(complaint.complainant_name),
        "item": complaint.item,
        "amount": yuan(complaint.amount_fen or 0),
        "answer_due": due_of(complaint, "respondent.answer"),
        "consent_due": due_of(complaint, "mediation.consent"),
        "term_due": due_of(complaint, "mediation.term"),
        "payment_due": due_of(complaint, "settlement.performance"),
        "outcome": dispute.get_outcome_display(),
        "note": dispute.closing_note,
        "phone": settings.HELP_PHONE,
    }


def facts_with_link(event: Event) -> dict[str, Any]:
    """Return the facts with a fresh link for the seller in place of the case page."""
    dispute: Dispute = Dispute.objects.lock(pk=dispute_of(event).pk)
    token = issue_token(dispute, event.at)
    return facts(event) | {"url": settings.BASE_URL + reverse("disputes:respond", args=[token])}


def facts_for_office(event: Event, recipient: str) -> dict[str, Any]:
    """Return what an office outside may be told of a dispute: as of a complaint, and how it stands or ended."""
    dispute = dispute_of(event)
    known = complaints_facts_for_office(event, recipient)
    if known["consented"]:
        known["data"] |= {"stage": dispute.state, "outcome": dispute.outcome or None}
    return known | {"outcome": dispute.get_outcome_display() if known["consented"] else ""}


def for_regulator(event: Event) -> dict[str, Any]:
    """Return what a regulator may be told."""
    return facts_for_office(event, ConsentRecipient.REGULATOR)


def for_platform(event: Event) -> dict[str, Any]:
    """Return what a platform may be told; it opens no case, so there is no page to lead to."""
    return facts_for_office(event, ConsentRecipient.PLATFORM) | {"url": ""}


def _told_before(event: Event, recipients: Iterable[Recipient]) -> Iterable[Recipient]:
    told = Dispatch.objects.filter(chain=event.chain, event__number__lt=event.number, office__isnull=False)
    offices = set(told.values_list("office", flat=True))
    return (recipient for recipient in recipients if recipient.office_id in offices)


def regulators_told(event: Event) -> Iterable[Recipient]:
    """The regulators who were told of this case before: they hear how it ended."""
    return _told_before(event, regulators(event))


def platforms_told(event: Event) -> Iterable[Recipient]:
    """The platforms that were told of this case before."""
    return _told_before(event, platforms(event))


def _tell(event: str, audience: str, recipients: Any, *variables: str, context: Any = facts) -> None:
    tell(event, audience, recipients=recipients, variables=("number", "url", *variables), context=context)


_tell("dispute.opened", "respondent", respondent, "buyer", "amount", "item", "phone", context=facts_with_link)
_tell("respondent.link_asked", "respondent", respondent, context=facts_with_link)
_tell("respondent.reminder.lapsed", "respondent", respondent, "answer_due", context=facts_with_link)
_tell("respondent.answered", "complainant", complainant)
_tell("respondent.denied", "officers", officers)
_tell("respondent.answer.lapsed", "complainant", complainant)
_tell("offer.made", "other_party", other_party)
_tell("offer.accepted", "other_party", other_party)
_tell("mediation.offered", "complainant", complainant, "consent_due")
_tell("mediation.offered", "respondent", respondent, "consent_due")
_tell("mediation.refused", "officers", officers)
_tell("mediation.consent.lapsed", "officers", officers)
_tell("mediator.assigned", "mediator", mediator)
_tell("mediator.declared", "other_party", other_party)
_tell("mediator.declaration.lapsed", "supervisors", supervisors)
_tell("mediation.term.suspended", "other_party", other_party)
_tell("mediation.term.resumed", "other_party", other_party, "term_due")
_tell("mediation.term.ending", "handler", handler, "term_due")
_tell("mediation.term.ending", "supervisors", supervisors, "term_due")
_tell("mediation.term.lapsed", "supervisors", supervisors)
_tell("message.posted", "other_party", other_party)
_tell("proposal.made", "other_party", other_party)
_tell("proposal.not_agreed", "other_party", other_party)
_tell("settlement.drafted", "other_party", other_party)
_tell("settlement.concluded", "other_party", other_party, "payment_due")
_tell("settlement.refused", "other_party", other_party)
_tell("settlement.rescinded", "other_party", other_party)
_tell("settlement.performance.lapsed", "other_party", other_party)
_tell("obligation.reported", "other_party", other_party)
_tell("obligation.disputed", "other_party", other_party)
_tell("dispute.closed", "other_party", other_party, "outcome", "phone")

tell(
    "claim.cooling_began",
    "respondents",
    recipients=respondents,
    variables=("name", "url", "due", "phone"),
    context=claim_with_link,
)
tell(
    "deadline.recomputed",
    "parties",
    recipients=waiting_for,
    variables=("number", "url", "title", "due", "before", "moved"),
    context=new_date,
)
for audience, everyone, told, context in (
    ("regulators", regulators, regulators_told, for_regulator),
    ("platforms", platforms, platforms_told, for_platform),
):
    tell(
        "respondent.answer.lapsed",
        audience,
        recipients=everyone,
        variables=CASE_FOR_OFFICE,
        context=context,
    )
    tell(
        "dispute.closed",
        audience,
        recipients=told,
        variables=(*CASE_FOR_OFFICE, "outcome"),
        context=context,
    )

no_notice("respondent.invited", because="it says that the seller has been told")
no_notice("respondent.identified", because="the answer follows")
no_notice("negotiation.term.lapsed", because="mediation is offered in the same breath")
no_notice("negotiation.term.extended", because="both sides agreed to it")
no_notice("mediation.consented", because="mediation begins with the mediator's name")
no_notice("mediation.begun", because="the mediator writes")
no_notice("mediator.objection.lapsed", because="the mediator stays")
no_notice("proposal.answered", because="an answer is sealed")
no_notice("proposal.accepted", because="the agreement follows for signing")
no_notice("proposal.reflection.lapsed", because="the end of the proposal is told")
no_notice("settlement.signed", because="the second signature is told")
no_notice("settlement.cooling_off.lapsed", because="the date was told at the signing")
no_notice("obligation.confirmed", because="the closing is told")
no_notice("case.evaluation.lapsed", because="silence counts as not evaluated")
