"""Who is told of what happens to a complaint, up to the decision on acceptance."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from complaints.models import Complaint
from microguard.accounts.models import User
from microguard.accounts.roles import Role
from microguard.core.money import yuan
from microguard.core.templatetags.mg import due_day
from microguard.deadlines.actions import OPEN
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from microguard.jurisdictions.divisions import scope_of
from microguard.jurisdictions.models import Office
from microguard.notifications.models import ChannelName
from microguard.notifications.notices import Recipient, no_notice, tell

OFFICE_LANGUAGE = "zh-hans"


def complaint_of(event: Event) -> Complaint:
    """Return the complaint of the case to which the event belongs."""
    complaint: Complaint = Complaint.by_pk(int(event.chain.removeprefix("case/")))
    return complaint


def complainant(event: Event) -> Iterable[Recipient]:
    """The buyer, by text message and, if an address is known, by e-mail."""
    complaint = complaint_of(event)
    yield Recipient("complainant", ChannelName.SMS, complaint.phone, complaint.language)
    if complaint.email:
        yield Recipient("complainant", ChannelName.EMAIL, complaint.email, complaint.language)


def _staff(role: Role) -> Iterable[Recipient]:
    for user in User.objects.filter(memberships__role=role, is_active=True).exclude(email="").order_by("pk"):
        yield Recipient(f"user:{user.pk}", ChannelName.EMAIL, user.email, OFFICE_LANGUAGE)


def supervisors(_event: Event) -> Iterable[Recipient]:
    """Every supervisor, by e-mail."""
    return _staff(Role.SUPERVISOR)


def officers(event: Event) -> Iterable[Recipient]:
    """The officer of the case; every officer while it has none."""
    officer = complaint_of(event).officer
    if officer is None or not officer.email:
        yield from _staff(Role.OFFICER)
    else:
        yield Recipient(f"user:{officer.pk}", ChannelName.EMAIL, officer.email, OFFICE_LANGUAGE)


def regulators(event: Event) -> Iterable[Recipient]:
    """The market regulators in whose division the complainant lives: told the case number and counts only."""
    division = complaint_of(event).division
    for office in Office.objects.filter(kind=Office.Kind.REGULATOR).exclude(email="").order_by("pk"):
        if division.startswith(scope_of(office.division)):
            yield Recipient(f"office:{office.pk}", ChannelName.EMAIL, office.email, OFFICE_LANGUAGE)


def due_of(complaint: Complaint, rule: str) -> str:
    """Return the last day of the running term of this rule, in words, or ""."""
    due = Deadline.objects.filter(OPEN, case_id=complaint.pk, rule=rule).values_list("due_at", flat=True).first()
    return due_day(due) if due else ""


def page_of(complaint: Complaint) -> str:
    """Return the whole address of the case page."""
    return settings.BASE_URL + reverse("disputes:case", args=[complaint.number])


def facts(event: Event) -> dict[str, Any]:
    """Return everything that a notice about a complaint may mention."""
    complaint = complaint_of(event)
    return {
        "number": complaint.number,
        "url": page_of(complaint),
        "item": complaint.item,
        "amount": yuan(complaint.amount_fen or 0),
        "question": complaint.information_asked,
        "reason": complaint.decline_reason,
        "ground": complaint.get_decline_ground_display(),
        "acceptance_due": due_of(complaint, "complaint.acceptance"),
        "correction_due": due_of(complaint, "complaint.correction"),
        "phone": settings.HELP_PHONE,
    }


def _tell(event: str, audience: str, recipients: Any, *variables: str) -> None:
    tell(event, audience, recipients=recipients, variables=("number", *variables), context=facts)


_tell("complaint.filed", "complainant", complainant, "url", "acceptance_due", "phone")
_tell("complaint.filed", "officers", officers, "url", "item", "amount", "acceptance_due")
_tell("complaint.information_asked", "complainant", complainant, "url", "question", "correction_due")
_tell("complaint.information_given", "officers", officers, "url")
_tell("complaint.accepted", "complainant", complainant, "url")
_tell("complaint.declined", "complainant", complainant, "url", "ground", "reason", "phone")
_tell("complaint.withdrawn", "complainant", complainant, "url")
_tell("complaint.acceptance.lapsed", "complainant", complainant, "url", "phone")
_tell("complaint.acceptance.lapsed", "supervisors", supervisors, "url")
_tell("first.contact.lapsed", "supervisors", supervisors, "url")
_tell("safety.triage.lapsed", "supervisors", supervisors, "url")
_tell("safety.triage.lapsed", "regulators", regulators)
_tell("complaint.correction.lapsed", "officers", officers, "url")
_tell("deadline.provisional_end", "supervisors", supervisors, "url")

no_notice("complaint.acceptance.target.lapsed", because="the docket shows it")
no_notice("evidence.added", because="both sides see it on the case page")
no_notice("identity.revealed", because="an entry in the trail, for the auditor")
no_notice("merchant.registered", because="nobody has claimed the profile yet")
no_notice("statistics.exported", because="an entry in the trail, for the auditor")
no_notice("notice.sent", because="it is about a notice")
