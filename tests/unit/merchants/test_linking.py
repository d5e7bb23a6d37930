"""Which mentions are proposed to be of one seller: each trap by name, then generated towns at once."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merchants.management.commands.link_sellers import answers, read_mention
from merchants.rules.candidates import Profile, candidates
from merchants.rules.pictures import Rarity
from tests.registry_generator import Traps, as_lines, batch, precision_and_recall
from tests.registry_other_generators import agents, parcels

Seen = dict[str, object]
Generator = Callable[[int, int], tuple[list[Seen], dict[str, int]]]


def seen(region: str = "", **handles: str | list[str]) -> Seen:
    """A mention by type; a type with several values has a list."""
    found = [
        {"type": kind, "value": value}
        for kind, values in handles.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return {"handles": found, "region": region}


def sellers(*mentions: Seen) -> list[str]:
    """The seller of each mention; a name of the mention is its place."""
    lines = as_lines([{"mention_id": f"m{place}", **mention} for place, mention in enumerate(mentions)])
    return [answer["merchant"] for answer in answers([read_mention(line) for line in lines])]


def one(*mentions: Seen) -> bool:
    return len(set(sellers(*mentions))) == 1


def test_the_same_wechat_id_is_one_seller() -> None:
    assert one(
        seen(wechat_id="XiaoLu_88", phone="13800138000"), seen(wechat_id="微信号：xiaolu_88", phone="13900139000")
    )


@pytest.mark.parametrize("typed", ["xia0lu_88", "xiaolu-88"])
def test_confused_characters_are_one_seller(typed: str) -> None:
    assert one(seen(wechat_id="xiaolu_88"), seen(wechat_id=typed))


def test_another_digit_alone_is_another_seller() -> None:
    assert not one(seen(wechat_id="shop_1001"), seen(wechat_id="shop_1002"))


def test_another_letter_with_the_same_nickname_is_one_seller() -> None:
    assert one(
        seen(wechat_id="xiaolujia88", nickname="小鹿家🦌"), seen(wechat_id="xiaoluxia88", nickname="小鹿家代购")
    )


def test_a_mention_that_shows_two_handles_bridges_those_that_show_one() -> None:
    assert one(
        seen(wechat_id="xiaolu_88"), seen(wechat_id="xiaolu_88", phone="13800138000"), seen(phone="13800138000")
    )


def test_a_payment_code_of_the_supplier_does_not_weld_agents() -> None:
    code = "wxp://f2f0supplier"
    found = sellers(
        seen(wechat_id="agent_mei", payment_qr=code),
        seen(wechat_id="agent_mei", nickname="阿梅女装"),
        seen(wechat_id="ttshoes77", payment_qr=code),
        seen(wechat_id="ttshoes77", nickname="糖糖鞋坊"),
    )

    assert found == ["M1", "M1", "M2", "M2"]


def test_who_shows_nothing_but_a_shared_code_stays_alone() -> None:
    code = "wxp://f2f0supplier"
    found = sellers(
        seen(wechat_id="agent_mei", payment_qr=code),
        seen(wechat_id="ttshoes77", payment_qr=code),
        seen(payment_qr=code),
    )

    assert len(set(found)) == 3


def test_a_family_phone_does_not_weld_two_shops() -> None:
    found = sellers(
        seen("440100", wechat_id="wangmei_shoes", phone="13800138000", nickname="阿梅鞋坊"),
        seen("440100", wechat_id="wangqiang66", phone="13800138000", nickname="老王茶铺"),
    )

    assert found == ["M1", "M2"]


def test_a_recycled_number_does_not_weld_old_and_new_owner() -> None:
    found = sellers(
        seen("440100", wechat_id="wangmei_shoes", phone="13800138000", payee_name="王梅"),
        seen("510100", wechat_id="tea_of_li", phone="13800138000", payee_name="李*"),
    )

    assert found == ["M1", "M2"]


def test_two_wechat_ids_and_two_phones_are_not_joined_by_one_code() -> None:
    left = [seen(wechat_id="xiaolu_88", phone="13800138000", payment_qr="wxp://f2f0one") for _ in range(2)]
    right = [seen(wechat_id="mango_tea", phone="15900159000", payment_qr="wxp://f2f0one") for _ in range(2)]

    assert sellers(*left, *right) == ["M1", "M1", "M2", "M2"]


def test_a_second_account_is_joined_by_phone_and_nickname() -> None:
    assert one(
        seen(wechat_id="xiaolu_88", phone="13800138000", nickname="小鹿家"),
        seen(wechat_id="deerhome2", phone="13800138000", nickname="小鹿家（小号）"),
    )


def test_a_new_number_under_the_old_wechat_id_is_one_seller() -> None:
    assert one(
        seen(wechat_id="xiaolu_88", phone="13800138000"),
        seen(wechat_id="xiaolu_88", phone="15900159000"),
        seen(phone="15900159000"),
    )


def test_nickname_payee_and_region_are_enough_when_no_other_seller_fits() -> None:
    assert one(
        seen("440100", wechat_id="xiaolu_88", nickname="小鹿家", payee_name="张小红"),
        seen("广东省广州市", nickname="小鹿家🦌", payee_name="*小红"),
        seen("广州", nickname="A小鹿家", payee_name="张*红"),
    )


def test_nickname_payee_and_region_are_not_enough_when_two_sellers_fit() -> None:
    found = sellers(
        seen("440100", wechat_id="xiaohong_a", nickname="小红", payee_name="张小红"),
        seen("440100", wechat_id="beautyred9", nickname="小红", payee_name="李小红"),
        seen("440100", nickname="小红🌸", payee_name="*小红"),
        seen("440100", nickname="小红", payee_name="**红"),
    )

    assert len(set(found)) == 4


def test_a_payee_that_does_not_fit_is_another_seller() -> None:
    assert not one(
        seen("440100", wechat_id="xiaolu_88", nickname="小鹿家", payee_name="张小红"),
        seen("440100", nickname="小鹿家", payee_name="*丽"),
    )


def test_a_payee_who_fits_what_is_masked_but_not_what_is_shown_is_another_seller() -> None:
    assert not one(
        seen("440100", wechat_id="xiaolu_88", nickname="小鹿家", payee_name=["**红", "*小红"]),
        seen("440100", nickname="小鹿家", payee_name="*大红"),
    )


def test_shops_whose_names_tell_their_goods_are_apart() -> None:
    found = sellers(
        seen("440100", wechat_id="niannian_tea", nickname="念念茶叶"),
        seen("440100", nickname="念念鞋包", payee_name="*丽"),
    )

    assert found == ["M1", "M2"]


def test_words_that_a_batch_hangs_on_nicknames_are_learnt() -> None:
    sure = [
        seen("440100", wechat_id=f"{name}_id_{place}", nickname=nickname)
        for place, name in enumerate(("阿梅", "糖糖", "果果", "米粒"))
        for nickname in (f"{name}家", f"{name}家天天上新")
    ]
    mentions = [
        seen("330100", wechat_id="xiaolu_88", nickname="小鹿家天天上新", payee_name="张小红"),
        seen("330100", nickname="小鹿家", payee_name="*小红"),
    ]

    *_sure, first, second = sellers(*sure, *mentions)

    assert first == second


def test_agents_of_one_brand_with_the_code_of_their_supplier_stay_apart() -> None:
    found = sellers(
        *(
            seen(wechat_id=account, phone=number, nickname="小鹿家总代", payment_qr="wxp://f2f0supplier")
            for account, number in (("mei_agent", "13800138000"), ("lanlan77", "15900159000"))
            for _ in range(2)
        )
    )

    assert found == ["M1", "M1", "M2", "M2"]


def test_many_agents_called_alike_with_one_code_stay_apart() -> None:
    draw = random.Random(1)
    accounts = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(120)]

    found = sellers(*(seen(wechat_id=each, nickname="客服", payment_qr="wxp://f2f0supplier") for each in accounts))

    assert len(set(found)) == len(accounts)


def test_many_mentions_that_show_one_code_and_nothing_else_are_one_seller() -> None:
    assert one(*(seen(payment_qr="wxp://f2f0one", nickname="小鹿家") for _ in range(300)))


def test_links_that_differ_in_tracking_only_are_one_seller() -> None:
    assert one(
        seen(shop_link="https://www.WeiDian.com/?userid=42&spm=a1.b2"),
        seen(shop_link="http://weidian.com?userid=42&utm_source=wx"),
    )


def test_a_common_nickname_alone_is_nothing() -> None:
    found = sellers(seen(nickname="客服"), seen(nickname="客服"), seen(nickname="客服", wechat_id="kefu_88"))

    assert len(set(found)) == 3


def test_a_group_of_many_sellers_welds_nobody() -> None:
    found = sellers(*(seen(group="姐妹团购群", live_room="月亮直播") for _ in range(8)))

    assert len(set(found)) == 8


def test_a_number_as_alipay_account_is_one_seller() -> None:
    assert one(seen(phone="13800138000"), seen(alipay="138 0013 8000"))


def test_a_masked_number_on_a_parcel_fits_the_number() -> None:
    assert one(seen(phone="13800138000"), seen(parcel_sender="张** 138****8000"))
    assert not one(seen(phone="13800138000"), seen(parcel_sender="张** 138****8001"))


def test_traditional_characters_are_the_same_name() -> None:
    assert one(
        seen("440100", wechat_id="xiaolu_88", nickname="兰心宝贝屋", payee_name="张丽红"),
        seen("廣州", nickname="蘭心寶貝屋", payee_name="*麗紅"),
    )


def test_two_slips_in_a_long_handle_do_not_part_a_seller() -> None:
    assert one(
        seen(wechat_id="wxid_0c1f8gh1hq1zd0", phone="13800138000", nickname="小鹿家"),
        seen(wechat_id="xd_0c1f8gh1hq1zd0", phone="13800138000"),
    )


def test_a_shared_code_is_known_by_those_who_contradict_one_another() -> None:
    code = "wxp://f2f0supplier"
    found = sellers(
        seen("广州", payment_qr=code, payee_name="张小红", nickname="小鹿家"),
        seen("成都", payment_qr=code, payee_name="李大明", nickname="糖糖鞋坊"),
        seen(payment_qr=code),
    )

    assert len(set(found)) == 3


def test_a_lone_mention_stays_alone_without_candidates() -> None:
    (answer,) = answers(
        [read_mention(line) for line in as_lines([{"mention_id": "m0", **seen(phone="13800138000")}])]
    )

    assert answer == {"mention_id": "m0", "merchant": "M1", "candidates": []}


def test_every_reason_is_a_key_in_words_with_its_weight() -> None:
    lines = as_lines([{"mention_id": place, **seen(wechat_id="xiaolu_88", phone=number)}
                      for place, number in enumerate(("13800138000", "15900159000"))])  # fmt: skip

    (candidate,) = answers([read_mention(line) for line in lines])[0]["candidates"]

    assert candidate["merchant"] == "M1"
    assert candidate["score"] >= 0.95
    assert [reason["key"] for reason in candidate["reasons"]] == ["same_wechat_id", "different_phone"]
    assert candidate["reasons"][0]["weight"] > 0 > candidate["reasons"][1]["weight"]
    assert all(reason["words"] for reason in candidate["reasons"])


XIAOLU = Profile(
    1,
    [("wechat_id", "xiaolu_88", False), ("payment_qr", "wxp://f2f0one", False), ("nickname", "小鹿家", False)],
    ["4401"],
)
MANGO = Profile(2, [("wechat_id", "mango_tea", False), ("payment_qr", "wxp://f2f0one", True)], ["5101"])


def test_the_desk_gets_the_surest_seller_first() -> None:
    found = candidates(
        [("wechat_id", "xiaolu-88"), ("nickname", "小鹿家🦌")], "广州", [MANGO, XIAOLU], Rarity(1000)
    )

    assert [candidate.merchant for candidate in found] == [1]
    assert found[0].score >= 0.9


def test_a_handle_that_a_person_marked_as_shared_counts_little() -> None:
    code = [("payment_qr", "wxp://f2f0one")]

    (marked,) = candidates(code, "", [MANGO], Rarity(1000))
    (unmarked,) = candidates(code, "", [XIAOLU], Rarity(1000))

    assert marked.score < 0.2 < 0.8 < unmarked.score


def test_a_handle_of_many_profiles_counts_little() -> None:
    code = [("payment_qr", "wxp://f2f0one")]

    (rare,) = candidates(code, "", [XIAOLU], Rarity(1000, {("payment_qr", "wxp://f2f0one"): 1}))
    (common,) = candidates(code, "", [XIAOLU], Rarity(1000, {("payment_qr", "wxp://f2f0one"): 10}))

    assert common.score < 0.2 < 0.8 < rare.score


def town(count: int, seed: int, traps: Traps | None = None) -> tuple[float, float]:
    return quality(*batch(count, seed, traps))


def quality(mentions: list[Seen], truth: dict[str, int]) -> tuple[float, float]:
    replies = answers([read_mention(line) for line in as_lines(mentions)])
    return precision_and_recall(truth, {reply["mention_id"]: reply["merchant"] for reply in replies})


@pytest.mark.parametrize("seed", [1, 2])
def test_a_small_town_is_linked(seed: int) -> None:
    precision, recall = town(400, seed)

    assert precision >= 0.98
    assert recall >= 0.85


@pytest.mark.parametrize("generator", [parcels, agents])
def test_a_small_town_of_another_making_is_linked(generator: Generator) -> None:
    precision, recall = quality(*generator(300, 1))

    assert precision >= 0.98
    assert recall >= 0.85


@pytest.mark.drill
@pytest.mark.parametrize("generator", [parcels, agents])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_town_of_full_size_of_another_making_is_linked(generator: Generator, seed: int) -> None:
    precision, recall = quality(*generator(2000, seed))

    assert precision >= 0.98
    assert recall >= 0.85


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_town_of_full_size_is_linked(seed: int) -> None:
    precision, recall = town(2000, seed)

    assert precision >= 0.98
    assert recall >= 0.85


@pytest.mark.drill
@pytest.mark.parametrize(
    "traps",
    [
        replace(Traps(), names_only=0.4),
        replace(Traps(), shared_code=0.25, family_phone=0.1, recycled_number=0.1),
        replace(Traps(), typo=0.2, noise=0.8, counted_ids=0.3),
        replace(Traps(), common_nickname=0.4, twin_names=0.2),
    ],
    ids=["names only", "shared", "slips", "common names"],
)
def test_precision_holds_where_one_trap_is_everywhere(traps: Traps) -> None:
    precision, _recall = town(2000, 7, traps)

    assert precision >= 0.98


SMALL, _TRUTH = batch(12, 3, replace(Traps(), shared_code=0.4, family_phone=0.3, names_only=0.3))


def partition(mentions: list[Seen]) -> set[frozenset[str]]:
    replies = answers([read_mention(line) for line in as_lines(mentions)])
    groups: dict[str, set[str]] = {}
    for reply in replies:
        groups.setdefault(reply["merchant"], set()).add(reply["mention_id"])
    return {frozenset(group) for group in groups.values()}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_the_lines_does_not_matter(seed: int) -> None:
    shuffled = random.Random(seed).sample(SMALL, len(SMALL))

    assert partition(shuffled) == partition(SMALL)


@settings(max_examples=20, deadline=None)
@given(st.from_regex(r"q[a-z]{12}z", fullmatch=True))
def test_an_unrelated_mention_changes_nothing(wechat_id: str) -> None:
    unrelated = {"mention_id": "new", **seen(wechat_id=wechat_id)}

    assert partition([*SMALL, unrelated]) == partition(SMALL) | {frozenset({"new"})}
