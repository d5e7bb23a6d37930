"""What every channel over the network offers, and how it says that it could not."""

from enum import StrEnum, auto
from typing import Protocol

from microguard.core.digests import digest_of
from microguard.notifications.models import Dispatch


class Failure(StrEnum):
    """What a failed attempt means for the message and for others that go the same way."""

    FOR_NOW = auto()  # this message, now: tried again
    DOWN = auto()  # the server is away: tried again, and others wait for it
    FOR_GOOD = auto()  # this message will never go this way


class ChannelError(Exception):
    """The message could not be handed over; `reason` is a short code for the record of attempts.

    `reached`: a server answered, if only to refuse. `stops_way`: no message will ever go this way (the office
    has taken the address down).
    """

    def __init__(
        self, reason: str, failure: Failure = Failure.FOR_NOW, *, reached: bool = True, stops_way: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.failure = failure
        self.reached = reached
        self.stops_way = stops_way


class Channel(Protocol):
    """Hands one message to the network within seconds."""

    def send(self, dispatch: Dispatch) -> None:
        """Return when the next server has taken the message over.

        :raises ChannelError: when it has not
        """


def identity(dispatch: Dispatch) -> str:
    """Return what the message is called on the wire: the same at each attempt, so receivers can tell."""
    return digest_of(dispatch.effect_key)[:40]
