"""What every channel offers, and how it says that it could not."""

from typing import Protocol

from microguard.notifications.models import Dispatch


class ChannelError(Exception):
    """The message could not be handed over now; `reason` is a short code for the record of attempts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """Hands one message to the network within seconds."""

    def send(self, dispatch: Dispatch) -> None:
        """Return when the next server has taken the message over.

        :raises ChannelError: when it has not
        """
