"""Signed webhooks after the Standard Webhooks specification: id, timestamp and an HMAC over both and the body."""

import json
from datetime import UTC
from typing import Any

import httpcore
from standardwebhooks import Webhook

from microguard.core import clock
from microguard.notifications.channels.base import ChannelError, Failure, identity
from microguard.notifications.channels.wire import NotOutside, post
from microguard.notifications.models import Dispatch

GONE = 410


def content(*, kind: str, at: str, data: dict[str, Any]) -> str:
    """Return the body of a webhook: {"type", "timestamp", "data"}."""
    return json.dumps({"type": kind, "timestamp": at, "data": data}, ensure_ascii=False)


def send(dispatch: Dispatch) -> None:
    """Post the message, signed, to the office's endpoint.

    :raises ChannelError: unless it is answered with 2xx within ten seconds
    """
    assert dispatch.endpoint is not None
    # The receiver compares with its own clock, so the demo's shifted one must not stand here.
    stamp = clock.unshifted().astimezone(UTC)
    message_id = f"msg_{identity(dispatch)}"
    headers = {
        "content-type": "application/json",
        "user-agent": "MicroGuard",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(stamp.timestamp())),
        "webhook-signature": Webhook(dispatch.endpoint.secret).sign(message_id, stamp, dispatch.body),
    }
    try:
        status = post(dispatch.address, dispatch.body.encode(), headers)
    except NotOutside as error:
        raise ChannelError("private_address", Failure.FOR_GOOD, reached=False) from error
    except httpcore.TimeoutException as error:
        raise ChannelError("timed_out", Failure.DOWN) from error
    except (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise ChannelError(f"connection_{type(error).__name__}", Failure.DOWN) from error
    _judge(status)


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status == GONE:
        raise ChannelError("gone_410", Failure.FOR_GOOD, stops_way=True)
    if 300 <= status < 400:  # whoever moved has to tell us: a redirect could lead anywhere
        raise ChannelError(f"redirect_{status}", Failure.FOR_GOOD)
    raise ChannelError(f"answered_{status}", Failure.DOWN)
