"""The buyer's part of the tour: a complaint filed on seven screens with three screenshots."""

import io
import re
from typing import Any

from PIL import Image

from microguard.demo.people import BUYER_PHONE
from microguard.demo.tour.script import Tour
from microguard.demo.tour.visitor import Form, Page, Unexpected, Visitor


def screenshot(shade: int) -> tuple[str, bytes]:
    """Return a drawn picture; another shade makes another file."""
    out = io.BytesIO()
    Image.new("RGB", (360, 640), (shade % 256, 180, 160)).save(out, "PNG")
    return f"screenshot-{shade}.png", out.getvalue()


def step(visitor: Visitor, slug: str, *names: str) -> tuple[Page, Form]:
    """Open a step of the wizard and return it with its form."""
    page = visitor.get(f"/file/{slug}/").expect()
    return page, page.form(*names)


def file_complaint(tour: Tour, buyer: Visitor, *, handle: str, item: str, amount: str, paid: str) -> str:
    """File a complaint as the demo's buyer, double tap included, and return its case number."""
    with tour.step("a seller known by a WeChat ID", "buyer"):
        page = buyer.get("/file/").expect()
        buyer.send(page, page.form("named_by", "value"), named_by="wechat_id", value=handle).expect()
    with tour.step("the deal, with a typing error put right", "buyer"):
        page, form = step(buyer, "deal", "item", "amount_fen")
        answers: dict[str, Any] = {"item": item, "paid_date": paid, "paid_by": "WECHAT_TRANSFER"}
        wrong = buyer.send(page, form, amount_fen="12a", **answers).expect(item, status=422)
        buyer.send(wrong, wrong.form("item", "amount_fen"), amount_fen=amount).expect()
    with tour.step("what went wrong and what is wanted", "buyer"):
        page, form = step(buyer, "problem", "problem", "story")
        story = "穿了一天就开胶了，发消息卖家不理我，已经三天了。"
        buyer.send(page, form, problem="DEFECT", story=story).expect()
        page, form = step(buyer, "want", "kinds")
        buyer.send(page, form, kinds=["REFUND"]).expect()
    with tour.step("three screenshots", "buyer"):
        page, form = step(buyer, "evidence", "kind")
        pictures = [screenshot(shade) for shade in (90, 140, 190)]
        page = buyer.send(page, form, files={"files": pictures}, kind="CHAT").expect()
        if page.text.count("/remove/") != 3:
            raise Unexpected("three uploaded files are not listed")
    with tour.step("a phone proven by a code", "buyer"):
        page, form = step(buyer, "you", "complainant_name", "phone")
        you: dict[str, Any] = {"complainant_name": "张三", "phone": BUYER_PHONE, "division": "440300"}
        page = buyer.send(page, form, button="send_code", **you).expect()
        if "/file/check/" not in page.url:  # not proven yet in this session
            buyer.send(page, page.form("code"), code=tour.code_for(BUYER_PHONE)).expect()
    with tour.step("filed once by a double tap", "buyer"):
        page = buyer.get("/file/check/").expect()
        form = page.form("truth", "key")
        ticks: dict[str, Any] = {"truth": "on", "platform": "on", "regulator": "on", "bar_known": "on"}
        done = buyer.send(page, form, **ticks).expect()
        number = case_number(done.url)
        again = buyer.send(page, form, **ticks).expect()
        if case_number(again.url) != number:
            raise Unexpected("the double tap made another complaint")
    tour.cases.append(number)
    with tour.step("the receipt shows the number and the next dates", "buyer"):
        done.expect(number, "<time")
        tour.visitor().get(f"/c/{number}/").expect(status=404)
    return number


def case_number(url: str) -> str:
    """Return the case number in an address.

    :raises Unexpected: when there is none
    """
    found = re.search(r"MG-\w{4}-\w{4}", url)
    if not found:
        raise Unexpected(f"no case number in {url}")
    return found.group()
