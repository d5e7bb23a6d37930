"""A buyer files in a real browser: a small phone, WeChat's own browser, with and without JavaScript."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import BrowserContext, Locator, Page, Request, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from complaints.models import Complaint
from microguard.core import clock
from microguard.runner.browser import NAMES
from microguard.runner.environment import HOST, ROOT, free_port
from microguard.runner.programs import is_healthy, web
from tests.cases import STORY, a_picture
from tests.visitors import last_code

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 667}
WECHAT = (
    "Mozilla/5.0 (Linux; Android 12; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 "
    "Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.50.2701(0x28003252) WeChat/arm64 NetType/4G Language/zh_CN"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
SCREENS = ["seller", "deal", "problem", "want", "evidence", "you", "check"]
NUMBER = re.compile(r"MG-[0-9A-Z]{4}-[0-9A-Z]{4}")
PATIENCE = 15.0


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
            end = time.monotonic() + PATIENCE
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


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visit(
    request: pytest.FixtureRequest, committed: None, site: str, chromium: Any, django_db_blocker: DjangoDbBlocker
) -> Iterator[Visit]:
    with a_visit(chromium, site, has_script=request.param) as visit:
        yield visit


def name_the_seller(visit: Visit) -> None:
    visit.page.get_by_role("link", name="我要投诉").click()
    visit.arrive("seller", at="**/file/")
    visit.page.get_by_label("微信号", exact=True).check()
    visit.type("卖家的微信号、手机号或名称", "shoes_2026")
    visit.go_on()


def tell_the_deal(visit: Visit) -> None:
    visit.arrive("deal")
    visit.type("买了什么？", "运动鞋")
    visit.type("付了多少钱？", "128")
    visit.page.get_by_label("什么时候付的？").fill(str(clock.day_of(clock.now()) - timedelta(days=3)))
    visit.page.get_by_label("微信转账").check()
    visit.go_on()


def tell_the_problem(visit: Visit) -> None:
    visit.arrive("problem")
    visit.page.get_by_label("质量不好或坏了").check()
    visit.type("说说经过", STORY)
    visit.go_on()
    visit.arrive("want")
    visit.page.get_by_label("退款", exact=True).first.check()
    visit.go_on()


def upload_three_pictures(visit: Visit, folder: Path) -> None:
    visit.arrive("evidence")
    for number in range(1, 4):
        path = folder / f"screenshot-{number}.png"
        path.write_bytes(a_picture(shade=number * 20).read())
        visit.page.get_by_label("拍照或选文件").set_input_files(path)
        visit.button("上传").click()
        visit.page.get_by_text(path.name).first.wait_for()
    assert visit.page.get_by_role("list", name="已上传的文件").get_by_role("listitem").count() == 3
    visit.check()
    visit.go_on()


def prove_the_phone(visit: Visit) -> None:
    visit.arrive("you")
    visit.type("您的姓名", "张三")
    visit.type("您的手机号", "13800000000")
    visit.page.get_by_label("您住在哪里？").select_option(label="深圳市")
    visit.button("获取验证码").click()
    visit.page.get_by_label("短信验证码").wait_for()
    visit.check()
    visit.type("短信验证码", last_code())
    visit.go_on()


def file_by_a_double_tap(visit: Visit) -> str:
    """Tick, tap twice, and return the case number on the receipt."""
    visit.arrive("check")
    visit.page.get_by_label("我说的是实话，同意把投诉发给卖家").check()
    visit.page.get_by_label("我知道，已经在这里办理的纠纷").check()
    visit.button("提交投诉").dblclick()
    visit.page.wait_for_url("**/file/done/**")
    visit.check()
    return NUMBER.search(visit.page.locator("article.receipt").inner_text()).group()


def test_a_buyer_files_on_seven_screens(visit: Visit, tmp_path: Path) -> None:
    name_the_seller(visit)
    tell_the_deal(visit)
    tell_the_problem(visit)
    upload_three_pictures(visit, tmp_path)
    prove_the_phone(visit)
    number = file_by_a_double_tap(visit)

    complaint = Complaint.objects.filed().get()
    assert complaint.number == number
    assert complaint.evidence.count() == 3
    assert visit.screens == SCREENS
    assert visit.typed <= 7

    receipt = visit.page.locator("article.receipt")
    box = receipt.bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    assert re.search(r"\d+月\d+日（周.）", receipt.inner_text())
    assert receipt.get_by_role("img").bounding_box()["width"] >= 100

    for _tap in SCREENS:  # a resubmission prompt would be a page that cannot be read
        visit.page.go_back()
        assert "MicroGuard" in visit.page.title()
    visit.page.goto(f"{visit.site}/file/you/")
    assert visit.page.url == f"{visit.site}/file/done/{number}/"


def test_mistakes_get_the_focus_and_lose_nothing(committed: None, site: str, chromium: Any) -> None:
    with a_visit(chromium, site, has_script=True) as visit:
        visit.page.goto(f"{site}/file/")
        visit.go_on()
        _summary(visit, "请至少填一项")
        visit.type("卖家的微信号、手机号或名称", "shoes_2026")
        visit.go_on()
        visit.arrive("deal")
        visit.type("买了什么？", "运动鞋")
        visit.type("付了多少钱？", "12a")
        visit.go_on()
        _summary(visit, "金额只能是数字，最多两位小数。")
        assert visit.page.get_by_label("买了什么？").input_value() == "运动鞋"
        assert visit.page.get_by_label("付了多少钱？").input_value() == "12a"
        visit.page.get_by_role("alert").get_by_role("link", name="金额只能是数字").click()
        assert visit.page.evaluate("document.activeElement.id") == "id_amount_fen"


def _summary(visit: Visit, sentence: str) -> None:
    """Pass when the page says what is wrong, in its title and first of all."""
    visit.page.get_by_role("alert").get_by_text(sentence).wait_for()
    assert visit.page.title().startswith("错误：")
    assert visit.page.evaluate("document.activeElement.className") == "errors"
    visit.check()
