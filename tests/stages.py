"""Disputes in the later stages, brought there by the real actions."""

from datetime import datetime

from disputes.actions.mediation import answer_mediation, ask_for_mediation, assign_mediator, declare_impartiality
from disputes.actions.negotiation import contest
from disputes.models import Dispute
from microguard.deadlines.actions import lapse_next
from tests.cases import a_signed_dispute, an_invited_dispute
from tests.clock import A_DAY, MONDAY_MORNING
from tests.people import Office, chen, zhang


def a_negotiation(office: Office, at: datetime = MONDAY_MORNING) -> Dispute:
    """Chen contested the claim; both may make offers."""
    dispute = an_invited_dispute(officer=office.li, at=at)
    return contest(dispute_id=dispute.pk, reason="鞋子是人为损坏的，不同意退款。", by=chen(), at=at)


def an_offered_mediation(office: Office, at: datetime = MONDAY_MORNING) -> Dispute:
    """Zhang asked for mediation; Chen has to answer."""
    return ask_for_mediation(dispute_id=a_negotiation(office, at).pk, by=zhang(), at=at)


def a_mediation(office: Office, at: datetime = MONDAY_MORNING) -> Dispute:
    """Both consented, Wang declared to be impartial: the joint room is open."""
    dispute = an_offered_mediation(office, at)
    answer_mediation(dispute_id=dispute.pk, consents=True, by=chen(), at=at)
    mediator = office.wang_mediator.pk
    assign_mediator(dispute_id=dispute.pk, mediator_id=mediator, by=office.zhao, at=at)
    declare_impartiality(dispute_id=dispute.pk, by=office.wang, at=at)
    return Dispute.by_pk(dispute.pk)


def a_settlement_in_force(office: Office, at: datetime = MONDAY_MORNING) -> Dispute:
    """Both signed and the time to reconsider has passed."""
    dispute = a_signed_dispute(officer=office.li, at=at)
    while lapse_next(at=at + 2 * A_DAY):
        continue
    return Dispute.by_pk(dispute.pk)
