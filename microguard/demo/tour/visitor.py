"""A visitor of the pages without a browser: cookies, links and forms, over plain HTTP."""

import http.client
import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TIMEOUT = 20  # seconds for one page
BUSY = {502, 503, 504}
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0  # seconds before pressing again, unless the answer says when


class Unexpected(AssertionError):
    """The page is not what the journey expects; the message says where and what."""


@dataclass
class Form:
    """A form of a page as it would be sent: address, fields with their values, names of its buttons."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    key: str = ""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower(), key=given.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "button" and given.get("form"):
            for form in self.forms:
                if form.key == given["form"] and given.get("name"):
                    form.buttons.add(given["name"])
        elif self._form is not None and given.get("name"):
            self._control(tag, given)
        elif self._form is not None and tag == "option" and self._select and "selected" in given:
            self._form.fields[self._select] = [given.get("value", "")]

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = given["name"], given.get("type", "text")
        if tag == "button":
            self._form.buttons.add(name)
        elif tag == "select":
            self._select = name
            self._form.fields.setdefault(name, [])
        elif tag == "textarea":
            self._textarea = name
            self._form.fields[name] = [""]
        elif tag == "input" and kind in {"radio", "checkbox"}:
            self._form.fields.setdefault(name, [])
            if "checked" in given:
                self._form.fields[name].append(given.get("value", "on"))
        elif tag == "input" and kind == "file":
            self._form.files.add(name)
        elif tag == "input" and kind != "submit":
            self._form.fields[name] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in {"select", "textarea"}:
            self._select = self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._textarea:
            self._form.fields[self._textarea] = [self._form.fields[self._textarea][0] + data]


@dataclass
class Page:
    """One answer of the server."""

    status: int
    url: str
    text: str
    body: bytes
    forms: list[Form]
    links: list[str]

    def form(self, *names: str, action: str = "") -> Form:
        """Return the first form that has all these fields or buttons, and this piece of address.

        :raises Unexpected: when the page has no such form
        """
        for form in self.forms:
            has = form.fields.keys() | form.buttons | form.files
            if "/demo/" in form.action and "/demo/" not in action:
                continue  # the bar of demo mode is on every page
            if form.method == "post" and set(names) <= has and action in form.action:
                return form
        raise Unexpected(f"{self.url} ({self.status}) has no form with {names or action}: {self.words()[:300]}")

    def words(self) -> str:
        """Return the page's text without its tags."""
        text = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", self.text)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()

    def expect(self, *pieces: str, status: int = 200) -> "Page":
        """Pass when the page has this status and all these pieces of text.

        :raises Unexpected: otherwise
        """
        if self.status != status:
            raise Unexpected(f"{self.url} answered {self.status}, not {status}: {self.words()[:400]}")
        for piece in pieces:
            if piece not in self.text:
                raise Unexpected(f"{self.url} does not show {piece!r}: {self.words()[:400]}")
        return self


class Visitor:
    """One person with one set of cookies, who presses again for `patience` seconds while nobody answers.

    `answers` counts the answers by status, `broken` the connections that ended without one.
    """

    def __init__(self, base_url: str, *, patience: float = 8.0) -> None:
        self.base_url = base_url.rstrip("/")
        self.patience = patience
        self.cookies = http.cookiejar.CookieJar()
        self.answers: Counter[int] = Counter()
        self.broken = 0
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._ask(urllib.parse.urljoin(self.base_url + "/", path))

    def send(
        self,
        page: Page,
        form: Form,
        *,
        button: str = "",
        files: dict[str, list[tuple[str, bytes]]] | None = None,
        **given: Any,
    ) -> Page:
        """Fill in a form and send it; `files` maps a field to (name, content) pairs."""
        fields = {name: list(values) for name, values in form.fields.items()}
        for name, value in given.items():
            fields[name] = [str(item) for item in value] if isinstance(value, list) else [str(value)]
        if button:
            fields[button] = fields.get(button) or ["1"]
        content, kind = _multipart(
            [(name, value) for name, values in fields.items() for value in values], files or {}
        )
        url = urllib.parse.urljoin(page.url, form.action or page.url)
        return self._ask(url, content, {"Content-Type": kind, "Referer": page.url})

    def post_json(self, path: str, content: bytes) -> Page:
        """Post a JSON document."""
        url = urllib.parse.urljoin(self.base_url + "/", path)
        return self._ask(url, content, {"Content-Type": "application/json"})

    def _ask(self, url: str, content: bytes | None = None, headers: dict[str, str] | None = None) -> Page:
        """Ask, and ask the same again while the server is away, busy or being restarted.

        :raises Unexpected: when it does not answer for as long as the visitor's patience lasts
        """
        end, pause = time.monotonic() + self.patience, FIRST_PAUSE
        while True:
            wait = pause
            try:
                # A new request each time: the last answer may have brought new cookies.
                page, retry_after = self._ask_once(
                    urllib.request.Request(url, data=content, headers=headers or {})
                )
                if page.status not in BUSY or time.monotonic() > end:
                    return page
                wait = float(retry_after) if retry_after.isdecimal() else pause
            except (OSError, http.client.HTTPException) as error:
                self.broken += 1
                if time.monotonic() > end:
                    raise Unexpected(f"{url} is not there: {error}") from error
            time.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _ask_once(self, request: urllib.request.Request) -> tuple[Page, str]:
        """Return the answer, and after how many seconds it says to ask again."""
        try:
            answer = self._opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            answer = error  # an answer too
        with answer:
            page = _page(answer.status, answer.url, answer.read())
        self.answers[page.status] += 1
        return page, answer.headers.get("Retry-After", "")


def _page(status: int, url: str, body: bytes) -> Page:
    text = body.decode("utf-8", errors="replace")
    parser = _Forms()
    if text.lstrip()[:15].lower().startswith("<!doctype html"):
        parser.feed(text)
    return Page(status, url, text, body, parser.forms, parser.links)


def _multipart(fields: list[tuple[str, str]], files: dict[str, list[tuple[str, bytes]]]) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, contents in files.items():
        for file_name, content in contents:
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n"
            )
            parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
