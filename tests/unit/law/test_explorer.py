"""The tree of /rights/: what its file may hold, and where every path through it ends."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from microguard.law.explorer import answered, facts_of, price_fen, query_of, walk
from microguard.law.reading import LawDataError
from microguard.law.results import message_of, result_of
from microguard.law.rights import Assessment, assess
from microguard.law.tree import DATA, ENDS, HELP, LONGEST_PATH, NONE, RESULT, Explorer, Node, installed

ON = date(2026, 11, 23)
INSTALLED = DATA.read_text(encoding="utf-8")
Path_ = tuple[tuple[str, str], ...]
FAKE = {"where": "moments", "goods": "things", "problem": "fake", "fake": "expert", "pay": "transfer"}
SPLIT = '[[node]]\nkey = "goods"'


def every_path(node: Node | None = None, before: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every way to answer, with the end it leads to."""
    node = node or installed().start
    for choice in node.choices:
        path = (*before, (node.key, choice.key))
        if choice.next in ENDS:
            yield path, choice.next
        else:
            yield from every_path(installed().nodes[choice.next], path)


PATHS = list(every_path())


def told_apart(paths: list[tuple[Path_, str]]) -> list[tuple[Path_, str]]:
    """The paths without those that come to the same: other means of payment, a group or a shop of a platform."""
    return [
        (path, end)
        for path, end in paths
        if dict(path).get("pay", "transfer") == "transfer" and dict(path)["where"] not in {"group", "shop"}
    ]


@cache
def assessed(path: Path_) -> Assessment:
    return assess(facts_of(dict(path) | {"price": "128"}), ON)


