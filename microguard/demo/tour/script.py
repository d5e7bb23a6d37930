"""How the tour tells what it does: a line of JSON for each step, and the demo's mail and clock."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from microguard.demo.tour.visitor import Unexpected, Visitor

PATIENCE = 45  # seconds to wait for the workers


class Tour:
    """Plays steps and remembers whether all held."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.ok = True
        self.cases: list[str] = []
        self._used_codes: set[str] = set()

    def visitor(self) -> Visitor:
        """Return somebody with fresh cookies."""
        return Visitor(self.base_url)

    def somebody(self, role: str) -> Visitor:
        """Return one of the demo's people, by one click of the demo bar."""
        visitor = self.visitor()
        home = visitor.get("/").expect()
        visitor.send(home, home.form(action=f"/demo/become/{role}/"))
        return visitor

    @contextmanager
    def step(self, name: str, role: str) -> Iterator[None]:
        """Print the line of a step; one that does not hold ends the tour.

        :raises Unexpected: when it does not hold
        """
        started = time.monotonic()
        ok = False
        try:
            yield
            ok = True
        except (Unexpected, OSError, KeyError, ValueError) as error:
            self.ok = False
            sys.stderr.write(f"{name}: {error}\n")
            raise Unexpected(name) from error
        finally:
            took = int((time.monotonic() - started) * 1000)
            sys.stdout.write(json.dumps({"step": name, "role": role, "ok": ok, "ms": took}) + "\n")
            sys.stdout.flush()

    def advance(self, hours: float) -> None:
        """Move the demo's clock forward."""
        self.visitor().post_json("/demo/clock/", json.dumps({"advance_hours": hours}).encode()).expect()

    def mails(self, about: str) -> list[dict[str, Any]]:
        """Return what reached the demo's mail server about a case or a phone, newest first."""
        page = self.visitor().get(f"/demo/mail/?format=json&about={about}")
        mails: list[dict[str, Any]] = json.loads(page.text)["mails"]
        return mails

    def code_for(self, phone: str) -> str:
        """Return the one-time code that was texted to the phone, waiting for one that was not used yet."""

        def newest() -> str | None:
            for mail in self.mails(phone):
                found = re.search(r"\b(\d{6})\b", mail["text"])
                if mail["to"].startswith(f"{phone}@") and found and found.group(1) not in self._used_codes:
                    return found.group(1)
            return None

        code = str(self.until(newest, f"a code for {phone}"))
        self._used_codes.add(code)
        return code

    def mail_about(self, number: str, to: str, *words: str) -> str:
        """Return the text of the newest mail about a case to somebody, waiting for it."""

        def newest() -> str | None:
            for mail in self.mails(number):
                text = f"{mail['subject']} {mail['text']}"
                if to in mail["to"] and number in text and all(word in text for word in words):
                    return text
            return None

        return str(self.until(newest, f"a mail about {number} to {to}"))

    def until(self, look: Callable[[], Any], what: str) -> Any:
        """Return what `look` finds, asking again until the workers have done it.

        :raises Unexpected: when it is not there in time
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.5)
        raise Unexpected(f"{what} did not come within {PATIENCE} s")
