"""How a recipient can be reached: ways in the order in which they are tried."""

from dataclasses import dataclass

from microguard.jurisdictions.models import Office
from microguard.notifications.models import ChannelName

MAIL_SERVER = "mail"  # e-mails and text messages go through one server


@dataclass(frozen=True)
class Way:
    """One channel with its address; of an office, the endpoint it stands for."""

    channel: str
    address: str = ""
    endpoint_id: int | None = None


@dataclass(frozen=True)
class Recipient:
    """One person or office: `key` is stable and names no person ("complainant", "user:3", "office:2").

    A message goes the first of the ways; the next one follows when it cannot go there.
    """

    key: str
    language: str
    ways: tuple[Way, ...]
    office_id: int | None = None


def office_recipient(office: Office, language: str) -> Recipient:
    """Return an office with the ways it has named and that are not stopped; without any it gets a letter."""
    ways = [
        Way(endpoint.channel, endpoint.address, endpoint.pk)
        for endpoint in office.endpoints.filter(stopped_at__isnull=True).order_by("place", "pk")
    ]
    return Recipient(f"office:{office.pk}", language, tuple(ways) or (Way(ChannelName.LETTER),), office.pk)


def circuit_of(channel: str, endpoint_id: int | None = None) -> str:
    """Return the key of the circuit that messages of this way share; "" where no server is involved."""
    if channel in (ChannelName.EMAIL, ChannelName.SMS):
        return MAIL_SERVER
    return f"webhook/{endpoint_id}" if channel == ChannelName.WEBHOOK else ""
