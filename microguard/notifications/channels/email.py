"""E-mail by SMTP. The Message-ID is made from the effect key, so a repeated mail is recognised as the same."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from microguard.core.digests import digest_of
from microguard.notifications.channels.base import ChannelError
from microguard.notifications.models import Dispatch


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
        headers={"Message-ID": f"<{digest_of(dispatch.effect_key)[:40]}@{domain}>"},
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: no header can hold the address
        raise ChannelError(type(error).__name__) from error
