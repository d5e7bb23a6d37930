"""Who is told of what happens to a complaint, up to the decision on acceptance."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from complaints.models import Complaint
from complaints.selectors import of_same_seller, platforms_of
from complaints.states import ConsentRecipient
from merchants.models import Correction
from microguard.accounts.roles import Role
from microguard.core import masking
from microguard.core.clock import CHINA
from microguard.core.money import yuan
from microguard.core.templatetags.mg import due_day
from microguard.deadlines.actions import RUNNING
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from microguard.jurisdictions.divisions import scope_of
from microguard.jurisdictions.models import Office
from microguard.notifications.models import ChannelName
from microguard.notifications.notices import no_notice, tell
from microguard.notifications.staff import OFFICE_LANGUAGE, by_mail, staff
from microguard.notifications.ways import Recipient, Way, office_recipient

KNOWN_TO_PLATFORMS = ("wechat_id", "phone", "nickname", "payment_qr", "shop_link", "group", "live_room")
DANGER_GOES_ON_AFTER = timedelta(hours=1)  # an alarm does not wait three days for a server that is away


def complaint_of(event: Event) -> Complaint:
    """Return the complaint of the case to which the event belongs."""
    complaint: Complaint = Complaint.by_pk(int(event.chain.removeprefix("case/")))
    return complaint


def complainant(event: Event) -> Iterable[Recipient]:
    """The buyer, by text message and, if an address is known, by e-mail."""
    complaint = complaint_of(event)
    yield Recipient("complainant", complaint.language, (Way(ChannelName.SMS, complaint.phone),))
    if complaint.email:
        yield Recipient("complainant", complaint.language, (Way(ChannelName.EMAIL, complaint.email),))


def supervisors(_event: Event) -> Iterable[Recipient]:
    """Every supervisor, by e-mail."""
    return staff(Role.SUPERVISOR)


def supervisors_of_cases(event: Event) -> Iterable[Recipient]:
    """Every supervisor, when the event is about a case and not about a seller of the registry."""
    return supervisors(event) if event.chain.startswith("case/") else ()


def operators(_event: Event) -> Iterable[Recipient]:
    """Everybody who runs the service, by e-mail."""
    return staff(Role.OPERATOR)


def officers(event: Event) -> Iterable[Recipient]:
    """The officer of the case; every officer while it has none."""
    officer = complaint_of(event).officer
    if officer is None or not officer.email:
        yield from staff(Role.OFFICER)
    else:
        yield by_mail(officer)


def regulators(event: Event) -> Iterable[Recipient]:
    """The market regulators in whose division the complainant lives."""
    division = complaint_of(event).division
    for office in Office.objects.filter(kind=Office.Kind.REGULATOR).order_by("pk"):
        if division.startswith(scope_of(office.division)):
            yield office_recipient(office, OFFICE_LANGUAGE)


def platforms(event: Event) -> Iterable[Recipient]:
    """The platforms that run the place where the deal was made."""
    for office in platforms_of(complaint_of(event)):
        yield office_recipient(office, OFFICE_LANGUAGE)


def due_of(complaint: Complaint, rule: str) -> str:
    """Return the last day of the running term of this rule, in words, or ""."""
    due = (
        Deadline.objects.filter(RUNNING, case_id=complaint.pk, rule=rule).values_list("due_at", flat=True).first()
    )
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
        "own_word": settings.BASE_URL + reverse("disputes:signals", args=[complaint.number]),
        "item": complaint.item,
        "amount": yuan(complaint.amount_fen or 0),
        "question": complaint.information_asked,
        "reason": complaint.decline_reason,
        "ground": complaint.get_decline_ground_display(),
        "acceptance_due": due_of(complaint, "complaint.acceptance"),
        "correction_due": due_of(complaint, "complaint.correction"),
        "phone": settings.HELP_PHONE,
    }


def facts_for_office(event: Event, recipient: str) -> dict[str, Any]:
    """Return what a notice to an office outside may mention.

    With the complainant's consent for this kind of recipient that is what the case is about, handles masked;
    without it case number and counts only.
    """
    complaint = complaint_of(event)
    consented = complaint.consents.filter(recipient=recipient).exists()
    known: dict[str, Any] = {
        "number": complaint.number,
        "consented": consented,
        "same_seller": of_same_seller(complaint, at=event.at).count(),
        "item": complaint.item,
        "amount": yuan(complaint.amount_fen or 0),
        "problem": complaint.get_problem_display(),
        "place": complaint.place,
        "seller": ", ".join(masked_mentions(complaint)),
        "url": page_of(complaint),
        "data": {
            "case": complaint.number,
            "stage": complaint.state,
            "outcome": None,
            "due": next_due(complaint),
        },
    }
    if not consented:
        known |= dict.fromkeys(("item", "amount", "problem", "place", "seller", "url"), "")
        known["data"] |= dict.fromkeys(("stage", "outcome", "due"))
    return known


def masked_mentions(complaint: Complaint) -> list[str]:
    """Return the handles by which the complaint names its seller, with stars."""
    return [
        f"{mention.get_type_display()} {masking.handle(mention.value)}"
        for mention in complaint.mentions.order_by("pk")
    ]


def next_due(complaint: Complaint) -> str | None:
    """Return the instant at which the next term of the case ends, in ISO form."""
    due = (
        Deadline.objects.filter(RUNNING, case_id=complaint.pk).order_by("due_at").values_list("due_at", flat=True)
    )
    first = due.first()
    return first.astimezone(CHINA).isoformat() if first else None


def _tell(event: str, audience: str, recipients: Any, *variables: str) -> None:
    tell(event, audience, recipients=recipients, variables=("number", *variables), context=facts)


CASE_FOR_OFFICE = ("number", "consented", "same_seller", "item", "amount", "problem", "place", "seller", "url")


def for_regulator(event: Event) -> dict[str, Any]:
    """Return what a regulator may be told."""
    return facts_for_office(event, ConsentRecipient.REGULATOR)


def for_platform_that_is_asked(event: Event) -> dict[str, Any]:
    """Return what a platform needs to tell us who a seller is: with the buyer's consent the handles in full."""
    complaint = complaint_of(event)
    known = facts_for_office(event, ConsentRecipient.PLATFORM)
    named = complaint.mentions.filter(type__in=KNOWN_TO_PLATFORMS).order_by("pk")
    handles = [f"{mention.get_type_display()} {mention.value}" for mention in named]
    return known | {
        "url": "",  # a platform opens no case
        "handles": ", ".join(handles) if known["consented"] else "",
        "operator": settings.OPERATOR_NAME,
        "phone": settings.HELP_PHONE,
    }


