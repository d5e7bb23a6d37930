"""Know your rights as a reader walks it: questions, results, ways out; and the looks before paying."""

import html
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from microguard.law.tree import installed
from microguard.runner.programs import web
from tests.clock import MONDAY_MORNING
from tests.visitors import sentences, titled

FAKE = {"where": "moments", "goods": "things", "problem": "fake", "fake": "expert", "pay": "transfer"}
FOOD = {
    "where": "moments",
    "goods": "eat",
    "kind": "food",
    "eaten": "label",
    "label": "without",
    "pay": "transfer",
}
RETURN = {"where": "shop", "goods": "things", "problem": "return", "return": "intact", "pay": "inside"}
ONCE = {"where": "once", "problem": "wrong", "wrong": "differs", "pay": "transfer"}
GONE = {"where": "group", "goods": "things", "problem": "undelivered", "contact": "many", "pay": "transfer"}
AGENT = {"where": "moments", "goods": "agent", "agent": "recruit"}


@pytest.fixture(autouse=True)
def _on_monday(clock_at: Callable[[datetime], None], db: None) -> None:
    clock_at(MONDAY_MORNING)


def plain(page: Any) -> str:
    """The words of the page without tags, spaces joined."""
    text = re.sub(r"(?s)<(script|style).*?</\1>", "", page.text)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def outside_details(page: Any) -> str:
    """The words that stand open, not in a part that has to be opened first."""
    return html.unescape(re.sub(r"(?s)<details.*?</details>", "", page.text))


def walked(client: Client, answers: dict[str, str], prefix: str = "") -> Any:
    """Answer one question a page, as the form of each page sends it; the last page."""
    page = client.get(f"{prefix}/rights/")
    for node, choice in answers.items():
        if node == "price":
            continue
        assert f'name="{node}"' in page.text
        action = re.search(r'<form id="question" method="get" action="([^"]+)"', page.text).group(1)
        sent = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text.split('id="question"')[1])
        )
        sent |= {node: choice, "go": "1"} | (
            {"price": answers["price"]} if 'name="price"' in page.text and "price" in answers else {}
        )
        page = client.get(action, sent, follow=True)
    return page


# --- worked ways ---------------------------------------------------------------------------------------------


def test_a_fake_for_128_yuan_after_five_questions(client: Client) -> None:
    page = walked(client, FAKE | {"price": "128"})

    assert page.request["PATH_INFO"] == "/rights/result/"
    assert titled(page).startswith("您可以要求什么")
    assert "退一赔三： ¥128.00 + ¥500.00 ，一共¥628.00" in plain(page)
    # The multiple is 384 yuan; the law sets 500 as the least (Consumer Rights Protection Law art. 55).
    assert "按倍数算是¥384.00，不到法律规定的最低¥500.00，所以按¥500.00算。" in plain(page)
    assert "第五十五条" in page.text
    assert "第五十五条" not in outside_details(page)
    assert re.search(r'href="/duties/seller/#seller\.[a-z_.]+"', page.text)  # the duty on which a claim rests
    link = re.search(r'href="(/file/from-rights/\?[^"]+)"', page.text).group(1)
    assert dict(parse_qsl(urlsplit(html.unescape(link)).query)) == FAKE | {"price": "128"}


def test_the_same_in_english_with_both_messages(client: Client) -> None:
    page = walked(client, FAKE | {"price": "300"}, prefix="/en")

    assert page.request["PATH_INFO"] == "/en/rights/result/"
    assert "¥300.00 + ¥900.00 , together ¥1,200.00" in plain(page)
    assert "1. 退还货款 ¥300.00" in page.text
    assert "1. Pay back the price ¥300.00" in page.text
    assert 'href="/en/file/from-rights/?where=moments' in page.text


def test_the_chinese_page_holds_one_message_only(client: Client) -> None:
    assert "Pay back the price" not in walked(client, FAKE).text


def test_food_without_a_label_comes_to_ten_times_and_a_thousand_at_least(client: Client) -> None:
    cheap, dear = (walked(client, FOOD | {"price": price}) for price in ("50", "500"))

    assert "退一赔十： ¥50.00 + ¥1,000.00" in plain(cheap)
    assert "按倍数算是¥500.00，不到法律规定的最低¥1,000.00" in plain(cheap)
    assert "退一赔十： ¥500.00 + ¥5,000.00" in plain(dear)
    assert "不到法律规定的最低" not in plain(dear)
    assert "不要再吃" in outside_details(dear)


