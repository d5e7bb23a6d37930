"""Text messages, by the provider's mail gateway: <phone>@<gateway> takes the text as its body."""

from django.conf import settings

from microguard.notifications.channels import email
from microguard.notifications.models import Dispatch


def send(dispatch: Dispatch) -> None:
    """Hand the text to the gateway.

    :raises microguard.notifications.channels.base.ChannelError: when the gateway is away or refuses
    """
    email.hand_over(dispatch, f"{dispatch.address}@{settings.SMS_GATEWAY}", "MicroGuard", dispatch.body)