_tell("complaint.filed", "complainant", complainant, "url", "acceptance_due", "phone")
_tell("complaint.filed", "officers", officers, "url", "item", "amount", "acceptance_due")
_tell("complaint.information_asked", "complainant", complainant, "url", "question", "correction_due")
_tell("complaint.information_given", "officers", officers, "url")
_tell("complaint.accepted", "complainant", complainant, "url")
_tell("complaint.declined", "complainant", complainant, "url", "ground", "reason", "phone")
_tell("complaint.withdrawn", "complainant", complainant, "url")
_tell("tracing.started", "complainant", complainant, "url")
_tell("platform.answer.lapsed", "complainant", complainant, "url", "phone")
tell(
    "platform.identity_asked",
    "platforms",
    recipients=platforms,
    variables=(*CASE_FOR_OFFICE, "handles", "operator", "phone"),
    context=for_platform_that_is_asked,
)
_tell("record.set_apart", "complainant", complainant, "own_word")
_tell("record.objected", "supervisors", supervisors, "url")
_tell("record.counts_again", "complainant", complainant, "url")
_tell("complaint.acceptance.lapsed", "complainant", complainant, "url", "phone")
_tell("complaint.acceptance.lapsed", "supervisors", supervisors, "url")
_tell("first.contact.lapsed", "supervisors", supervisors, "url")
_tell("safety.triage.lapsed", "supervisors", supervisors, "url")
tell(
    "safety.triage.lapsed",
    "regulators",
    recipients=regulators,
    variables=CASE_FOR_OFFICE,
    context=for_regulator,
    gives_up_after=DANGER_GOES_ON_AFTER,
)
_tell("complaint.correction.lapsed", "officers", officers, "url")
_tell("deadline.provisional_end", "supervisors", supervisors_of_cases, "url")

