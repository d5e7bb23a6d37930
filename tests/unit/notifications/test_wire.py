"""Nothing is posted to this machine or into a private network, whatever the address is spelled like."""

import ipaddress
import socket
from typing import Any

import pytest

from microguard.notifications.channels import wire
from microguard.notifications.channels.wire import NotOutside, may_connect, post, vetted

INSIDE = (
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("fec0::1", "::10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b:1::a00:1", "3fff::1", "5f00::1", "192.88.99.1"),
    *("2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
)
OUTSIDE = ("1.1.1.1", "114.114.114.114", "2400:3200::1", "::ffff:114.114.114.114")


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = False


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_never_connected_to(address: str) -> None:
    assert may_connect(ipaddress.ip_address(address)) is False


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert may_connect(ipaddress.ip_address(address)) is True


def test_in_demo_mode_this_machine_is_allowed_and_no_other_inside(settings: Any) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = True

    allowed = [address for address in INSIDE if may_connect(ipaddress.ip_address(address))]

    assert allowed == ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]


# 2130706433, 0x7f000001 and 017700000001 are 127.0.0.1 to a resolver.
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "017700000001", "0", "[::1]"]
)
def test_every_spelling_of_this_machine_is_refused_before_anything_is_connected(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: connected.append(address))

    with pytest.raises((NotOutside, OSError)):
        post(f"http://{host}:9/", b"{}", {})

    assert connected == []


def test_a_name_with_one_address_inside_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        wire.socket,
        "getaddrinfo",
        lambda *args, **kwargs: [(2, 1, 6, "", ("114.114.114.114", 443)), (2, 1, 6, "", ("10.0.0.1", 443))],
    )

    with pytest.raises(NotOutside):
        vetted("rebinding.example", 443)


def test_the_connection_goes_to_the_address_that_was_judged_though_the_name_changes_its_mind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [[(2, 1, 6, "", ("114.114.114.114", 443))], [(2, 1, 6, "", ("127.0.0.1", 443))]]
    connected: list[str] = []

    def connect(self: Any, host: str, *args: Any, **kwargs: Any) -> Any:
        connected.append(host)
        raise OSError

    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *args, **kwargs: answers.pop(0))
    monkeypatch.setattr(wire.httpcore.SyncBackend, "connect_tcp", connect)

    with pytest.raises(OSError):  # noqa: PT011 (that it fails does not matter, where it went does)
        post("https://rebinding.example/", b"{}", {})

    assert connected == ["114.114.114.114"]
