"""What a person does about a message: send it again, say that it came back, or say how it was delivered."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.errors import Refusal
from microguard.events import actions as events
from microguard.events.bell import ring
from microguard.notifications.actions.sending import give_up
from microguard.notifications.models import ChannelName, Dispatch, DispatchState, HandDelivery, Manner
from microguard.notifications.notices import GIVES_UP_AFTER, record_sent

OVER_THE_NETWORK = frozenset({ChannelName.EMAIL, ChannelName.SMS, ChannelName.WEBHOOK})


class NotForThisMessage(Refusal):
    """The message is not in the state for it; somebody else may have been faster."""

    code = "not_for_this_message"

    def __init__(self) -> None:
        super().__init__(_("This message is no longer waiting for that. Load the page again."))


class HandDeliveryIncomplete(Refusal):
    """It is not said how or when the message was delivered."""

    code = "hand_delivery_incomplete"


def may_resend(dispatch: Dispatch, *, at: datetime) -> bool:
    """Tell whether the message can be sent again: one that waits for a person, or for its next attempt."""
    on_its_way = dispatch.lent_until is not None and dispatch.lent_until > at
    waiting = dispatch.state == DispatchState.DEAD or (dispatch.state == DispatchState.DUE and not on_its_way)
    return waiting and dispatch.channel in OVER_THE_NETWORK and not dispatch.secret


def may_note_hand_delivery(dispatch: Dispatch) -> bool:
    """Tell whether a person can say how the message was delivered."""
    return dispatch.state in (DispatchState.DEAD, DispatchState.TO_DELIVER)


def may_note_return(dispatch: Dispatch) -> bool:
    """Tell whether a message that went over the network can still turn out to have come back."""
    by_network = dispatch.state == DispatchState.SENT and not hasattr(dispatch, "hand_delivery")
    return by_network and not dispatch.secret and dispatch.channel in (ChannelName.EMAIL, ChannelName.SMS)


@transaction.atomic
def resend(*, dispatch_id: int, by: Actor, at: datetime) -> Dispatch:
    """Make the message due at once, with all pauses before it again; an office gets it where it is today.

    :raises NotForThisMessage: when it does not wait for that
    """
    policies.require(by, "dispatch.settle")
    dispatch: Dispatch = Dispatch.objects.lock(pk=dispatch_id)
    if not may_resend(dispatch, at=at):
        raise NotForThisMessage
    dispatch.state, dispatch.due_at, dispatch.lent_until = DispatchState.DUE, at, None
    dispatch.gives_up_at, dispatch.forgiven = at + GIVES_UP_AFTER, dispatch.attempts.count()
    dispatch.save()
    if dispatch.chain:
        events.record(
            "notice.resent",
            dispatch,
            by=by,
            at=at,
            notice=dispatch.notice,
            channel=dispatch.channel,
            dispatch=dispatch.pk,
        )
    transaction.on_commit(lambda: ring("notifications.dispatch"), robust=True)
    return dispatch


@transaction.atomic
def note_return(*, dispatch_id: int, by: Actor, at: datetime) -> Dispatch:
    """Note that a message that had gone came back as undeliverable: it goes on another way, or waits for a person.

    :raises NotForThisMessage: when it had not gone
    """
    policies.require(by, "dispatch.settle")
    dispatch: Dispatch = Dispatch.objects.lock(pk=dispatch_id)
    if not may_note_return(dispatch):
        raise NotForThisMessage
    if dispatch.chain:
        events.record(
            "notice.returned",
            dispatch,
            by=by,
            at=at,
            notice=dispatch.notice,
            channel=dispatch.channel,
            dispatch=dispatch.pk,
        )
    give_up(dispatch, at)
    return dispatch


@transaction.atomic
def note_hand_delivery(
    *, dispatch_id: int, manner: str, delivered_date: date, reference: str, by: Actor, at: datetime
) -> Dispatch:
    """Note how and when a person brought the message to its recipient.

    :raises NotForThisMessage: when it waits for nobody
    :raises HandDeliveryIncomplete: without a manner, or with a day before the message or still to come
    """
    policies.require(by, "dispatch.settle")
    dispatch: Dispatch = Dispatch.objects.lock(pk=dispatch_id)
    if not may_note_hand_delivery(dispatch):
        raise NotForThisMessage
    if manner not in Manner.values:
        raise HandDeliveryIncomplete(_("Choose how it was delivered."))
    if delivered_date > day_of(at):
        raise HandDeliveryIncomplete(_("The day of delivery cannot be later than today."))
    if delivered_date < day_of(dispatch.created_at):
        raise HandDeliveryIncomplete(_("The message was written later than that. Check the day of delivery."))
    HandDelivery.objects.create(
        dispatch=dispatch,
        manner=manner,
        delivered_date=delivered_date,
        reference=reference.strip()[:80],
        noted_at=at,
        noted_by=by.reference,
    )
    dispatch.state, dispatch.sent_at = DispatchState.SENT, at
    dispatch.save(update_fields=["state", "sent_at"])
    record_sent(dispatch, at=at)
    return dispatch
