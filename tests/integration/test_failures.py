"""The database is away, or something of ours breaks: a page that says so, and 500 only for the latter."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import DataError, InterfaceError, OperationalError, connection
from django.test import Client

from microguard.core import clock
from tests.cases import a_draft
from tests.database import as_owner, execute
from tests.people import ZHANG_PHONE
from tests.visitors import ANSWERS, a_browser


@pytest.fixture
def browser(committed: None) -> Client:
    """A browser that is shown the page of a failure, as every browser is."""
    return Client(raise_request_exception=False)


@pytest.fixture
def without_database(browser: Client, tmp_path: Path) -> Iterator[Client]:
    """A browser of an installation whose database server is not there: nobody listens where it should."""
    connection.close()
    place = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = str(tmp_path)
    yield browser
    connection.close()
    connection.settings_dict["HOST"] = place


def failing(error: Exception) -> Callable[..., Any]:
    def fail(*_args: Any, **_named: Any) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("path", "title", "help_text"),
    [
        ("/track/", "<h1>暂时无法使用</h1>", "需要帮助"),
        ("/en/track/", "<h1>Not available for a moment</h1>", "Need help?"),
    ],
)
def test_without_the_database_a_page_says_so_in_both_languages(
    without_database: Client, path: str, title: str, help_text: str
) -> None:
    page = without_database.get(path)

    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert title in page.text
    assert help_text in page.text
    assert settings.HELP_PHONE in page.text
    assert 'hreflang="' in page.text


def test_without_the_database_we_are_not_healthy_and_programs_are_told_in_json(without_database: Client) -> None:
    answer = without_database.get("/healthz", headers={"Accept": "application/json"})
    head = without_database.head("/healthz")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json() == {"error": {"code": "unavailable", "message": "Service Unavailable"}}
    assert (head.status_code, head["Retry-After"], head.content) == (503, "5", b"")


def test_a_session_of_the_database_that_ended_is_503_once_and_then_all_is_well(browser: Client) -> None:
    browser.get("/track/")
    with pytest.raises(OperationalError):
        execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert browser.get("/track/").status_code == 503
    connection.close_if_unusable_or_obsolete()  # the server does so before each request, the test client does not
    assert browser.get("/track/").status_code == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError(), 503), (InterfaceError(), 503), (DataError(), 500), (RuntimeError(), 500)],
)
def test_only_a_database_that_is_away_is_503(
    browser: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    monkeypatch.setattr(clock, "now", failing(error))

    page = browser.get("/track/")

    assert page.status_code == status
    assert ("Retry-After" in page) == (status == 503)
    assert ("我们这边出了问题" in page.text) == (status == 500)


def test_a_session_that_cannot_be_saved_is_503_and_the_answers_are_kept(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = a_draft(phone="", phone_hash="")
    browser = a_browser(draft=draft)
    browser.raise_request_exception = False
    monkeypatch.setattr(SessionStore, "save", failing(OperationalError()))

    page = browser.post("/file/you/", {**ANSWERS["you"], "send_code": "1"})

    draft.refresh_from_db()
    assert page.status_code == 503
    assert draft.phone == ZHANG_PHONE


def test_who_waits_too_long_for_another_is_asked_to_come_back(browser: Client) -> None:
    draft = a_draft()
    filer = a_browser(draft=draft)
    filer.raise_request_exception = False
    execute("SET lock_timeout = '50ms'")

    with as_owner() as other:
        other.execute("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [draft.chain])
        page = filer.post("/file/deal/", ANSWERS["deal"])

    assert (page.status_code, page["Retry-After"]) == (503, "5")
