"""The tour's three cases: settled between the two, mediated after silence, settled in one phone call."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from disputes.states import Outcome, State
from microguard.demo.people import BUYER_PHONE, SELLER_PHONE
from microguard.demo.tour.filing import file_complaint, screenshot
from microguard.demo.tour.script import Tour
from microguard.demo.tour.visitor import Page, Unexpected, Visitor

PHONE_BUYER = "13600000005"
A_MINUTE = 1.1 / 60  # hours
DESK = "/desk/complaints/complaint/"


def play(tour: Tour) -> None:
    """Play all cases; the first step that does not hold ends the tour."""
    negotiated(tour)
    mediated(tour)
    undecided(tour)
    by_phone(tour)
    regulator(tour)


def today(tour: Tour) -> date:
    """Return the demo's day."""
    page = tour.visitor().post_json("/demo/clock/", b'{"advance_hours": 0}').expect()
    return datetime.fromisoformat(re.findall(r'"now": "([^"]+)"', page.text)[0]).date()


def workbench(officer: Visitor, number: str) -> Page:
    """Open a case at the desk, found by its number."""
    found = officer.get(f"{DESK}?q={number}").expect(number)
    row = next((link for link in found.links if re.search(rf"{DESK}\d+/change/", link)), None)
    if row is None:
        raise Unexpected(f"the desk does not find {number}")
    return officer.get(row).expect(number)


def act(officer: Visitor, number: str, deed: str, **given: Any) -> Page:
    """Do one step of the case at the desk: open its page if it asks for something, fill it in and send it."""
    page = workbench(officer, number)
    address = next((link for link in page.links if f"/do/{deed}/" in link), "")
    if address:
        page = officer.get(address).expect()
    return officer.send(page, page.form(*given, action="" if address else f"/do/{deed}/"), **given).expect()


def negotiated(tour: Tour) -> None:
    """The first case: half is offered, more is asked, agreed, signed by both, paid, confirmed, closed."""
    buyer, officer = tour.visitor(), tour.somebody("officer")
    day = today(tour)
    number = file_complaint(
        tour, buyer, handle="shoes_2026", item="运动鞋", amount="128", paid=str(day - timedelta(days=3))
    )
    with tour.step("the officer asks for one thing more", "officer"):
        workbench(officer, number)
        act(officer, number, "ask", question="请补充一张付款截图，看得清金额和时间。")
    with tour.step("the buyer answers with a picture", "buyer"):
        tour.mail_about(number, BUYER_PHONE, f"/c/{number}/")
        page = buyer.get(f"/c/{number}/inform/").expect("付款截图")
        buyer.send(page, page.form("answer"), files={"file": [screenshot(251)]}, answer="这是付款截图。").expect()
    with tour.step("the officer accepts; the registry gets an unclaimed seller", "officer"):
        act(officer, number, "accept", merchant="new")
        if "/desk/merchants/merchant/" not in workbench(officer, number).text:
            raise Unexpected("the case does not lead to its seller")
    with tour.step("the seller's link is made and sent by WeChat", "officer"):
        link = link_of(tour, officer, number)
        act(officer, number, "invited")
    seller = enter_by_link(tour, link, number)
    haggle(tour, buyer, seller, number)
    sign(tour, buyer, number, "buyer", BUYER_PHONE, "张三")
    sign(tour, seller, number, "seller", SELLER_PHONE, "陈四")
    with tour.step("the seller pays and uploads proof", "seller"):
        page = seller.get(f"/c/{number}/performance/").expect()
        seller.send(page, page.form("proof"), files={"proof": [screenshot(17)]}).expect()
    with tour.step("the buyer confirms; the case closes as performed", "buyer"):
        page = buyer.get(f"/c/{number}/performance/").expect()
        buyer.send(page, page.form("received"), button="received").expect()
        workbench(officer, number).expect(str(Outcome.PERFORMED.label))


def link_of(tour: Tour, officer: Visitor, number: str) -> str:
    """Make the seller's link at the desk, once the worker has opened the dispute."""
    tour.until(lambda: "/do/link/" in workbench(officer, number).text, "the dispute")
    found: list[str] = re.findall(r"/r/[\w-]{20,}/", act(officer, number, "link").text)
    return found[0]


