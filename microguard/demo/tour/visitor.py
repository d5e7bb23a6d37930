"""A visitor of the pages without a browser: cookies, links and forms, over plain HTTP."""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TIMEOUT = 20  # seconds for one page
BUSY = {502, 503, 504}


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
    """One person with one set of cookies."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.base_url + "/", path)))

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
        request = urllib.request.Request(url, data=content, headers={"Content-Type": kind, "Referer": page.url})
        return self._ask(request)

    def post_json(self, path: str, content: bytes) -> Page:
        """Post a JSON document."""
        url = urllib.parse.urljoin(self.base_url + "/", path)
        return self._ask(urllib.request.Request(url, data=content, headers={"Content-Type": "application/json"}))

    def _ask(self, request: urllib.request.Request) -> Page:
        """Ask, and ask again while the server says that it is busy or being restarted."""
        for wait in (0.5, 1, 2, 4, 0):
            try:
                with self._opener.open(request, timeout=TIMEOUT) as answer:
                    return _page(answer.status, answer.url, answer.read())
            except urllib.error.HTTPError as error:
                if error.code not in BUSY or not wait:
                    return _page(error.code, error.url or request.full_url, error.read())
            except urllib.error.URLError:
                if not wait:
                    raise
            time.sleep(wait)
        raise Unexpected(f"{request.full_url} is not there")


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
