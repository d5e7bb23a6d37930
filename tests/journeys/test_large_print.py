"""Large print for older readers in a real browser: what the switch changes is what the screen shows."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.visits import PHONE, Visit, a_visit

pytestmark = pytest.mark.browser
SMALLEST_TARGET = 60
MAIN_CONTROLS = (
    ".task, .button, .choice > span, input:not([type=hidden]):not([type=radio]), .header a, .header button"
)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visit(request: pytest.FixtureRequest, committed: None, site: str, chromium: Any) -> Iterator[Visit]:
    with a_visit(chromium, site, has_script=request.param) as visit:
        yield visit


def size_of(visit: Visit, selector: str) -> str:
    """The computed font size of the first element."""
    return visit.page.locator(selector).first.evaluate("element => getComputedStyle(element).fontSize")


def sizes(visit: Visit) -> dict[str, str]:
    return {selector: size_of(visit, selector) for selector in ("body", "h1", ".footer", ".task strong")}


def low_targets(visit: Visit) -> list[str]:
    """Main controls that are lower than a finger of an older reader needs."""
    return [
        control.evaluate("element => element.outerHTML")
        for control in visit.page.locator(MAIN_CONTROLS).all()
        if control.is_visible() and control.bounding_box()["height"] < SMALLEST_TARGET
    ]


def test_the_switch_enlarges_text_and_targets_and_back(visit: Visit) -> None:
    normal = {"body": "17px", "h1": "24px", ".footer": "15px", ".task strong": "20px"}
    assert sizes(visit) == normal
    assert _first_way_ends_at(visit) <= PHONE["height"]

    visit.button("长辈版").click()

    visit.page.wait_for_selector("body.care")
    assert sizes(visit) == {"body": "22px", "h1": "30px", ".footer": "18px", ".task strong": "27px"}
    assert visit.page.locator(".task").count() == 4
    assert low_targets(visit) == []
    assert _first_way_ends_at(visit) <= PHONE["height"]

    visit.page.get_by_role("link", name="我要投诉").click()
    visit.page.wait_for_url("**/file/")
    assert size_of(visit, "body") == "22px"
    assert low_targets(visit) == []
    visit.check()

    visit.button("标准版").click()
    visit.page.wait_for_selector("body:not(.care)")
    assert visit.page.url == f"{visit.site}/file/"


def _first_way_ends_at(visit: Visit) -> float:
    box = visit.page.locator(".task").first.bounding_box()
    return float(box["y"] + box["height"])


@pytest.mark.parametrize("large", [False, True], ids=["normal size", "large print"])
def test_public_pages_are_for_everybody(large: bool, committed: None, site: str, chromium: Any) -> None:
    with a_visit(chromium, site, has_script=True) as visit:
        if large:
            visit.button("长辈版").click()
            visit.page.wait_for_selector("body.care")
        for path in (
            "/",
            "/governance/",
            "/stats/",
            "/rules/",
            "/routes/",
            "/en/",
            "/en/governance/",
            "/en/stats/",
            "/en/rules/",
            "/en/routes/",
        ):
            visit.page.goto(site + path)
            assert visit.page.locator("body.care").count() == large
            visit.check()
            assert visit.page.get_by_role("main").get_by_role("heading", level=1).count() == 1


def test_large_print_is_light_whatever_the_device_prefers(committed: None, site: str, chromium: Any) -> None:
    with a_visit(chromium, site, has_script=True) as visit:
        visit.page.emulate_media(color_scheme="dark")
        assert _ground(visit) == "rgb(18, 21, 19)"

        visit.button("长辈版").click()
        visit.page.wait_for_selector("body.care")

        assert _ground(visit) == "rgb(246, 247, 246)"
        visit.check()


def _ground(visit: Visit) -> str:
    return visit.page.locator("body").evaluate("element => getComputedStyle(element).backgroundColor")
