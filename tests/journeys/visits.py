"""A phone with a real browser on its way through the site, and what every page it opens must keep."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, Request

PHONE = {"width": 375, "height": 667}
WECHAT = (
    "Mozilla/5.0 (Linux; Android 12; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 "
    "Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.50.2701(0x28003252) WeChat/arm64 NetType/4G Language/zh_CN"
)
PATIENCE = 15.0


@dataclass
class Visit:
    """One phone on its way through the site: the page, what was asked of whom, and what was complained about."""

    page: Page
    site: str
    has_script: bool
    screens: list[str] = field(default_factory=list)
    typed: int = 0
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note every word in the console, every failure and every request to another host."""
        self.page.on("console", lambda message: self._note(message.type in {"error", "warning"}, message.text))
        self.page.on("pageerror", lambda error: self._note(True, str(error)))
        self.page.on("response", lambda answer: self._note(answer.status >= 500, f"{answer.status} {answer.url}"))
        self.page.on("request", self._look_at)

    def _note(self, is_bad: bool, text: str) -> None:
        # The browser itself writes every 422 of a form into the console.
        if is_bad and "status of 422" not in text:
            self.complaints.append(text)

    def _look_at(self, request: Request) -> None:
        address = urlsplit(request.url)
        own = address.netloc == urlsplit(self.site).netloc or address.scheme == "data"
        self._note(not own, f"asked another host: {request.url}")

    def arrive(self, slug: str, *, at: str = "") -> None:
        """Pass when this screen is shown and anybody can use it."""
        self.page.wait_for_url(at or f"**/file/{slug}/")
        self.screens.append(slug)
        self.check()

    def check(self) -> None:
        """Pass when the page has no serious accessibility finding and does not scroll sideways."""
        if not self.has_script:
            return
        found = Axe().run(self.page).response["violations"]
        grave = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}]
        assert grave == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], self.page.url

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)
        self.typed += 1

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def go_on(self) -> None:
        self.button("继续").click()


@contextmanager
def a_visit(chromium: Any, site: str, *, has_script: bool) -> Iterator[Visit]:
    """A phone opens the home page; it must have nothing to complain about in the end."""
    phone: BrowserContext = chromium.new_context(
        viewport=PHONE,
        user_agent=WECHAT,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=True,
        has_touch=True,
        java_script_enabled=has_script,
    )
    phone.set_default_timeout(PATIENCE * 1000)
    visit = Visit(phone.new_page(), site, has_script)
    visit.watch()
    visit.page.goto(site)
    visit.check()
    try:
        yield visit
    finally:
        phone.close()
    assert visit.complaints == []