def test_a_return_tells_the_days_of_the_law(client: Client) -> None:
    page = walked(client, RETURN | {"price": "99"})

    assert "收下退货，退还货款 ¥99.00" in plain(page)
    assert "要在 7天 以内提出，从签收的第二天开始数" in plain(page)
    assert "7天以内，没用过" in client.get("/rights/return/", RETURN).text


def test_a_private_sale_has_no_multiple(client: Client) -> None:
    page = walked(client, ONCE | {"price": "500"})

    assert "我把东西退给您，您退还货款 ¥500.00" in plain(page)
    assert "只能按合同法律主张，不适用消费者权益保护法" in outside_details(page)
    assert "¥1,500.00" not in page.text
    assert "哪些不行，为什么" in page.text


def test_who_is_gone_with_the_money_is_for_the_police_first(client: Client) -> None:
    page = walked(client, GONE | {"price": "300"})

    words = outside_details(page)
    assert words.index("先报警") < words.index("退还货款")
    assert 'href="tel:110"' in words
    assert 'href="tel:96110"' in words
    assert "/file/from-rights/?where=group" in page.text
    assert '<textarea id="message"' not in page.text


def test_money_paid_to_become_an_agent_is_no_error(client: Client) -> None:
    page = walked(client, AGENT)

    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/rights/agents/")
    assert titled(page).startswith("这一般不算消费纠纷")
    assert "是否违法由他们认定" in outside_details(page)
    assert "退还货款" not in page.text
    assert sentences(page) == []


@pytest.mark.parametrize("node", sorted(installed().nodes))
def test_none_of_these_leads_to_a_person_on_every_page(node: str, client: Client) -> None:
    path = next(path for path in _paths_to(node))

    page = walked(client, path | {node: "none"})

    assert page.request["PATH_INFO"] == "/rights/help/"
    assert "打电话给我们" in page.text
    assert 'href="/file/"' in page.text


def _paths_to(node: str) -> Any:
    def search(key: str, before: dict[str, str]) -> Any:
        if key == node:
            yield before
            return
        for choice in installed().nodes[key].choices:
            if choice.next in installed().nodes:
                yield from search(choice.next, before | {key: choice.key})

    return search(installed().start.key, {})


def test_who_cannot_say_how_it_was_paid_still_sees_what_the_rest_comes_to(client: Client) -> None:
    help_page = walked(client, FAKE | {"pay": "none", "price": "200"})
    link = html.unescape(re.search(r'href="(/rights/result/\?[^"]+)"', help_page.text).group(1))

    assert "退一赔三： ¥200.00 + ¥600.00" in plain(client.get(link))


# --- slips ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "sentence"), [("", "请选一个最接近的答案。"), ("/en", "Choose the closest answer.")]
)
@pytest.mark.parametrize("choice", [{}, {"goods": ""}, {"goods": "zebra"}])
def test_no_choice_gets_a_sentence(prefix: str, sentence: str, choice: dict[str, str], client: Client) -> None:
    page = client.get(f"{prefix}/rights/goods/", {"where": "moments", "go": "1"} | choice)

    assert page.status_code == 422
    assert sentences(page) == [sentence]
    assert '<input type="hidden" name="where" value="moments">' in page.text
    assert titled(page).startswith(("错误：", "Error: "))


def test_a_wrong_price_with_the_last_question_keeps_everything(client: Client) -> None:
    page = client.get("/rights/pay/", FAKE | {"price": "12a", "go": "1"})

    assert page.status_code == 422
    assert sentences(page) == ["金额只能是数字，最多两位小数。"]
    assert 'value="12a"' in page.text
    assert re.search(r'name="pay" value="transfer"[^>]* checked', page.text)
    assert '<input type="hidden" name="fake" value="expert">' in page.text


def test_a_wrong_price_on_the_result_keeps_everything(client: Client) -> None:
    page = client.get("/rights/result/", FAKE | {"price": "0"})

    assert page.status_code == 422
    assert sentences(page) == ["金额要大于0，不超过1,000,000元。"]
    assert "退还货款" in page.text
    assert "最少¥500.00。" in page.text
    assert '<input type="hidden" name="pay" value="transfer">' in page.text
    assert "price" not in re.search(r'href="(/file/from-rights/\?[^"]+)"', page.text).group(1)


