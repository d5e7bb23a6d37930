"""What a seller shows of itself on its public page."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.actions.ownership import OWNER
from merchants.models import Merchant, PublishedName
from merchants.models.public_page import LONGEST_NAME
from merchants.states import ProfileState
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core import normal_forms
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.events import actions as events

SHORTEST_NAME = 2


class NotClaimed(Refusal):
    """Only a seller who has claimed the profile shows a name."""

    code = "not_claimed"


class OddName(Refusal):
    """The name is too short or too long."""

    code = "odd_name"


@transaction.atomic
def publish_name(*, merchant_id: int, name: str, by: Actor, at: datetime) -> PublishedName:
    """Show the shop name in plain letters on the public page, in place of one shown before.

    :raises NotClaimed: while nobody has proved to be the seller
    :raises OddName: when it is too short or too long
    """
    hold(f"merchant/{merchant_id}")
    merchant: Merchant = Merchant.objects.lock(pk=merchant_id)
    policies.require(by, "profile.publish", merchant)
    if merchant.state != ProfileState.CLAIMED:
        raise NotClaimed(_("Only a seller who has claimed the profile shows a name."))
    name, form = name.strip(), normal_forms.handle(name)
    if len(form) < SHORTEST_NAME or len(name) > LONGEST_NAME:
        raise OddName(_("Enter 2 to 30 characters."))
    actor = by if by.user_id is not None else OWNER  # a proven phone stands in no event, not even as a hash
    published, _created = PublishedName.objects.update_or_create(
        merchant=merchant,
        defaults={"name": name, "name_form": form, "published_at": at, "published_by": actor.reference},
    )
    events.record("profile.name_published", merchant, by=actor, at=at)
    return published
