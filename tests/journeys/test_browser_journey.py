"""A buyer files in a real browser: a small phone, WeChat's own browser, with and without JavaScript."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from complaints.models import Complaint
from microguard.core import clock
from tests.cases import STORY, a_picture
from tests.journeys.visits import PHONE, Visit, a_visit
from tests.visitors import last_code

pytestmark = pytest.mark.browser
SCREENS = ["seller", "deal", "problem", "want", "evidence", "you", "check"]
NUMBER = re.compile(r"MG-[0-9A-Z]{4}-[0-9A-Z]{4}")


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
