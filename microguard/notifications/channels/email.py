"""E-mail by SMTP. The Message-ID is made from the effect key, so a repeated mail is recognised as the same."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from microguard.notifications.channels.base import ChannelError, Failure, identity
from microguard.notifications.models import Dispatch

CLOSING = 421  # the server's answer when it is about to shut down


def send(dispatch: Dispatch) -> None:
    """Hand the message to the mail server.

    :raises ChannelError: when the server is away or refuses
    """
    hand_over(dispatch, dispatch.address, dispatch.subject, dispatch.body)


def hand_over(dispatch: Dispatch, address: str, subject: str, body: str) -> None:
    """Hand a text to the mail server for one address.

    :raises ChannelError: when the server is away or refuses
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[address],
        headers={"Message-ID": f"<{identity(dispatch)}@{domain}>"},
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise _failure(error) from error


def _failure(error: Exception) -> ChannelError:
    """Tell an address that does not exist from a server that says "later" and from one that is not there."""
    if isinstance(error, ValueError):  # no header can hold the address
        return ChannelError("bad_address", Failure.FOR_GOOD, reached=False)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max(answer[0] for answer in error.recipients.values())
        if code >= 500:
            return ChannelError(f"address_refused_{code}", Failure.FOR_GOOD)
        return ChannelError(f"mail_refused_{code}", Failure.DOWN if code == CLOSING else Failure.FOR_NOW)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ChannelError("mail_login_refused", Failure.DOWN)
    if isinstance(error, smtplib.SMTPDataError):
        permanent = error.smtp_code >= 500
        return ChannelError(f"mail_refused_{error.smtp_code}", Failure.FOR_GOOD if permanent else Failure.FOR_NOW)
    if isinstance(error, TimeoutError):
        return ChannelError("timed_out", Failure.DOWN)
    if isinstance(error, ConnectionRefusedError):
        return ChannelError("connection_refused", Failure.DOWN)
    return ChannelError(f"mail_{type(error).__name__}", Failure.DOWN)
