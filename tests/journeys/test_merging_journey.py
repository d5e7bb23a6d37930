"""Li merges two profiles at the desk in a real browser, by keyboard, and takes it back."""

from typing import Any

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from merchants.models import Merchant
from merchants.selectors import profiles_of
from tests.cases import a_seller
from tests.journeys.visits import PATIENCE, Visit
from tests.people import hire_office
from tests.visitors import at_desk

pytestmark = pytest.mark.browser
CODE, NAME = ("payment_qr", "wxp://f2f0-one-code-of-two"), ("nickname", "小王鞋店")


def at_work(chromium: Any, site: str, session: str) -> Visit:
    """The desk's screen, on which this session has signed in."""
    screen = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    screen.set_default_timeout(PATIENCE * 1000)
    screen.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    visit = Visit(screen.new_page(), site, has_script=True)
    visit.watch()
    return visit


def test_two_profiles_are_merged_and_taken_apart_again(
    committed: None, site: str, chromium: Any, django_db_blocker: DjangoDbBlocker
) -> None:
    office = hire_office()
    shop, small_account = a_seller(CODE, NAME), a_seller(CODE, NAME)
    visit = at_work(chromium, site, at_desk(office.li_officer).cookies[settings.SESSION_COOKIE_NAME].value)
    page = visit.page

    page.goto(f"{site}/desk/merchants/merchant/{shop.pk}/change/")
    page.get_by_role("link", name="是同一个卖家", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("为什么？").fill("太短")
    page.get_by_role("button", name="是同一个卖家").press("Enter")
    page.locator(".errors").wait_for()
    assert page.get_by_label("为什么？").input_value() == "太短"
    page.get_by_label("为什么？").fill("收款码一样，买家确认两个账号是同一个人。")
    page.get_by_role("button", name="是同一个卖家").press("Enter")
    page.get_by_text("已合并，随时可以撤销。").wait_for()
    merged = profiles_of(shop.pk)
    page.get_by_role("button", name="撤销合并").press("Enter")
    page.get_by_text("已撤销，一切恢复原样。").wait_for()

    assert merged == [shop.pk, small_account.pk]
    assert profiles_of(shop.pk) == [shop.pk]
    assert Merchant.objects.filter(merged_into__isnull=False).count() == 0
    assert visit.complaints == []
    page.context.close()