@pytest.mark.parametrize(
    "address",
    [
        "/rights/zebra/",
        "/rights/fake/",
        "/rights/fake/?where=moments&goods=things&problem=return",
        "/rights/result/",
        "/rights/result/?where=moments&goods=things",
        "/rights/result/?where=moments&goods=agent&agent=fee",
        "/rights/agents/?where=moments",
        "/rights/help/?where=moments",
    ],
)
def test_what_is_no_longer_asked_leads_to_the_start_with_a_sentence(address: str, client: Client) -> None:
    page = client.get(address, follow=True)

    assert page.redirect_chain == [("/rights/?changed=1", 302)]
    assert "这一题更新过，请从头来，最多6题。" in page.text
    assert 'name="where"' in page.text


def test_an_answer_can_be_changed_and_the_others_stay(client: Client) -> None:
    result = client.get("/rights/result/", FAKE | {"price": "128"})
    change = html.unescape(re.findall(r'href="(/rights/fake/\?[^"]+)"', result.text)[0])

    page = client.get(change)
    changed = client.get("/rights/fake/", FAKE | {"price": "128", "fake": "admitted", "go": "1"})

    assert re.search(r'name="fake" value="expert"[^>]* checked', page.text)
    assert "第4题，最多6题" in page.text
    assert '<input type="hidden" name="price" value="128">' in page.text
    assert changed.headers["Location"] == (
        "/rights/result/?where=moments&goods=things&problem=fake&fake=admitted&pay=transfer&price=128"
    )


def test_answers_of_another_branch_are_dropped(client: Client) -> None:
    page = client.get("/rights/problem/", FAKE | {"problem": "wrong", "go": "1"})

    assert page.headers["Location"] == "/rights/wrong/?where=moments&goods=things&problem=wrong"


# --- what stays unknown --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/rights/",
        "/rights/goods/?where=moments",
        "/rights/result/?where=once&problem=wrong&wrong=differs&pay=transfer&price=5",
        "/rights/agents/?where=moments&goods=agent&agent=fee",
        "/rights/help/?where=none",
        "/before-you-pay/",
    ],
)
def test_a_page_asks_no_database(
    address: str, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        page = client.get(address)

    assert page.status_code == 200
    assert ("noindex" in page.headers.get("X-Robots-Tag", "")) == ("?" in address)
    assert not page.cookies


def test_nothing_is_sent_but_by_reading(client: Client) -> None:
    assert client.post("/rights/goods/", {"where": "moments"}).status_code == 404


def test_what_was_typed_is_never_markup(client: Client) -> None:
    page = client.get("/rights/pay/", FAKE | {"price": '"><script>alert(1)</script>', "go": "1"})

    assert "<script>alert" not in page.text


# --- before paying -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_five_looks_end_in_the_look_up(prefix: str, client: Client, settings: Any) -> None:
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"

    page = client.get(f"{prefix}/before-you-pay/")
    form = page.text.split('id="sellers"')[1]

    assert page.text.count("<details>") == 5
    assert f'action="{prefix}/sellers/"' in form
    assert client.post(f"{prefix}/sellers/", {"handle": "shoes_2026"}).context["looked_up"] is True


def test_without_published_records_the_looks_stand_alone(client: Client, settings: Any) -> None:
    settings.PUBLIC_RECORD_REVIEW = ""

    page = client.get("/before-you-pay/")

    assert page.text.count("<details>") == 5
    assert 'name="handle"' not in page.text
    assert "我们现在还不公布卖家的记录" in page.text


@pytest.mark.parametrize("address", ["/", "/help/"])
def test_home_and_help_lead_there(address: str, client: Client) -> None:
    page = client.get(address).text

    assert 'href="/rights/"' in page
    assert 'href="/before-you-pay/"' in page


def test_the_log_of_requests_holds_no_answers() -> None:
    command = web("127.0.0.1:8000")
    logged = command[command.index("--access-logformat") + 1]

    # The request line, the query and the page one came from: each would hold them.
    assert [part for part in ("%(r)s", "%(q)s", "%(f)s") if part in logged] == []
    assert "%(U)s" in logged