def enter_by_link(tour: Tour, link: str, number: str) -> Visitor:
    """The seller opens the link and proves a phone; the used link offers a new one."""
    seller = tour.visitor()
    with tour.step("the seller opens the link and proves a phone", "seller"):
        page = seller.get(link).expect("张*")
        tour.advance(A_MINUTE)
        page = seller.send(page, page.form("phone"), button="send_code", phone=SELLER_PHONE).expect()
        code = tour.code_for(SELLER_PHONE)
        page = seller.send(page, page.form("phone", "code"), phone=SELLER_PHONE, code=code).expect()
        page.expect(number)
    with tour.step("a link used twice says so and offers a new one", "seller"):
        dead = tour.visitor().get(link).expect(status=410)
        dead.form("phone", "renew")
    return seller


def haggle(tour: Tour, buyer: Visitor, seller: Visitor, number: str) -> None:
    """The seller offers half, the buyer asks for more, the seller accepts."""
    with tour.step("the seller offers half", "seller"):
        page = seller.get(f"/c/{number}/offers/").expect()
        seller.send(page, page.form("amount_fen"), amount_fen="64", pay_within_days="7").expect()
    with tour.step("the buyer counters", "buyer"):
        page = buyer.get(f"/c/{number}/offers/").expect("¥64.00")
        buyer.send(page, page.form("amount_fen"), amount_fen="96", pay_within_days="7").expect()
    with tour.step("the seller accepts", "seller"):
        page = seller.get(f"/c/{number}/offers/").expect("¥96.00")
        accept = next(link for link in page.links if link.endswith("/accept/"))
        page = seller.get(accept).expect("¥96.00")
        seller.send(page, page.form(action="/accept/")).expect("¥96.00")


def sign(tour: Tour, party: Visitor, number: str, role: str, phone: str, name: str) -> None:
    """One side reads the numbered sentences and signs by code."""
    with tour.step("the agreement is signed by code", role):
        page = party.get(f"/c/{number}/settlement/").expect("<ol")
        tour.advance(A_MINUTE)  # a phone gets no second code within one
        page = party.send(page, page.form("send_code"), button="send_code").expect()
        code = tour.code_for(phone)
        party.send(page, page.form("digest", "name", "code"), read="on", name=name, code=code).expect()


def mediated(tour: Tour) -> None:
    """The second case: silence, mediation, a proposal that both accept, signed and in force."""
    buyer, officer, mediator = tour.visitor(), tour.somebody("officer"), tour.somebody("mediator")
    day = today(tour)
    number = file_complaint(
        tour, buyer, handle="bags_vip", item="帆布包", amount="260", paid=str(day - timedelta(days=5))
    )
    with tour.step("accepted; the invitation reached the seller", "officer"):
        act(officer, number, "accept", merchant="new")
        link = link_of(tour, officer, number)
        act(officer, number, "invited")
    with tour.step("the seller is silent; the worker offers mediation and tells the buyer", "worker"):
        tour.advance(24 * 20)
        tour.mail_about(number, BUYER_PHONE)
        tour.until(
            lambda: str(State.MEDIATION_OFFERED.label) in workbench(officer, number).text, "the offer of mediation"
        )
    buyer = signed_in_again(tour, buyer, BUYER_PHONE, number)
    with tour.step("the buyer agrees to mediation", "buyer"):
        page = buyer.get(f"/c/{number}/mediation/").expect()
        buyer.send(page, page.form("answer"), answer="yes").expect()
    seller = enter_by_link(tour, link, number)
    with tour.step("the seller agrees to mediation", "seller"):
        page = seller.get(f"/c/{number}/mediation/").expect()
        seller.send(page, page.form("answer"), answer="yes").expect()
    with tour.step("a mediator takes the case and declares to be impartial", "mediator"):
        act(mediator, number, "take")
        act(mediator, number, "declare")
    with tour.step("the mediator writes to both in the joint room", "mediator"):
        act(mediator, number, "message", text="两位好，我看了材料，先听听双方的想法。")
        for party in (buyer, seller):
            party.get(f"/c/{number}/room/").expect("先听听双方的想法")
        page = buyer.get(f"/c/{number}/room/")
        buyer.send(page, page.form("text", "key"), text="我只想退一部分钱。").expect("我只想退一部分钱")
    with tour.step("the mediator proposes", "mediator"):
        act(
            mediator,
            number,
            "propose",
            amount_fen="180",
            pay_within_days="7",
            reasons="包有开线，可以继续用，折中退款。",
        )
    for party, role in ((buyer, "buyer"), (seller, "seller")):
        with tour.step("the proposal is accepted, sealed", role):
            page = party.get(f"/c/{number}/room/").expect("¥180.00")
            form = page.form("answer", "waive")
            party.send(page, form, answer="yes", waive="on").expect()
    sign(tour, buyer, number, "buyer", BUYER_PHONE, "张三")
    sign(tour, seller, number, "seller", SELLER_PHONE, "陈四")
    with tour.step("the mediated agreement is in force at once", "mediator"):
        workbench(mediator, number).expect(str(State.PERFORMANCE.label), "¥180.00")


