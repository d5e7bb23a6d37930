"""Posting to an address that somebody else chose: vetted when it is connected to, bounded in time and size.

The name is resolved once and the connection goes to the very address that was judged, so a name that
resolves differently a moment later leads nowhere. Redirects are not followed.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore
from django.conf import settings

SECONDS = 10.0  # for everything: name, connection, request and answer
MOST_BYTES = 64 * 1024  # of an answer; nobody reads more than its status
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")  # all that is handed out; translators and tunnels lie beside it
_NEVER = tuple(ipaddress.ip_network(text) for text in ("3fff::/20", "192.88.99.0/24"))  # examples; old tunnels
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotOutside(Exception):
    """The name leads to this machine or into a private network."""


def may_connect(address: Address) -> bool:
    """Tell whether an address lies in the public network; in demo mode this machine itself is allowed too."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return may_connect(address.ipv4_mapped)
    if settings.WEBHOOKS_TO_THIS_MACHINE and address.is_loopback:
        return True
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in _PUBLIC_V6 or address.sixtofour or address.teredo
    ):
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in _NEVER)


def vetted(host: str, port: int, *, within: float = SECONDS) -> str:
    """Return the one address of this name to connect to.

    :raises NotOutside: when any of its addresses is not public
    :raises OSError: when the name has none, or is not found within so many seconds
    """
    addresses = _resolved(host, port, within)
    for address in addresses:
        if not may_connect(ipaddress.ip_address(address.partition("%")[0])):
            raise NotOutside(host)
    return addresses[0]


def _resolved(host: str, port: int, within: float) -> list[str]:
    """Ask for the addresses of a name, in a thread of its own: the resolver itself knows no bound."""
    found: list[str] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.extend(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(OSError(str(error)))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(within)
    if not found:
        raise failed[0] if failed else TimeoutError("the name was not found in time")
    return found


class _Bounded(httpcore.NetworkStream):
    """A connection that ends at one instant, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, end: float) -> None:
        self._inner, self._end = inner, end

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there within the time that is left."""
        return self._inner.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write within the time that is left."""
        self._inner.write(buffer, self._left())

    def close(self) -> None:
        """Close."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted, under the same bound."""
        return _Bounded(self._inner.start_tls(ssl_context, server_hostname, self._left()), self._end)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection below knows."""
        return self._inner.get_extra_info(info)


class _Vetted(httpcore.NetworkBackend):
    """Connects to vetted addresses only."""

    def __init__(self, end: float) -> None:
        self._plain, self._end = httpcore.SyncBackend(), end

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the address that was judged."""
        address = vetted(host, port, within=max(0.0, self._end - time.monotonic()))
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ConnectTimeout("out of time")
        return _Bounded(self._plain.connect_tcp(address, port, left, local_address, socket_options), self._end)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Post the body and return the status of the answer.

    :raises NotOutside: when the name does not lead into the public network
    :raises OSError: when the name is not known
    :raises httpcore.NetworkError: when nobody answers there (also httpcore.ProtocolError)
    :raises httpcore.TimeoutException: when it takes longer than ten seconds
    """
    end = time.monotonic() + SECONDS
    with (
        httpcore.ConnectionPool(network_backend=_Vetted(end), retries=0) as pool,
        pool.stream("POST", url, headers=list(headers.items()), content=body) as answer,
    ):
        size = 0
        for chunk in answer.iter_stream():
            size += len(chunk)
            if size > MOST_BYTES:
                break
        return int(answer.status)
