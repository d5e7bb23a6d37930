"""The cases that the pictures show, brought to their stages over HTTP as their people would do it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from microguard.demo.people import BUYER_PHONE, SELLER_PHONE
from microguard.demo.tour.filing import file_complaint, screenshot
from microguard.demo.tour.journey import act, enter_by_link, haggle, link_of, sign, today, workbench
from microguard.demo.tour.script import Tour
from microguard.demo.tour.visitor import Visitor

Shoot = Callable[[str, str, str], None]  # name, role, path


@dataclass(frozen=True)
class Scenes:
    """What the pages are about: cases by stage, how a date was computed, a live link, somebody in mid-filing.

    Of the town's registry: a seller's public record, and at the desk one with a candidate and a chain of agents.
    """

    offered: str
    date: str
    mediated: str
    agreed: str
    undecided: str
    link: str
    workbench: str
    record: str
    alike: str
    chain: str
    filer: Visitor


def one_case(tour: Tour, shoot: Shoot) -> None:
    """Play one case from filing to money paid back, with a picture at each of its six turns."""
    buyer, officer = tour.visitor(), tour.somebody("officer")
    shoot("case-1-filing", "", "/file/")
    number = _filed(tour, buyer, "demo_shoes", "运动鞋", "128")
    shoot("case-2-receipt", "buyer", f"/file/done/{number}/")
    link = _invited(tour, officer, number)
    shoot("case-3-link", "", link)
    seller = enter_by_link(tour, link, number)
    page = seller.get(f"/c/{number}/offers/").expect()
    seller.send(page, page.form("amount_fen"), amount_fen="64", pay_within_days="7").expect()
    shoot("case-4-offer", "buyer", f"/c/{number}/offers/")
    haggle(tour, buyer, seller, number)
    shoot("case-5-agreement", "buyer", f"/c/{number}/settlement/")
    _sign_both(tour, buyer, seller, number)
    page = seller.get(f"/c/{number}/performance/").expect()
    seller.send(page, page.form("proof"), files={"proof": [screenshot(17)]}).expect()
    page = buyer.get(f"/c/{number}/performance/").expect()
    buyer.send(page, page.form("received"), button="received").expect()
    shoot("case-6-paid", "buyer", f"/c/{number}/")


def set_the_scenes(tour: Tour) -> Scenes:
    """Bring the cases of the other pictures to their stages."""
    buyer, officer, mediator = tour.visitor(), tour.somebody("officer"), tour.somebody("mediator")
    offered = _filed(tour, buyer, "demo_bags", "帆布包", "260")
    seller = enter_by_link(tour, _invited(tour, officer, offered), offered)
    page = seller.get(f"/c/{offered}/offers/").expect()
    seller.send(page, page.form("amount_fen"), amount_fen="130", pay_within_days="7").expect()
    agreed = _filed(tour, buyer, "demo_tea", "普洱茶", "399")
    seller = enter_by_link(tour, _invited(tour, officer, agreed), agreed)
    haggle(tour, buyer, seller, agreed)
    _sign_both(tour, buyer, seller, agreed)
    mediated = _filed(tour, buyer, "demo_cake", "生日蛋糕", "188")
    seller = enter_by_link(tour, _invited(tour, officer, mediated), mediated)
    _mediate(buyer, seller, mediator, mediated)
    undecided = _filed(tour, buyer, "demo_toys", "积木玩具", "79")
    silent = _filed(tour, buyer, "demo_mask", "面膜", "68")
    link = _invited(tour, officer, silent)
    desk = workbench(officer, mediated).url.partition("/desk/")[2]
    links = buyer.get(f"/c/{offered}/").expect().links
    date = next(link for link in links if "/deadlines/" in link)
    return Scenes(
        offered,
        date,
        mediated,
        agreed,
        undecided,
        link,
        f"/desk/{desk}",
        _record_of(tour, "demo_jiafa_chensi"),
        _seller_at_desk(officer, "demo_chashan_ahe"),
        _seller_at_desk(officer, "demo_yanzhi_zongdai"),
        _in_mid_filing(tour),
    )


def _record_of(tour: Tour, handle: str) -> str:
    """Return the public page of a seller, as a visitor finds it by an exact handle."""
    visitor = tour.visitor()
    page = visitor.get("/sellers/").expect()
    found = visitor.send(page, page.form("handle"), handle=handle).expect()
    return next(link for link in found.links if link.startswith("/s/"))


def _seller_at_desk(officer: Visitor, handle: str) -> str:
    """Return the page of a seller at the desk, as an officer finds it by an exact handle."""
    found = officer.get(f"/desk/merchants/merchant/?q={handle}").expect()
    return next(
        link for link in found.links if link.startswith("/desk/merchants/merchant/") and "/change/" in link
    )


def _filed(tour: Tour, buyer: Visitor, handle: str, item: str, amount: str) -> str:
    paid = str(today(tour) - timedelta(days=3))
    return file_complaint(tour, buyer, handle=handle, item=item, amount=amount, paid=paid)


def _invited(tour: Tour, officer: Visitor, number: str) -> str:
    act(officer, number, "accept", merchant="new")
    link = link_of(tour, officer, number)
    act(officer, number, "invited")
    return link


def _sign_both(tour: Tour, buyer: Visitor, seller: Visitor, number: str) -> None:
    sign(tour, buyer, number, "buyer", BUYER_PHONE, "张三")
    sign(tour, seller, number, "seller", SELLER_PHONE, "陈四")


def _mediate(buyer: Visitor, seller: Visitor, mediator: Visitor, number: str) -> None:
    page = seller.get(f"/c/{number}/reply/").expect()
    seller.send(page, page.form("answer"), answer="contest", reason="蛋糕是按顾客要求做的，不能退全款。").expect()
    page = buyer.get(f"/c/{number}/").expect()
    buyer.send(page, page.form(action="/mediation/ask/")).expect()
    page = seller.get(f"/c/{number}/mediation/").expect()
    seller.send(page, page.form("answer"), answer="yes").expect()
    act(mediator, number, "take")
    act(mediator, number, "declare")
    act(mediator, number, "message", text="两位好，我看了材料，先听听双方的想法。")
    page = buyer.get(f"/c/{number}/room/").expect()
    buyer.send(page, page.form("text", "key"), text="字写错了，我只想退一部分钱。").expect()
    proposal: dict[str, Any] = {
        "amount_fen": "90",
        "pay_within_days": "7",
        "reasons": "字写错了，蛋糕已经吃了，折中退一半。",
    }
    act(mediator, number, "propose", **proposal)


def _in_mid_filing(tour: Tour) -> Visitor:
    """Return somebody who has answered every question and not filed yet."""
    filer = tour.somebody("buyer")
    page = filer.get("/file/").expect()
    filer.send(page, page.form("named_by", "value"), named_by="wechat_id", value="demo_fruit").expect()
    answers: tuple[tuple[str, dict[str, Any]], ...] = (
        ("deal", {"item": "草莓两箱", "amount_fen": "76", "paid_date": str(today(tour)), "paid_by": "RED_PACKET"}),
        ("problem", {"problem": "DEFECT", "story": "收到的时候下面一层全烂了，群主说是快递的事，不给退。"}),
        ("want", {"kinds": ["REFUND"]}),
    )
    for slug, given in answers:
        page = filer.get(f"/file/{slug}/").expect()
        filer.send(page, page.form(*given), **given).expect()
    page = filer.get("/file/evidence/").expect()
    filer.send(page, page.form("kind"), files={"files": [screenshot(90), screenshot(140)]}, kind="GOODS").expect()
    page = filer.get("/file/you/").expect()
    you: dict[str, Any] = {"complainant_name": "张三", "phone": BUYER_PHONE, "division": "440300"}
    filer.send(page, page.form("complainant_name", "phone"), button="send_code", **you).expect()
    return filer
