"""The ways of an office outside: named, stopped and started again by the operator."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.errors import Refusal
from microguard.events import actions as events
from microguard.jurisdictions.divisions import held_on
from microguard.jurisdictions.models import Office
from microguard.notifications.channels.wire import NotOutside, vetted
from microguard.notifications.models import ChannelName, Circuit, DispatchState, Endpoint
from microguard.notifications.ways import circuit_of

SECRET_BYTES = 24
PORTS = {"https": 443, "http": 80}


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
    if office.kind == Office.Kind.REGULATOR and not held_on(office.division, day_of(at)):
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
    events.record("office.registered", made, by=by, at=at, kind=made.kind)
    return made


def add_endpoint(*, office_id: int, channel: str, address: str, by: Actor, at: datetime) -> Endpoint:
    """Name a further way of the office, the last in order; a webhook gets its secret here.

    :raises WayRefused: when the address is none, or the office has a way of this kind already
    """
    policies.require(by, "office.manage")
    address = address.strip()
    _check(channel, address)  # asks for the name: not while anything is locked
    with transaction.atomic():
        office: Office = Office.objects.select_for_update().get(pk=office_id)
        if office.endpoints.filter(channel=channel).exists():
            raise WayRefused(_("The office has a way of this kind already. Change its address."))
        last = office.endpoints.aggregate(last=Max("place"))["last"] or 0
        endpoint: Endpoint = Endpoint.objects.create(
            office=office,
            place=last + 1,
            channel=channel,
            address=address,
            secret=new_secret() if channel == ChannelName.WEBHOOK else "",
        )
        events.record("office.way_added", office, by=by, at=at, endpoint=endpoint.pk, channel=channel)
        return endpoint


def change_address(*, endpoint_id: int, address: str, by: Actor, at: datetime) -> Endpoint:
    """Put another address in the place of this way's, and start it again if it was stopped.

    What waits for this way goes to the new address, at once.

    :raises WayRefused: when the address is none of this kind
    """
    policies.require(by, "office.manage")
    address = address.strip()
    _check(Endpoint.by_pk(endpoint_id).channel, address)
    with transaction.atomic():
        endpoint: Endpoint = Endpoint.objects.lock(pk=endpoint_id)
        endpoint.address = address
        endpoint.stopped_at, endpoint.stopped_by, endpoint.stop_reason = None, "", ""
        endpoint.save()
        if endpoint.channel == ChannelName.WEBHOOK:
            Circuit.objects.filter(key=circuit_of(endpoint.channel, endpoint.pk)).delete()
        endpoint.dispatches.filter(state=DispatchState.DUE, lent_until__isnull=True).update(due_at=at)
        facts = {"endpoint": endpoint.pk, "channel": endpoint.channel}
        events.record("office.way_changed", endpoint.office, by=by, at=at, **facts)
        return endpoint


@transaction.atomic
def stop_endpoint(*, endpoint_id: int, by: Actor, at: datetime) -> Endpoint:
    """Send nothing this way any more; what waits for it goes on another way."""
    policies.require(by, "office.manage")
    endpoint: Endpoint = Endpoint.objects.lock(pk=endpoint_id)
    stop(endpoint, reason="by_operator", by=by, at=at)
    return endpoint


def stop(endpoint: Endpoint, *, reason: str, by: Actor, at: datetime) -> None:
    """Stop a way that the caller has locked, and record it."""
    endpoint.stopped_at, endpoint.stopped_by, endpoint.stop_reason = at, by.reference, reason
    endpoint.save(update_fields=["stopped_at", "stopped_by", "stop_reason"])
    facts = {"endpoint": endpoint.pk, "channel": endpoint.channel}
    events.record("office.way_stopped", endpoint.office, by=by, at=at, **facts)


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
    usual = address.isascii() and parts.scheme in PORTS and host
    if not usual or parts.username is not None or parts.password is not None or parts.fragment:
        raise WayRefused(_("Enter a web address that begins with https:// and carries no name or password."))
    try:
        found = vetted(str(host), port or PORTS[parts.scheme])
    except NotOutside as error:
        raise WayRefused(_("This address leads into a private network; nothing is sent there.")) from error
    except OSError as error:
        raise WayRefused(_("No server of this name is known. Check the address.")) from error
    # Without encryption only this machine is written to, which the demo alone may do.
    if parts.scheme == "http" and not ip_address(found).is_loopback:
        raise WayRefused(_("Enter a web address that begins with https:// and carries no name or password."))
