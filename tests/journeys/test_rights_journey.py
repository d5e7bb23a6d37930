"""Know your rights on a phone, with and without JavaScript: five taps to what may be claimed."""

from typing import Any

import pytest

from tests.journeys.visits import PHONE, Visit, a_visit

pytestmark = pytest.mark.browser
CHOICES = (
    "朋友圈或私聊里，经常卖货的人",
    "衣服、电器、首饰、母婴等用品",
    "怀疑是假货",
    "品牌方、鉴定或检测说是假的",
    "微信转账、红包或扫收款码",
)


def choose(visit: Visit, label: str) -> None:
    visit.page.get_by_text(label, exact=True).click()
    if label == CHOICES[-1]:
        visit.type("付了多少钱？", "128")
    visit.go_on()


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_fake_in_five_questions(has_script: bool, committed: None, site: str, chromium: Any) -> None:
    with a_visit(chromium, site, has_script=has_script) as visit:
        visit.page.get_by_role("link", name="不知道能要求什么").click()
        for number, label in enumerate(CHOICES, start=1):
            visit.page.get_by_text(f"第{number}题，最多6题").wait_for()
            if number in (1, 5):
                visit.check()
            choose(visit, label)
        visit.page.wait_for_url("**/rights/result/?*")
        visit.check()

        assert visit.page.get_by_text("¥384.00").is_visible()
        assert not visit.page.get_by_text("第五十五条").first.is_visible()
        copy = visit.page.locator("[data-copies]")
        assert copy.is_visible() == has_script
        if has_script:
            copy.click()
            visit.page.get_by_text("已复制").wait_for()
        assert visit.page.context.cookies() == []


def test_the_last_choice_of_the_first_question_is_seen_without_scrolling(
    committed: None, site: str, chromium: Any
) -> None:
    with a_visit(chromium, site, has_script=True) as visit:
        visit.page.goto(f"{site}/rights/goods/?where=moments")
        bar = visit.page.locator(".bar.is-sticky").bounding_box()["y"]
        last = visit.page.locator(".choice").last.bounding_box()

        assert last["y"] + last["height"] <= bar < PHONE["height"]


def test_looks_before_paying_fit_one_screen(committed: None, site: str, chromium: Any) -> None:
    with a_visit(chromium, site, has_script=True) as visit:
        visit.page.goto(f"{site}/before-you-pay/")
        visit.check()
        last = visit.page.locator(".checks > li").last.bounding_box()

        assert visit.page.locator(".checks > li").count() == 5
        assert last["y"] + last["height"] <= PHONE["height"]
