"""The ways of an office outside: named, stopped and started again by the operator."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.events import actions as events
from microguard.jurisdictions.divisions import divisions
from microguard.jurisdictions.models import Office
from microguard.notifications.channels.wire import NotOutside, vetted
from microguard.notifications.models import ChannelName, Circuit, Endpoint
from microguard.notifications.ways import circuit_of

SECRET_BYTES = 24


class WayRefused(Refusal):
    """The address cannot be one of this kind, or leads where nothing may be sent."""

    code = "way_refused"


class OfficeRefused(Refusal):
    """Something about the office is missing, or it is there already."""

    code = "office_refused"


def new_secret() -> str:
    """Return a fresh secret in the form that receivers of Standard Webhooks expect."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


@dataclass(frozen=True)
class OfficeRecord:
    """What is known of an office outside."""

    kind: str
    name: str
    division: str = ""
    runs: tuple[str, ...] = ()


@transaction.atomic
def register_office(*, office: OfficeRecord, by: Actor, at: datetime) -> Office:
    """Enter a regulator with its division, or a platform with the places that it runs.

    :raises OfficeRefused: when one of this name is there, or division or places are missing
    """
    policies.require(by, "office.manage")
    if office.kind == Office.Kind.REGULATOR and office.division not in divisions():
        raise OfficeRefused(_("Choose the area of the regulator."))
    if office.kind == Office.Kind.PLATFORM and not office.runs:
        raise OfficeRefused(_("Choose what the platform runs: it is told of cases from there."))
    try:
        with transaction.atomic():
            made: Office = Office.objects.create(
                kind=office.kind, name=office.name.strip(), division=office.division, runs=list(office.runs)
            )
    except IntegrityError as error:
        if "jurisdictions_office_once" not in str(error):
            raise
        raise OfficeRefused(_("An office of this name is there already.")) from error
    events.record("office.registered", _Chain(made.pk), by=by, at=at, kind=made.kind)
    return made


@dataclass(frozen=True)
class _Chain:
    office_id: int

    @property
    def chain(self) -> str:
        return f"office/{self.office_id}"


@transaction.atomic
def add_endpoint(*, office_id: int, channel: str, address: str, by: Actor, at: datetime) -> Endpoint:
    """Name a further way of the office, the last in order; a webhook gets its secret here.

    :raises WayRefused: when the address is none, or the office has a way of this kind already
    """
    policies.require(by, "office.manage")
    office: Office = Office.objects.select_for_update().get(pk=office_id)
    address = address.strip()
    _check(channel, address)
    last = office.endpoints.aggregate(last=Max("place"))["last"] or 0
    try:
        with transaction.atomic():
            endpoint: Endpoint = Endpoint.objects.create(
                office=office,
                place=last + 1,
                channel=channel,
                address=address,
                secret=new_secret() if channel == ChannelName.WEBHOOK else "",
            )
    except IntegrityError as error:
        if "notifications_endpoint_once" not in str(error):
            raise
        raise WayRefused(_("The office has a way of this kind already. Stop that one or change it.")) from error
    events.record("office.way_added", endpoint, by=by, at=at, endpoint=endpoint.pk, channel=channel)
    return endpoint


@transaction.atomic
def change_address(*, endpoint_id: int, address: str, by: Actor, at: datetime) -> Endpoint:
    """Put another address in the place of this way's, and start it again if it was stopped.

    :raises WayRefused: when the address is none of this kind
    """
    policies.require(by, "office.manage")
    endpoint: Endpoint = Endpoint.objects.lock(pk=endpoint_id)
    address = address.strip()
    _check(endpoint.channel, address)
    endpoint.address = address
    endpoint.stopped_at, endpoint.stopped_by, endpoint.stop_reason = None, "", ""
    endpoint.save()
    Circuit.objects.filter(key=circuit_of(endpoint.channel, endpoint.pk)).exclude(key="mail").delete()
    events.record("office.way_changed", endpoint, by=by, at=at, endpoint=endpoint.pk, channel=endpoint.channel)
    return endpoint


@transaction.atomic
def stop_endpoint(*, endpoint_id: int, by: Actor, at: datetime) -> Endpoint:
    """Send nothing this way any more."""
    policies.require(by, "office.manage")
    endpoint: Endpoint = Endpoint.objects.lock(pk=endpoint_id)
    endpoint.stopped_at, endpoint.stopped_by, endpoint.stop_reason = at, by.reference, "by_operator"
    endpoint.save()
    events.record("office.way_stopped", endpoint, by=by, at=at, endpoint=endpoint.pk, channel=endpoint.channel)
    return endpoint


def _check(channel: str, address: str) -> None:
    if channel == ChannelName.EMAIL:
        try:
            validate_email(address)
        except ValidationError as error:
            raise WayRefused(_("This is no e-mail address.")) from error
    elif channel == ChannelName.WEBHOOK:
        _check_url(address)
    elif channel == ChannelName.LETTER and not address:
        raise WayRefused(_("Enter the postal address for letters."))
    elif channel not in (ChannelName.INBOX, ChannelName.LETTER):
        raise WayRefused(_("Choose how the office wants to be told."))


def _check_url(address: str) -> None:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    plain = settings.WEBHOOKS_TO_THIS_MACHINE and parts.scheme == "http"
    if not host or parts.username or parts.fragment or not (parts.scheme == "https" or plain):
        raise WayRefused(_("Enter a web address that begins with https:// and carries no name or password."))
    try:
        vetted(host, port or (443 if parts.scheme == "https" else 80))
    except NotOutside as error:
        raise WayRefused(_("This address leads into a private network; nothing is sent there.")) from error
    except (OSError, UnicodeError) as error:
        raise WayRefused(_("No server of this name is known. Check the address.")) from error
