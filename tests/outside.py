"""A seller who does not answer, and what offices outside are told of it."""

from datetime import datetime

from complaints.models import Consent
from disputes.models import Dispute
from microguard.deadlines.actions import lapse_next
from microguard.events.actions import deliver_next
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions.sending import send_next
from microguard.notifications.models import Dispatch
from tests.cases import STORY, an_invited_dispute
from tests.clock import A_DAY, MONDAY_MORNING
from tests.people import CHEN_PHONE, ZHANG_PHONE, Office

SILENCE_NOTED = MONDAY_MORNING + 20 * A_DAY
SECRETS = (ZHANG_PHONE, CHEN_PHONE, "张三", "shoes_2026", STORY)


def pass_on(at: datetime) -> None:
    """What the workers do until nothing is left: sweep, relay, dispatch."""
    while lapse_next(at=at) or deliver_next(at=at) or send_next(at=at):
        continue


def silence(office: Office, *, consents: tuple[str, ...] = ("SELLER", "REGULATOR", "PLATFORM")) -> Dispute:
    """Zhang's case against Chen, who lets his time to answer pass."""
    dispute = an_invited_dispute(officer=office.li)
    Consent.objects.filter(complaint=dispute.complaint).delete()
    for recipient in consents:
        Consent.objects.create(
            complaint=dispute.complaint, recipient=recipient, version="2026-11", given_at=MONDAY_MORNING
        )
    pass_on(SILENCE_NOTED)
    return dispute


def told(office: OutsideOffice) -> list[Dispatch]:
    return list(Dispatch.objects.filter(office=office).order_by("pk"))
