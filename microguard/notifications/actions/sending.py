"""Sending what is due, and the text message that carries a one-time code."""

import logging
from datetime import datetime, timedelta
from types import ModuleType

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from microguard.accounts.actions.codes import issue_code
from microguard.accounts.actors import SYSTEM
from microguard.core.locks import hold
from microguard.events import actions as events
from microguard.events.bell import ring
from microguard.notifications import circuits
from microguard.notifications.actions.endpoints import stop
from microguard.notifications.channels import email, inbox, sms, webhook
from microguard.notifications.channels.base import Channel, ChannelError, Failure
from microguard.notifications.models import Attempt, ChannelName, Dispatch, DispatchState, Endpoint
from microguard.notifications.notices import record_sent, write_next_way
from microguard.notifications.ways import circuit_of

logger = logging.getLogger(__name__)
CHANNELS: dict[str, Channel | ModuleType] = {
    ChannelName.EMAIL: email,
    ChannelName.SMS: sms,
    ChannelName.WEBHOOK: webhook,
    ChannelName.INBOX: inbox,
}
LEASE = timedelta(seconds=60)
PUT_OFF = timedelta(minutes=5)  # after a fault of ours
# The pauses between attempts that the Standard Webhooks specification gives as its example: over three days.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 5 * 60, 30 * 60, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)


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
        circuit=circuit_of(ChannelName.SMS),
        address=phone,
        subject="",
        body=text.format(code=digits),
        secret=True,
        created_at=at,
        due_at=at,
        gives_up_at=code.expires_at,
        expires_at=code.expires_at,
    )
    transaction.on_commit(lambda: ring("notifications.dispatch"), robust=True)


def send_next(*, at: datetime) -> bool:
    """Send the message that is due first; False when none is due.

    The attempt is on record before the network is touched, and the message is lent out for a minute: a
    worker that dies leaves an attempt of unknown outcome and the message is sent again, with the same
    identity, so the recipient's side can tell. What would go to a server that is down waits for a probe.
    """
    closed = circuits.closed_ways(at=at)
    with transaction.atomic():
        dispatch = _next_due(closed, at)
        if dispatch is None:
            return False
        if not _may_go(dispatch, closed, at):
            return True
        lent_until = at + LEASE
        if dispatch.circuit and not circuits.take_probe(dispatch.circuit, at=at, until=lent_until):
            return True  # another worker's message is the probe: look again without this circuit
        dispatch.lent_until = lent_until
        dispatch.save(update_fields=["lent_until", "address"])
        attempt = Attempt.objects.create(dispatch=dispatch, number=dispatch.attempts.count() + 1, started_at=at)
    try:
        CHANNELS[dispatch.channel].send(dispatch)
    except ChannelError as error:
        logger.warning("%s could not be sent: %s", dispatch, error.reason)
        _note_failure(dispatch, attempt, lent_until, error, at)
    except Exception as error:  # noqa: BLE001 - a fault of ours is an attempt too; its text may hold an address
        logger.error("%s could not be sent: %s", dispatch, type(error).__name__)
        _note_failure(dispatch, attempt, lent_until, ChannelError("fault", reached=False), at)
    else:
        _note_success(dispatch, attempt, lent_until, at)
    return True


def _next_due(closed: list[str], at: datetime) -> Dispatch | None:
    free = Q(lent_until__isnull=True) | Q(lent_until__lte=at)
    may_go = ~Q(circuit__in=closed) | Q(gives_up_at__lte=at)
    due = Dispatch.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        free, may_go, state=DispatchState.DUE, due_at__lte=at
    )
    found: Dispatch | None = due.order_by("due_at", "id").first()
    return found


def _may_go(dispatch: Dispatch, closed: list[str], at: datetime) -> bool:
    """Tell whether the message is to be tried now, to the address that its office names today.

    One whose time or attempts are used up, or whose way was stopped, is given up instead. A fault in doing so
    puts the message off: it must never stand first in the queue for ever.
    """
    tries = dispatch.attempts.count() - dispatch.forgiven
    over = dispatch.gives_up_at is not None and at >= dispatch.gives_up_at
    stopped = dispatch.endpoint is not None and dispatch.endpoint.stopped_at is not None
    try:
        with transaction.atomic():
            if dispatch.expires_at and at >= dispatch.expires_at:
                _expire(dispatch)
                return False
            if stopped or tries > len(PAUSES) or (over and dispatch.circuit in closed):
                give_up(dispatch, at)
                return False
    except Exception:
        logger.exception("%s could not be given up", dispatch)
        dispatch.due_at = at + PUT_OFF
        dispatch.save(update_fields=["due_at"])
        return False
    if dispatch.endpoint is not None:
        dispatch.address = dispatch.endpoint.address
    return True


