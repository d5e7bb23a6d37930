"""A real web server on this worker's database, and a real browser."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from microguard.runner.browser import NAMES
from microguard.runner.environment import HOST, ROOT, free_port
from microguard.runner.programs import is_healthy, web
from tests.journeys.visits import PATIENCE

SERVED_WITHIN = 60.0  # a busy machine takes its time to start a server
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real web server on this worker's database."""
    port, var = free_port(), tmp_path_factory.mktemp("site")
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    name = settings.DATABASES["default"]["NAME"]
    variables = {
        **{key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"},
        "DATABASE_URL": f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else ""),
        "MICROGUARD_VAR": str(var),
        "MICROGUARD_BASE_URL": f"http://{HOST}:{port}",
        "MICROGUARD_DEMO": "0",
    }
    command = [sys.executable, "-m", *web(f"{HOST}:{port}")]
    with (var / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
        try:
            end = time.monotonic() + SERVED_WITHIN
            while not is_healthy(port):
                assert server.poll() is None, (var / "log").read_text()
                assert time.monotonic() < end, (var / "log").read_text()
                time.sleep(0.1)
            yield variables["MICROGUARD_BASE_URL"]
        finally:
            server.terminate()
            server.wait(PATIENCE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    given = os.environ.get("MICROGUARD_BROWSER")
    path = given or next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        assert os.environ.get("MICROGUARD_REQUIRE_BROWSER") != "1", "a browser is required and there is none"
        pytest.skip("no Chromium or Chrome was found")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django would take our own queries for asynchronous ones.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
