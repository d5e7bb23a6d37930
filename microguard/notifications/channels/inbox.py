"""The inbox at MicroGuard: the message itself is what the office reads there, so nothing has to go anywhere."""

from microguard.notifications.models import Dispatch


def send(dispatch: Dispatch) -> None:
    """Take the message over: from now on it stands in the office's inbox."""