# --- the file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('next = "fake"', 'next = "fakes"', "explorer.toml, node 6 .problem.: fake leads to 'fakes', which"),
        ('next = "special"', 'next = "kind"', "explorer.toml, node 4 .special.: no path leads here"),
        ('next = "kind"', 'next = "where"', "explorer.toml, node 1 .where.: the questions go round in a circle"),
        ('next = "deposit"', 'next = "test"', "a path asks more than 6 questions"),
        ('problem = ["counterfeit"]', 'problem = ["counterfiet"]', "does not stand in the vocabulary"),
        ('channel = "group"', 'chanel = "group"', "chanel = 'group' does not stand in the vocabulary"),
        ('goods_category = "food"', 'goods_category = "snacks"', "'snacks' does not stand in the vocabulary"),
        ('contact = "blocked"', 'facts = "blocked"', "facts = 'blocked' does not stand in the vocabulary"),
        ("days_since_receipt_if_known = 0", "days_since_receipt_if_known = -1", "does not stand in the vocab"),
        ('sets = { channel = "channels_live" }\n', "", "no choice means channel = 'channels_live'"),
        ('values = ["mini_program"]', 'values = ["mini_program", "moments"]', "is left out, and a choice means it"),
        ('fact = "goods_category"', 'fact = "paid_by"', "fact is none of problem, goods_category, channel"),
        ('key = "goods"', 'key = "where"', "this name is taken"),
        ('key = "goods"', 'key = "price"', "this name is taken"),
        ('key = "goods"', 'key = "Goods!"', "key is not made of small letters"),
        ('key = "alipay"', 'key = "bank"', "3 to 6 choices, each with its own key"),
        ("{return_days}", "{days}", "question|label speaks of {days}, which is no number of the law"),
        ('sets = { paid_by = "cash" }', 'sets = { channel = "moments" }', "cash tells channel, which was told before"),
        ('hint = { zh = "选最要紧的一个。"', 'asks_price = true\nhint = { zh = "选最要紧的一个。"', "the last question only"),
        ("asks_price = true", 'asks_price = "yes"', "asks_price is neither true nor false"),
        ('remedy = "refund"', 'remedy = "money"', "'money' is no remedy or stands there twice"),
        ("付了{paid}", "付了钱", "opening does not say {paid}"),
        ('en = "Pay back the price"', 'fr = "Rendez"', "en is missing"),
        ("[message]", "[letter]", "[[letter]] cannot stand here"),
        ("[[node]]", "[[node", "this is not TOML"),
    ],
)  # fmt: skip
def test_a_slip_in_the_file_gets_one_sentence(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "explorer.toml"
    assert old in INSTALLED
    path.write_text(INSTALLED.replace(old, new), encoding="utf-8")

    with pytest.raises(LawDataError) as refused:
        Explorer(path)

    assert "\n" not in str(refused.value)
    assert any(part in str(refused.value).replace("(", ".").replace(")", ".") for part in sentence.split("|"))


@pytest.mark.parametrize(
    "slip", ['key = "nobody"', 'next = "goods"', 'sets = { paid_by = "cash" }\nnext = "help"']
)
def test_the_last_choice_says_nothing_and_leads_to_a_person(slip: str, tmp_path: Path) -> None:
    head, last = INSTALLED.split(SPLIT)[0], 'next = "help"' if slip != 'key = "nobody"' else 'key = "none"'
    path = tmp_path / "explorer.toml"
    path.write_text(head.replace(last, slip) + SPLIT + INSTALLED.split(SPLIT)[1], encoding="utf-8")

    with pytest.raises(LawDataError, match="the last choice is 'none'; it says nothing and leads to 'help'"):
        Explorer(path)


# --- the paths -----------------------------------------------------------------------------------------------


def test_nobody_answers_more_than_six_questions() -> None:
    assert len(PATHS) > 1_000
    assert max(len(path) for path, _ in PATHS) == LONGEST_PATH
    assert {end for _, end in PATHS} == set(ENDS)


def test_none_of_these_leads_to_a_person_from_every_question() -> None:
    ended_by_none = {path[-1][0] for path, end in PATHS if path[-1][1] == NONE and end == HELP}

    assert ended_by_none == set(installed().nodes)


def assert_no_dead_end(paths: list[tuple[Path_, str]]) -> None:
    """Pass when each path comes to something to claim or a way to go, a proof to keep and a next step."""
    for path, end in paths:
        if end == HELP:
            continue
        assessment = assessed(path)
        result = result_of(assessment, "zh-hans")
        assert assessment.facts.problem, path
        assert result.ways, path
        assert result.evidence, path
        if end == RESULT:
            assert result.first or result.can_write, path
            assert result.police_first or result.can_write, path
            assert len(result.first) <= 4, path
            assert all(claim.conditions for claim in (*result.first, *result.others)), path


def test_no_path_is_a_dead_end() -> None:
    assert_no_dead_end(told_apart(PATHS))


@pytest.mark.drill
def test_no_path_at_all_is_a_dead_end() -> None:
    assert_no_dead_end(PATHS)


def test_what_can_be_decided_is_reached() -> None:
    seen: set[tuple[str, str]] = set()
    for path, end in told_apart(PATHS):
        if end != HELP:
            seen |= {(remedy.remedy, str(remedy.strength)) for remedy in assessed(path).remedies}

    main = {remedy for remedy, strength in seen if strength == "main"}
    assert {"refund", "return_and_refund", "return_no_reason", "repair_or_return", "make_up_or_refund"} <= main
    assert {"punitive_3x", "punitive_10x", "punitive_promise", "deposit_return", "deposit_double"} <= main
    assert {"cancel_prepaid", "void_minor", "criminal_report", "report_12315", "mediation"} <= main
    assert {remedy for remedy, _ in seen} >= {
        "medical_cost",
        "platform_claim",
        "platform_as_seller",
        "price_reduction",
    }


def test_the_days_of_a_return_are_those_of_the_law() -> None:
    for choice, window in (("intact", "within"), ("used", "within"), ("after", "after")):
        facts = facts_of({"where": "shop", "goods": "things", "problem": "return", "return": choice})
        assert assess(facts, ON).state["window"] == window


# --- one reader's way ----------------------------------------------------------------------------------------


def test_answers_are_read_in_the_order_of_the_questions() -> None:
    shuffled = dict(reversed(FAKE.items()))

    assert [step.node.key for step in answered(shuffled)] == ["where", "goods", "problem", "fake", "pay"]
    assert query_of(answered(shuffled), "128") == (
        "where=moments&goods=things&problem=fake&fake=expert&pay=transfer&price=128"
    )


@pytest.mark.parametrize(
    ("answers", "at"),
    [
        ({}, "where"),
        ({"goods": "things"}, "where"),
        ({"where": "nowhere", "goods": "things"}, "where"),
        ({"where": "moments", "goods": "things", "service": "quit"}, "problem"),
        ({"where": "once", "goods": "eat", "problem": "wrong"}, "wrong"),
        (FAKE, "result"),
        (FAKE | {"fake": "none"}, "help"),
    ],
)
def test_a_walk_ends_at_the_first_question_without_an_answer(answers: dict[str, str], at: str) -> None:
    assert walk(answers).at == at


def test_answers_are_facts_of_the_vocabulary() -> None:
    facts = facts_of(FAKE | {"price": "￥1,280.5"})

    assert (facts.channel, facts.seller_repeat, facts.goods_category) == ("moments", "yes", "other")
    assert (facts.problem, facts.test_result) == (("counterfeit",), "not_genuine")
    assert (facts.paid_by, facts.paid_off_platform, facts.price_fen) == ("wechat_transfer", "yes", 128_050)


def test_several_answers_may_name_a_problem_each() -> None:
    facts = facts_of({"where": "moments", "goods": "things", "problem": "undelivered", "contact": "blocked"})

    assert facts.problem == ("not_delivered", "blocked")


@pytest.mark.parametrize("price", ["", "12a", "0", "-5", "1000000.01", "1.234", "9" * 40])
def test_a_price_that_cannot_be_used_is_no_fact(price: str) -> None:
    assert price_fen({"price": price}) is None
    assert facts_of(FAKE | {"price": price}).price_fen is None


# --- the message to the seller -------------------------------------------------------------------------------


def test_the_message_says_what_happened_and_what_is_asked_with_sums() -> None:
    params = FAKE | {"price": "300"}

    message = message_of(answered(params), assess(facts_of(params), ON), "zh-hans")

    assert message.splitlines() == [
        "您好！我在【购买日期】向您买了【商品或服务】，付了¥300.00。",
        "品牌方（鉴定机构）的结论是：不是正品。",
        "我希望您：",
        "1. 退还货款 ¥300.00",
        "2. 另外按消费者权益保护法赔偿三倍 ¥900.00",
        "请您看一下，在【日期】以前给我一个答复。有什么情况也请告诉我，我愿意和您商量着解决。谢谢！",
        "2026年11月23日",
    ]


def test_who_complains_of_data_does_not_ask_for_the_price() -> None:
    params = {"where": "moments", "goods": "things", "problem": "more", "more": "data"}

    message = message_of(answered(params), assess(facts_of(params), ON), "zh-hans")

    assert "1. 停止使用并删除我的个人信息" in message
    assert "2." not in message


def test_who_backed_out_does_not_ask_for_the_double() -> None:
    params = {
        "where": "moments",
        "goods": "things",
        "problem": "more",
        "more": "deposit",
        "deposit": "earnest_buyer",
    }
    assessment = assess(facts_of(params | {"price": "200"}), ON)

    result = result_of(assessment, "zh-hans")

    assert [claim.remedy for claim in result.first] == ["deposit_return"]
    assert not result.is_certain
    assert "双倍" not in message_of(answered(params), assessment, "zh-hans")


def test_no_message_threatens_or_claims_what_is_in_doubt() -> None:
    for path, end in told_apart(PATHS):
        if end == RESULT:
            assessment = assessed(path)
            message = message_of(answered(dict(path)), assessment, "zh-hans")
            assert not any(word in message for word in ("否则", "法院", "起诉", "举报", "报警", "曝光", "后果")), (
                path
            )
            certain = {remedy.remedy for remedy in assessment.remedies if remedy.strength == "main"}
            assert ("三倍" in message) <= ("punitive_3x" in certain), path
            assert ("赔偿十倍" in message) <= ("punitive_10x" in certain), path
