"""What reached the demo's mail server: every copy of every message, read from its folder."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path

LOOK_AGAIN = 0.2


@dataclass(frozen=True)
class Letter:
    """One copy of one message as it went over the wire: recipient, identity, subject with text."""

    to: str
    message_id: str
    text: str


class Mailbox:
    """The mail server's folder; each file in it is read once. Safe to use by many threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "new"
        self._letters: dict[str, Letter] = {}
        self._lock = threading.Lock()

    def letters(self) -> list[Letter]:
        """Return every copy that has arrived, in the order in which we saw them."""
        with self._lock:
            present = self._folder.iterdir() if self._folder.is_dir() else ()
            for path in sorted(path for path in present if path.name not in self._letters):
                self._letters[path.name] = _read(path)
            return list(self._letters.values())

    def wait_for_code(self, address: str, used: set[str], *, patience: float) -> str | None:
        """Return the newest one-time code for the address that is not among the used ones.

        Returns None when none comes for so many seconds.
        """
        return _look_for(lambda: self._newest_code(address, used), patience)

    def _newest_code(self, address: str, used: set[str]) -> str | None:
        for letter in reversed(self.letters()):
            found = re.search(r"\b\d{6}\b", letter.text) if letter.to == address else None
            if found and found.group() not in used:
                return found.group()
        return None


def _look_for(look: Callable[[], str | None], patience: float) -> str | None:
    end = time.monotonic() + patience
    while (found := look()) is None and time.monotonic() < end:
        time.sleep(LOOK_AGAIN)
    return found


def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=modern)
    body = message.get_body(("plain",))
    text = f"{message['Subject']}\n{body.get_content() if body else ''}"
    # The header that the server added: who was named on the wire, whatever the letter says.
    return Letter(str(message["X-RcptTo"]), str(message["Message-ID"]), text)
