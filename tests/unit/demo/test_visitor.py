"""A visitor presses again while nobody answers, with the same content and the newest cookies."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from microguard.demo.tour import visitor as module
from microguard.demo.tour.visitor import Unexpected, Visitor


class Server:
    """Answers as told, one after the other; None hangs up. Keeps what was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str]] | None] = []
        self.asked: list[tuple[bytes, str]] = []

    def take(self, asked: BaseHTTPRequestHandler) -> None:
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        self.asked.append((body, asked.headers.get("Cookie", "")))
        answer = self.answers.pop(0)
        if answer is None:
            return
        status, headers = answer
        asked.send_response(status)
        for name, value in headers.items():
            asked.send_header(name, value)
        asked.end_headers()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    served = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.take(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        served.url = f"http://127.0.0.1:{http.server_port}"  # type: ignore[attr-defined]
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield served
        http.shutdown()
        thread.join()


def test_a_connection_that_breaks_and_a_server_that_is_away_are_tried_again_with_the_same_content(
    server: Any,
) -> None:
    server.answers = [None, (503, {"Retry-After": "0"}), (502, {}), (200, {})]
    visitor = Visitor(server.url)

    page = visitor.post_json("/demo/clock/", b"{}")

    assert page.status == 200
    assert [body for body, _cookie in server.asked] == [b"{}"] * 4
    assert dict(visitor.answers) == {503: 1, 502: 1, 200: 1}
    assert visitor.broken == 1


def test_what_the_server_says_about_waiting_is_heeded(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(module.time, "sleep", waits.append)
    server.answers = [(503, {"Retry-After": "5"}), (503, {}), (200, {})]

    Visitor(server.url).get("/")

    assert waits == [5.0, 0.02]


def test_the_second_try_brings_the_cookie_of_the_first_answer(server: Any) -> None:
    server.answers = [(503, {"Set-Cookie": "mg_draft=one; Path=/", "Retry-After": "0"}), (200, {})]

    Visitor(server.url).get("/")

    assert [cookie for _body, cookie in server.asked] == ["", "mg_draft=one"]


def test_a_failure_of_ours_is_not_tried_again(server: Any) -> None:
    server.answers = [(500, {})]

    assert Visitor(server.url).get("/").status == 500


def test_patience_has_an_end(server: Any) -> None:
    server.answers = [None, (503, {})]

    with pytest.raises(Unexpected, match="is not there"):
        Visitor(server.url, patience=0).get("/")
    assert Visitor(server.url, patience=0).get("/").status == 503
