"""Sending what is due, and the text message that carries a one-time code."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from microguard.accounts.actions.codes import issue_code
from microguard.accounts.actors import SYSTEM
from microguard.events import actions as events
from microguard.events.bell import ring
from microguard.notifications.channels import email, sms
from microguard.notifications.channels.base import Channel, ChannelError
from microguard.notifications.models import Attempt, ChannelName, Dispatch, DispatchState

logger = logging.getLogger(__name__)
CHANNELS: dict[str, Channel] = {ChannelName.EMAIL: email, ChannelName.SMS: sms}
LEASE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(hours=6)


@transaction.atomic
def send_code(*, phone: str, purpose: str, language: str, at: datetime) -> None:
    """Text a fresh one-time code to the phone (normal form), by the worker within seconds.

    :raises microguard.accounts.actions.codes.TooSoon: when one was sent a moment ago
    :raises microguard.accounts.actions.codes.WrongCode: while the phone is locked
    """
    code, digits = issue_code(phone=phone, purpose=purpose, language=language, at=at)
    with translation.override(language):
        text = gettext("MicroGuard: your code is {code}. It is valid for 10 minutes. Give it to nobody.")
    Dispatch.objects.create(
        effect_key=f"code:{code.pk}",
        notice="code",
        channel=ChannelName.SMS,
        address=phone,
        subject="",
        body=text.format(code=digits),
        secret=True,
        created_at=at,
        due_at=at,
        expires_at=code.expires_at,
    )
    transaction.on_commit(lambda: ring("notifications.dispatch"), robust=True)


def send_next(*, at: datetime) -> bool:
    """Send the message that is due first; False when none is due.

    The attempt is on record before the network is touched, and the message is lent out for a minute: a
    worker that dies leaves an attempt of unknown outcome and the message is sent again, with the same
    identity, so the recipient's side can tell.
    """
    with transaction.atomic():
        dispatch = (
            Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=DispatchState.DUE, due_at__lte=at)
            .order_by("due_at", "id")
            .first()
        )
        if dispatch is None:
            return False
        if dispatch.expires_at and at >= dispatch.expires_at:
            dispatch.state = DispatchState.EXPIRED
            _erase_secret(dispatch)
            dispatch.save(update_fields=["state", "address", "body"])
            return True
        dispatch.due_at = lent_until = at + LEASE
        dispatch.save(update_fields=["due_at"])
        attempt = Attempt.objects.create(dispatch=dispatch, number=dispatch.attempts.count() + 1, started_at=at)
    try:
        CHANNELS[dispatch.channel].send(dispatch)
    except ChannelError as error:
        logger.warning("%s could not be sent: %s", dispatch, error.reason)
        _settle(dispatch, attempt, lent_until, at, outcome=error.reason, sent=False)
    else:
        _settle(dispatch, attempt, lent_until, at, outcome="sent", sent=True)
    return True


@transaction.atomic
def _settle(
    dispatch: Dispatch, attempt: Attempt, lent_until: datetime, at: datetime, *, outcome: str, sent: bool
) -> None:
    attempt.outcome = outcome
    attempt.save(update_fields=["outcome"])
    if sent:
        dispatch.state, dispatch.sent_at = DispatchState.SENT, at
        _erase_secret(dispatch)
    else:
        dispatch.due_at = at + min(LONGEST_PAUSE, timedelta(seconds=5 * 2 ** min(attempt.number, 16)))
    # Only while it is still lent to us: a slow sender does not overwrite what another found out since.
    still_ours = Dispatch.objects.filter(pk=dispatch.pk, state=DispatchState.DUE, due_at=lent_until).update(
        state=dispatch.state,
        sent_at=dispatch.sent_at,
        due_at=dispatch.due_at,
        address=dispatch.address,
        body=dispatch.body,
    )
    if sent and still_ours and dispatch.chain:
        facts = {"notice": dispatch.notice, "channel": dispatch.channel, "dispatch": dispatch.pk}
        events.record("notice.sent", dispatch, by=SYSTEM, at=at, **facts)


def _erase_secret(dispatch: Dispatch) -> None:
    if dispatch.secret:
        dispatch.address = dispatch.body = ""
