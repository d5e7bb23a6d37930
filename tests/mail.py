"""A real mail server on a free port that keeps what it is given."""

import asyncio
import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Letter:
    """One message as it went over the wire."""

    to: tuple[str, ...]
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        return str(self.message.get_content())


@dataclass
class Sink:
    """Takes messages in, or refuses them; `pause` is how long it thinks over each, in seconds."""

    port: int
    letters: list[Letter] = field(default_factory=list)
    refused: list[Letter] = field(default_factory=list)
    refusing: bool = False
    unknown: set[str] = field(default_factory=set)  # addresses that do not exist here
    pause: float = 0.0

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        await asyncio.sleep(self.pause)
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        letter = Letter(tuple(envelope.rcpt_tos), message)  # type: ignore[arg-type]
        (self.refused if self.refusing else self.letters).append(letter)
        return "451 4.3.0 come back later" if self.refusing else "250 taken"

    def to(self, address: str) -> list[Letter]:
        """The letters to one address."""
        return [letter for letter in self.letters if address in letter.to]


@contextmanager
def mail_server(port: int | None = None) -> Iterator[Sink]:
    """Run the server in a thread of its own while the block runs."""
    sink = Sink(port or free_port())
    server = Controller(sink, hostname=HOST, port=sink.port)
    server.start()
    try:
        yield sink
    finally:
        server.stop()


def phone_address(phone: str) -> str:
    """The address at which the gateway takes text messages for this phone."""
    return f"{phone}@{settings.SMS_GATEWAY}"
