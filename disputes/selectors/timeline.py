"""The case as a story: every fact that concerns the parties, in one plain sentence each."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from disputes.selectors.cases import CaseFile
from microguard.events.models import Event

SENTENCES: dict[str, str | Promise] = {
    "complaint.filed": _("The complaint was filed."),
    "complaint.information_asked": _("The office asked the buyer for one thing more."),
    "complaint.information_given": _("The buyer answered the office."),
    "complaint.facts_told": _("More was told about what happened."),
    "tracing.started": _("We began to look for the seller."),
    "tracing.step_noted": _("We looked for the seller in one more place."),
    "tracing.ended": _("We ended looking for the seller."),
    "platform.identity_asked": _("We asked the platform who the seller is."),
    "platform.answer.lapsed": _("The platform did not answer in time."),
    "complaint.accepted": _("The office took the case on."),
    "complaint.declined": _("The office did not take the case on."),
    "complaint.withdrawn": _("The buyer withdrew the complaint."),
    "complaint.acceptance.lapsed": _("The office did not decide in time. A supervisor has been alarmed."),
    "complaint.correction.lapsed": _("The time for the buyer's answer has passed."),
    "dispute.opened": _("The dispute was opened."),
    "respondent.invited": _("The seller got the invitation to answer."),
    "respondent.identified": _("The seller proved a phone number."),
    "respondent.answered": _("The seller answered."),
    "respondent.answer.lapsed": _("The seller did not answer in time."),
    "respondent.denied": _("Somebody who got the link says not to be the seller. The office looks into it."),
    "negotiation.term.extended": _("Both sides agreed to more time for negotiation."),
    "negotiation.term.lapsed": _("The time for negotiation has passed."),
    "offer.made": _("An offer was made."),
    "offer.accepted": _("The offer was accepted."),
    "mediation.offered": _("Mediation is offered."),
    "mediation.consented": _("Mediation was agreed to."),
    "mediation.refused": _("Mediation was refused."),
    "mediator.declared": _("A mediator was named and declared to be impartial."),
    "mediation.begun": _("Mediation began."),
    "mediation.term.suspended": _("The time for mediation stands still: an appraisal is being made."),
    "mediation.term.resumed": _("The time for mediation runs again."),
    "proposal.made": _("The mediator made a proposal."),
    "proposal.accepted": _("Both accepted the proposal."),
    "proposal.not_agreed": _("There was no agreement on the proposal."),
    "settlement.drafted": _("The agreement was written down."),
    "settlement.signed": _("The agreement was signed by one side."),
    "settlement.concluded": _("The agreement was signed by both."),
    "settlement.refused": _("The agreement was not signed."),
    "settlement.rescinded": _("The buyer took the agreement back."),
    "settlement.cooling_off.lapsed": _("The time to reconsider has passed. The agreement is in force."),
    "settlement.performance.lapsed": _("The agreed day has passed."),
    "obligation.reported": _("The seller reported the payment."),
    "obligation.confirmed": _("The buyer confirmed the payment."),
    "obligation.disputed": _("The buyer says that the money did not arrive."),
    "evidence.added": _("A file was added."),
    "deadline.recomputed": _("The public holidays were announced. A date was counted anew."),
    "dispute.closed": _("The case was closed."),
}
ACTORS: dict[str, str | Promise] = {
    "complainant": _("Buyer"),
    "respondent": _("Seller"),
    "system": _("MicroGuard"),
    "visitor": _("Seller"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the story."""

    sentence: str | Promise
    who: str | Promise
    at: datetime
    number: int


def entries_of(case: CaseFile) -> list[Entry]:
    """Return the story of the case, newest first."""
    events = Event.objects.filter(chain=case.complaint.chain, name__in=SENTENCES).order_by("-number")
    return [
        Entry(SENTENCES[event.name], ACTORS.get(event.actor, _("MicroGuard")), event.at, event.number)
        for event in events
    ]