def _expire(dispatch: Dispatch) -> None:
    dispatch.state, dispatch.lent_until = DispatchState.EXPIRED, None
    _erase_secret(dispatch)
    dispatch.save(update_fields=["state", "lent_until", "address", "body"])


def _ours(dispatch: Dispatch, lent_until: datetime) -> Dispatch | None:
    """Return the message, locked, while it is still lent to us; a slow sender overwrites nobody's findings.

    The message is always locked before its circuit, and both before the case.
    """
    found: Dispatch | None = (
        Dispatch.objects.select_for_update(of=("self",))
        .filter(pk=dispatch.pk, state=DispatchState.DUE, lent_until=lent_until)
        .first()
    )
    return found


@transaction.atomic
def _note_success(dispatch: Dispatch, attempt: Attempt, lent_until: datetime, at: datetime) -> None:
    ours = _ours(dispatch, lent_until)
    attempt.outcome = "sent"
    attempt.save(update_fields=["outcome"])
    if dispatch.circuit:
        circuits.note_success(dispatch.circuit, at=at)
    if ours is None:
        return
    ours.state, ours.sent_at, ours.lent_until = DispatchState.SENT, at, None
    _erase_secret(ours)
    ours.save(update_fields=["state", "sent_at", "lent_until", "address", "body"])
    record_sent(ours, at=at)


@transaction.atomic
def _note_failure(
    dispatch: Dispatch, attempt: Attempt, lent_until: datetime, error: ChannelError, at: datetime
) -> None:
    ours = _ours(dispatch, lent_until)
    attempt.outcome = error.reason[:80]
    attempt.save(update_fields=["outcome"])
    _tell_circuit(dispatch.circuit, error, at)
    if error.stops_way and dispatch.endpoint_id:
        endpoint: Endpoint = Endpoint.objects.lock(pk=dispatch.endpoint_id)
        if endpoint.address == dispatch.address and endpoint.stopped_at is None:
            stop(endpoint, reason=attempt.outcome, by=SYSTEM, at=at)
    if ours is None:
        return
    ours.lent_until = None
    tries = attempt.number - ours.forgiven
    over = ours.gives_up_at is not None and at >= ours.gives_up_at
    if error.failure == Failure.FOR_GOOD or over or tries > len(PAUSES):
        give_up(ours, at)
        return
    ours.due_at = at + PAUSES[max(tries, 1) - 1]
    ours.save(update_fields=["lent_until", "due_at"])


def _tell_circuit(key: str, error: ChannelError, at: datetime) -> None:
    """Count a server that is away; one that answers, if only to refuse, is there."""
    if not key:
        return
    if error.failure == Failure.DOWN:
        circuits.note_failure(key, error.reason[:80], at=at)
    elif error.reached:
        circuits.note_success(key, at=at)
    else:
        circuits.free_probe(key, at=at)


def give_up(dispatch: Dispatch, at: datetime) -> None:
    """Let a message that cannot go this way go the recipient's next one, or wait for a person.

    A code is no use to anybody later: it expires.
    """
    if dispatch.secret:
        _expire(dispatch)
        return
    if dispatch.chain:
        hold(dispatch.chain)  # the next way is written, and the failure recorded, in the case
    on_its_way = write_next_way(dispatch, at=at)
    dispatch.state = DispatchState.MOVED if on_its_way else DispatchState.DEAD
    dispatch.lent_until = dispatch.sent_at = None
    dispatch.save(update_fields=["state", "lent_until", "sent_at"])
    if dispatch.chain:
        facts = {"notice": dispatch.notice, "channel": dispatch.channel, "dispatch": dispatch.pk}
        events.record("notice.failed", dispatch, by=SYSTEM, at=at, **facts)


def _erase_secret(dispatch: Dispatch) -> None:
    if dispatch.secret:
        dispatch.address = dispatch.body = ""
