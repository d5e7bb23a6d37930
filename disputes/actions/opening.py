"""Opening a dispute and bringing the seller into it by a link."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.states import Certainty
from disputes.actions.access import held
from disputes.models import Dispute, Invitation
from disputes.states import State
from merchants.states import HandleType
from microguard.accounts.actors import Actor
from microguard.core import normal_forms
from microguard.core.encryption import keyed_hash
from microguard.core.errors import Refusal
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

LINK_LIFE = timedelta(days=30)


class LinkDead(Refusal):
    """The link was used, is too old, or never existed; a new one goes to the seller's phone."""

    code = "token_used"

    def __init__(self) -> None:
        super().__init__(_("This link no longer works. Get a new one with your phone number."))


class AnotherPhone(Refusal):
    """The phone is not the one under which the seller is known in this case."""

    code = "another_phone"


@transaction.atomic
def open_dispute(*, complaint_id: int, by: Actor, at: datetime) -> Dispute:
    """Open the dispute of an accepted complaint; the second call finds the first one's."""
    complaint: Complaint = Complaint.objects.lock(pk=complaint_id)
    existing: Dispute | None = Dispute.objects.filter(complaint=complaint).first()
    if existing:
        return existing
    dispute: Dispute = Dispute.objects.create(
        complaint=complaint, opened_at=at, respondent_phone=known_phone(complaint)
    )
    events.record("dispute.opened", dispute, by=by, at=at)
    return dispute


def known_phone(complaint: Complaint) -> str:
    """Return the mobile number under which the complaint names its seller, or "".

    A number that somebody only claimed to be the seller's while we looked for it is written to by nobody.
    """
    sure = complaint.mentions.filter(type=HandleType.PHONE).exclude(traced=Certainty.CLAIMED)
    for mention in sure.order_by("pk"):
        number = normal_forms.phone(mention.value)
        if normal_forms.is_mobile(number):
            return number
    return ""


@transaction.atomic
def make_link(*, dispute_id: int, by: Actor, at: datetime) -> str:
    """Make a fresh link for the seller and return its token, which is stored nowhere; older links end."""
    dispute = held(dispute_id, "dispute.invite", by, at)
    return issue_token(dispute, at)


def issue_token(dispute: Dispute, at: datetime) -> str:
    """Return a new token of 160 bits for the dispute; unused older ones end. The caller holds the case."""
    dispute.invitations.filter(used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    token = secrets.token_urlsafe(20)
    Invitation.objects.create(
        dispute=dispute, token_hash=_token_hash(token), created_at=at, expires_at=at + LINK_LIFE
    )
    return token


def _token_hash(token: str) -> str:
    return keyed_hash("invitation", token)


@transaction.atomic
def note_invitation(*, dispute_id: int, by: Actor, at: datetime) -> Dispute:
    """Record that the invitation reached the seller (a person sent it by WeChat, or read it out by phone).

    The seller's terms start here. A second note changes nothing.
    """
    dispute = held(dispute_id, "dispute.invite", by, at)
    _invited(dispute, by, at)
    return dispute


def _invited(dispute: Dispute, by: Actor, at: datetime) -> None:
    if dispute.invited_at is None and dispute.state == State.AWAITING_ANSWER:
        dispute.invited_at, dispute.invited_by = at, by.reference
        dispute.save(update_fields=["invited_at", "invited_by"])
        deadlines.start("respondent.answer", dispute, at=at)
        deadlines.start("respondent.reminder", dispute, at=at)
        events.record("respondent.invited", dispute, by=by, at=at)


@transaction.atomic
def open_link(*, token: str, at: datetime) -> Dispute:
    """Return the dispute behind a link that still works; the first opening is proof that it arrived.

    :raises LinkDead: when it was used, is too old, or never existed
    """
    invitation = held_invitation(token, at=at)
    dispute: Dispute = invitation.dispute
    if invitation.opened_at is None:
        invitation.opened_at = at
        invitation.save(update_fields=["opened_at"])
        _invited(dispute, Actor(reference="respondent"), at)
    return dispute


def live_invitation(token: str, *, at: datetime) -> Invitation:
    """Return the invitation of a token that still works.

    :raises LinkDead: when it does not
    """
    found: Invitation | None = (
        Invitation.objects.filter(token_hash=_token_hash(token)).exclude(dispute__state=State.CLOSED).first()
    )
    if found is None or found.used_at or at >= found.expires_at:
        raise LinkDead
    return found


def held_invitation(token: str, *, at: datetime) -> Invitation:
    """Return the invitation with its dispute, held until the transaction ends.

    :raises LinkDead: when the link does not work, or another request used it first
    """
    dispute_id = live_invitation(token, at=at).dispute_id
    dispute = Dispute.objects.lock(pk=dispute_id)
    invitation = live_invitation(token, at=at)  # once more: while we waited, another request may have used it
    invitation.dispute = dispute
    return invitation


def refuse_other_phone(dispute: Dispute, phone: str) -> None:
    """Pass when this phone may enter as the seller: any, unless one is known already.

    :raises AnotherPhone: when another one is known
    """
    if dispute.respondent_phone and dispute.respondent_phone != phone:
        raise AnotherPhone(
            _("This case is known under another phone number. Use that one, or call us and we will check.")
        )


@transaction.atomic
def enter_by_link(*, token: str, phone: str, phone_hash: str, language: str, at: datetime) -> Dispute:
    """Let the seller who proved this phone into the case; the link is used up.

    :raises LinkDead: when another request used it first
    :raises AnotherPhone: when the seller is known under another phone
    """
    invitation = held_invitation(token, at=at)
    dispute: Dispute = invitation.dispute
    refuse_other_phone(dispute, phone)
    if phone_hash == dispute.complaint.phone_hash:
        raise AnotherPhone(_("The seller's number is the same as yours. Check both numbers."), code="seller_self")
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    first = not dispute.respondent_phone_hash
    dispute.respondent_phone, dispute.respondent_phone_hash = phone, phone_hash
    dispute.respondent_language = language
    dispute.save(update_fields=["respondent_phone", "respondent_phone_hash", "respondent_language"])
    if first:
        events.record("respondent.identified", dispute, by=Actor(reference="respondent"), at=at)
    return dispute


@transaction.atomic
def renew_link(*, token: str, phone: str, at: datetime) -> None:
    """Send a new link to the phone if it is the seller's in the case of the dead link; silent otherwise.

    The answer is the same for every number, so nobody learns whose case it is.
    """
    invitation = Invitation.objects.filter(token_hash=_token_hash(token)).first()
    if invitation is None:
        return
    dispute: Dispute = Dispute.objects.lock(pk=invitation.dispute_id)
    if dispute.respondent_phone == phone:
        events.record("respondent.link_asked", dispute, by=Actor(reference="respondent"), at=at)


@transaction.atomic
def deny_identity(*, token: str, reason: str, at: datetime) -> None:
    """Note that whoever got the link says not to be the seller; the link ends and the office looks into it.

    :raises LinkDead: when the link no longer works
    """
    invitation = held_invitation(token, at=at)
    dispute: Dispute = invitation.dispute
    invitation.used_at, invitation.denial = at, reason.strip()
    invitation.save(update_fields=["used_at", "denial"])
    events.record("respondent.denied", dispute, by=Actor(reference="respondent"), at=at, invitation=invitation.pk)
