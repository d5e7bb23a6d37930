"""Who is told of what happens to a seller of the registry."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from merchants.actions.claiming import make_contest_link
from merchants.models import Merchant, ProfileClaim
from merchants.selectors import profiles_of
from merchants.selectors.claiming import other_phones, owner_of
from merchants.selectors.public_page import public_name
from microguard.accounts.roles import Role
from microguard.core.templatetags.mg import due_day
from microguard.deadlines import actions as deadlines
from microguard.events.models import Event
from microguard.notifications.models import ChannelName
from microguard.notifications.notices import no_notice, tell
from microguard.notifications.staff import OFFICE_LANGUAGE, staff
from microguard.notifications.ways import Recipient, Way


def claim_of(event: Event) -> ProfileClaim:
    """Return the claim that the event is about; the lapse of a clock names it as the clock's subject."""
    key = event.facts.get("claim") or event.facts["clock_of"].removeprefix("claim/")
    claim: ProfileClaim = ProfileClaim.objects.select_related("merchant", "told_owner").get(pk=int(key))
    return claim


def claimant(event: Event) -> Iterable[Recipient]:
    """Whoever claims the profile, by text message."""
    claim = claim_of(event)
    yield Recipient("claimant", claim.language, (Way(ChannelName.SMS, str(claim.phone)),))


def old_contacts(event: Event) -> Iterable[Recipient]:
    """Every phone under which the seller was known when it was claimed, but the claimant's, by text message."""
    for number, key, language in other_phones(claim_of(event)):
        yield Recipient(key, language or OFFICE_LANGUAGE, (Way(ChannelName.SMS, number),))


def officers(_event: Event) -> Iterable[Recipient]:
    """Every officer, by e-mail."""
    return staff(Role.OFFICER)


def supervisors(_event: Event) -> Iterable[Recipient]:
    """Every supervisor, by e-mail."""
    return staff(Role.SUPERVISOR)


def facts(event: Event) -> dict[str, Any]:
    """Return what a notice about a claim may mention, for the claimant and the office."""
    claim = claim_of(event)
    cooling_due = deadlines.due("claim.cooling", claim.merchant, subject=claim.subject)
    return {
        "seller": str(claim.merchant),
        "name": public_name(claim.told_profiles or [claim.merchant_id]),
        "due": due_day(cooling_due) if cooling_due else "",
        "url": settings.BASE_URL + reverse("seller:claim", args=[claim.merchant.public_key]),
        "desk_url": settings.BASE_URL + reverse("ops:claim", args=[claim.pk]),
        "phone": settings.HELP_PHONE,
    }


def facts_with_link(event: Event) -> dict[str, Any]:
    """Return what an old contact is told, with a link by which to object."""
    token = make_contest_link(claim_of(event), at=event.at)
    return facts(event) | {"url": settings.BASE_URL + reverse("seller:contest", args=[token])}


def facts_of_seller(event: Event) -> dict[str, Any]:
    """Return what a notice about a seller may mention, for the office."""
    key = int(event.chain.partition("/")[2])
    return {
        "seller": f"S-{key}",
        "desk_url": settings.BASE_URL + reverse("admin:merchants_merchant_change", args=[key]),
    }


def profiles_about(event: Event) -> list[int]:
    """Return the profiles of the seller whose chain the event stands in."""
    return profiles_of(int(event.chain.partition("/")[2]))


def owner(event: Event) -> Iterable[Recipient]:
    """Whoever owns the profile now, by text message; nobody when nobody does."""
    found = owner_of(profiles_about(event))
    if found is not None:
        yield Recipient(f"owner:{found.pk}", found.language, (Way(ChannelName.SMS, str(found.phone)),))


def facts_for_owner(event: Event) -> dict[str, Any]:
    """Return what a notice about who a seller is may mention, for its owner: no code, no reason, only the page."""
    profiles = profiles_about(event)
    found = owner_of(profiles)
    due_at = event.facts.get("due_at")
    key = found.merchant.public_key if found else Merchant.by_pk(profiles[0]).public_key
    return {
        "name": public_name(profiles),
        "due": due_day(datetime.fromisoformat(due_at)) if due_at else "",
        "url": settings.BASE_URL + reverse("seller:profile", args=[key]),
    }


def _tell(event: str, audience: str, recipients: Any, *variables: str, context: Any = facts) -> None:
    tell(event, audience, recipients=recipients, variables=variables, context=context)


_tell("claim.cooling_began", "old_contacts", old_contacts, "name", "url", "due", "phone", context=facts_with_link)
_tell("claim.cooling_began", "claimant", claimant, "name", "url", "due")
_tell("claim.granted", "claimant", claimant, "name", "url")
_tell("claim.granted", "old_contacts", old_contacts, "name", "phone")
_tell("claim.refused", "claimant", claimant, "name", "url")
_tell("claim.contested", "claimant", claimant, "name", "url")
_tell("claim.contested", "officers", officers, "seller", "desk_url")
_tell("claim.proof_brought", "officers", officers, "seller", "desk_url")
_tell("claim.proof_in_doubt", "officers", officers, "seller", "desk_url")
_tell("claim.review.lapsed", "supervisors", supervisors, "seller", "desk_url")

no_notice("claim.begun", because="the proof follows")
no_notice("claim.withdrawn", because="whoever took it back knows")
no_notice("claim.cooling.lapsed", because="the decision is told")
no_notice("profile.released", because="the owner did it")

for lapsed in ("identity.check_again.lapsed", "identity.update.lapsed"):
    _tell(lapsed, "officers", officers, "seller", "desk_url", context=facts_of_seller)
_tell("identity.update.ending", "owner", owner, "name", "due", "url", context=facts_for_owner)
_tell("identity.statement_ended", "owner", owner, "name", "url", context=facts_for_owner)
_tell("identity.statement_restored", "owner", owner, "name", "url", context=facts_for_owner)
_tell("identity.objection_made", "officers", officers, "seller", "desk_url", context=facts_of_seller)
_tell("identity.objection_answered", "owner", owner, "name", "url", context=facts_for_owner)
_tell("identity.objection.lapsed", "supervisors", supervisors, "seller", "desk_url", context=facts_of_seller)
for stated in ("registration_stated", "exemption_stated", "licence_stated", "licence_ended", "turnover_stated"):
    no_notice(f"identity.{stated}", because="the owner did it")
no_notice("identity.change_told", because="the owner did it; the desk is told when its clock runs out")
no_notice("identity.change_taken_back", because="the owner did it")
for seen in ("identity.checked", "identity.check_withdrawn"):
    no_notice(seen, because="the seller sees its level on its own page")