def signed_in_again(tour: Tour, visitor: Visitor, phone: str, number: str) -> Visitor:
    """Prove the phone again: the session ended while the clock was moved."""
    with tour.step("back by phone and code after the session ended", "buyer"):
        if visitor.get(f"/c/{number}/").status == 200:
            return visitor
        page = visitor.get(f"/enter/?next=/c/{number}/").expect()
        page = visitor.send(page, page.form("phone"), button="send_code", phone=phone).expect()
        page = visitor.send(page, page.form("phone", "code"), phone=phone, code=tour.code_for(phone)).expect()
        page.expect(number)
    return visitor


def by_phone(tour: Tour) -> None:
    """The third case: taken by phone, settled and performed in the same call."""
    mediator = tour.somebody("mediator")
    with tour.step("taken by phone and closed as settled and performed at once", "mediator"):
        page = mediator.get(f"{DESK}phone/").expect()
        form = page.form("complainant_name", "recovered_fen")
        page = mediator.send(
            page,
            form,
            button="settle",
            complainant_name="刘五",
            phone=PHONE_BUYER,
            division="440300",
            seller_kind="wechat_id",
            seller="cake_aunt",
            item="生日蛋糕定金",
            amount_fen="88",
            paid_date=str(today(tour)),
            paid_by="RED_PACKET",
            problem="REFUND_REFUSED",
            story="付了定金，店家说做不了又不退，电话里答应当场退回。",
            recovered_fen="88",
            note="电话调解，卖家当场退款。",
        ).expect(str(Outcome.PERFORMED.label))
        tour.cases.append(re.findall(r"MG-\w{4}-\w{4}", page.text)[0])


def undecided(tour: Tour) -> None:
    """A complaint that nobody decides lapses its acceptance clock, with the alarm, by the worker."""
    number = file_complaint(
        tour, tour.visitor(), handle="tea_uncle", item="普洱茶", amount="399", paid=str(today(tour))
    )
    with tour.step("nobody decides: the worker lapses the clock and alarms the supervisor", "worker"):
        tour.advance(24 * 21)
        tour.mail_about(number, "demo_supervisor@")
        tour.mail_about(number, BUYER_PHONE)
        workbench(tour.somebody("supervisor"), number)


def regulator(tour: Tour) -> None:
    """The regulator downloads last month's cases as CSV and XLSX."""
    with tour.step("last month's cases as CSV and XLSX", "regulator"):
        day = today(tour)
        next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=2)
        tour.advance(24 * (next_month - day).days)
        person = tour.somebody("regulator")
        csv = person.get("/reg/export/last-month-cases.csv").expect()
        if not csv.body.startswith(b"\xef\xbb\xbf"):
            raise Unexpected("the CSV has no byte order mark: Excel would garble it")
        if tour.cases[-1] not in csv.text:
            raise Unexpected("last month's cases lack the one that was taken by phone")
        if any(secret in csv.text for secret in (PHONE_BUYER, "刘五", "cake_aunt")):
            raise Unexpected("the file shows a person")
        xlsx = person.get("/reg/export/last-month-cases.xlsx").expect()
        if not xlsx.body.startswith(b"PK"):
            raise Unexpected("the XLSX is none")
