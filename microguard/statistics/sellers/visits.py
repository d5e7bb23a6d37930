"""How often one visitor may look sellers up: seldom enough that nobody can try a list of handles."""

from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from microguard.core.encryption import keyed_hash
from microguard.core.locks import hold

LOOK_UPS, LOOK_UPS_PER = 20, timedelta(hours=1)
HOUSEHOLD_BITS = 64


@transaction.atomic
def may_look_up(request: HttpRequest) -> bool:
    """Count a look-up against the visitor's address, of which only the keyed hash is stored."""
    counted = f"sellers:{keyed_hash('address', _address(request))}"
    hold(counted)  # many at once queue up here and cannot slip past the count
    seen = cache.get(counted, 0)
    if seen >= LOOK_UPS:
        return False
    cache.set(counted, seen + 1, LOOK_UPS_PER.total_seconds())
    return True


def _address(request: HttpRequest) -> str:
    """Return the visitor's address: what our own proxy saw, where one stands in front.

    Of an IPv6 address it is the network of one household: the rest of it the visitor may change at will.
    """
    behind_proxy = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.SECURE else ""
    address = behind_proxy or str(request.META.get("REMOTE_ADDR", ""))
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((known, HOUSEHOLD_BITS), strict=False))