tell(
    "calendar.missing",
    "operators",
    recipients=operators,
    variables=("year", "url"),
    context=lambda event: {"year": event.facts["year"], "url": settings.BASE_URL + reverse("ops:calendars")},
)

no_notice("calendar.loaded", because="an entry in the trail; the parties are told of each date")
no_notice("complaint.acceptance.target.lapsed", because="the docket shows it")
no_notice("evidence.added", because="both sides see it on the case page")
no_notice("identity.revealed", because="an entry in the trail, for the auditor")
no_notice("complaint.facts_told", because="it stands in the story of the case")
no_notice(
    "complaint.right_judged", because="an entry in the trail: which rights are infringed is the office's view"
)
no_notice("merchant.registered", because="nobody has claimed the profile yet")
no_notice("complaint.seller_named", because="it is part of the complaint that was filed")
no_notice("complaint.linked", because="who the seller is stays between the desk and the registry")
no_notice("tracing.step_noted", because="the buyer sees the steps on the case page")
no_notice("tracing.ended", because="the decision follows")
no_notice("profile.name_published", because="whoever publishes it sees it on the page")
no_notice("commitment.made", because="whoever promises it sees it on the page")
no_notice("commitment.ended", because="whoever ends it sees it on the page")
no_notice("breach.noted", because="both sides read it, with the reason, on the case page")
no_notice("breach.withdrawn", because="it no longer stands on the case page")
no_notice("agent.linked", because="the desk shows it; whether it is a clue is for a person to say")
no_notice("agent.link_ended", because="the desk shows it")
no_notice("merchant.merged", because="the desk shows it; no case changes by it")
no_notice("merchant.unmerged", because="the desk shows it; no case changes by it")
no_notice("merchant.kept_apart", because="the desk shows it; no case changes by it")
no_notice("merchant.keep_apart_ended", because="the desk shows it; no case changes by it")
no_notice("handle.marked_shared", because="the desk shows it; no case changes by it")
no_notice("handle.unmarked_shared", because="the desk shows it; no case changes by it")


def asker(event: Event) -> Iterable[Recipient]:
    """Whoever objected to a seller's public record, by text message."""
    correction = _correction_of(event)
    yield Recipient("asker", correction.language, (Way(ChannelName.SMS, correction.phone),))


def _correction_of(event: Event) -> Correction:
    return Correction.by_pk(int(event.facts["correction"]))


def _receipt(event: Event) -> dict[str, Any]:
    correction = _correction_of(event)
    receipt = reverse("sellers:receipt", args=[correction.merchant.public_key, correction.key])
    return {"url": settings.BASE_URL + receipt}


def _objection_at_desk(event: Event) -> dict[str, Any]:
    pk = event.facts["clock_of"].removeprefix("correction/")
    return {"url": settings.BASE_URL + reverse("admin:merchants_correction_change", args=[pk])}


tell("correction.asked", "asker", recipients=asker, variables=("url",), context=_receipt)
tell("correction.answered", "asker", recipients=asker, variables=("url",), context=_receipt)
tell(
    "profile.correction.lapsed",
    "supervisors",
    recipients=supervisors,
    variables=("url",),
    context=_objection_at_desk,
)
no_notice("signal.contested", because="it stands beside the signal at the desk")
no_notice("statement.offered", because="it stands in the list of the desk")
no_notice("statement.published", because="the seller sees it where it wrote it, and on the page")
no_notice("statement.declined", because="the seller sees it, with the reason, where it wrote it")
no_notice("statistics.exported", because="an entry in the trail, for the auditor")
no_notice("notice.sent", because="it is about a notice")
no_notice("notice.failed", because="a notice cannot tell of itself: the desk shows it")
no_notice("notice.resent", because="an entry in the trail")
no_notice("notice.returned", because="the message goes on another way or waits at the desk")
no_notice("office.registered", because="an entry in the trail, for the auditor")
no_notice("office.way_added", because="an entry in the trail, for the auditor")
no_notice("office.way_changed", because="an entry in the trail, for the auditor")
no_notice("office.way_stopped", because="an entry in the trail, for the auditor")
