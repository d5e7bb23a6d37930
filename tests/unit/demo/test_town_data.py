"""What the town's data hold: sixty matters of a Monday, thirty-nine retold cases, and nothing that is not theirs."""

import re
from collections import Counter
from typing import Any

import pytest

from complaints.states import Source
from merchants.states import HandleType
from microguard.demo.town import entries, history, monday
from microguard.demo.town.entries import DATA, HANDLE, Fields, Matter, TownError, matter_of, read
from microguard.demo.town.history import Past, label, retold
from microguard.demo.town.monday import OfToday, of_today
from microguard.demo.town.pictures import drawings, drawn
from microguard.demo.town.registry import of_registry

THE_LETTERS = 27
THE_BUYERS = 12
LEADER = {("group", "demo_xingfuli_caomei_tuan"), ("nickname", "demo_甜甜果园团长")}
A_MATTER: dict[str, Any] = {
    "key": "a_hat",
    "seller": [["wechat_id", "demo_hats"]],
    "item": "帽子",
    "amount": "19.90",
    "paid": 2,
    "paid_by": "RED_PACKET",
    "problem": "DEFECT",
    "claims": {"REFUND": "all"},
    "story": "帽子戴了一天就开线了，卖家不理我。",
}


def matters() -> list[Matter]:
    return [entry.matter for entry in of_today()]


def matter(key: str) -> Matter:
    return next(matter for matter in matters() if matter.key == key)


def everything() -> list[Matter]:
    return [*matters(), *(entry.matter for entry in (*retold(), *of_registry()))]


# --- the Monday ---


def test_a_monday_has_sixty_matters_oldest_first() -> None:
    assert len(of_today()) == 60
    assert [entry.minute for entry in of_today()] == sorted(entry.minute for entry in of_today())


def test_matters_come_in_all_five_ways() -> None:
    assert {matter.source for matter in matters()} == set(Source.values)


def test_amounts_are_those_of_small_business() -> None:
    amounts = {matter.key: matter.amount_fen for matter in matters()}

    assert amounts.pop("agent_fee") == 598_000
    assert (min(amounts.values()), max(amounts.values())) == (1_990, 360_000)


def test_one_sender_wrote_one_text_to_twenty_seven_sellers() -> None:
    letters = [matter for matter in matters() if matter.source == Source.LETTER]

    assert len(letters) == THE_LETTERS
    assert len({letter.story for letter in letters}) == len({letter.person for letter in letters}) == 1
    assert len({letter.mentions for letter in letters}) == THE_LETTERS
    assert "此致\n敬礼" in letters[0].story


def test_twelve_buyers_of_one_group_purchase_tell_it_in_their_own_words() -> None:
    buyers = [matter for matter in matters() if matter.key.startswith("strawberries")]

    assert len(buyers) == THE_BUYERS
    assert len({buyer.story for buyer in buyers}) == len({buyer.person for buyer in buyers}) == THE_BUYERS
    assert all("草莓" in buyer.item for buyer in buyers)
    assert all(set(buyer.mentions) <= LEADER for buyer in buyers)
    assert any(set(buyer.mentions) == LEADER for buyer in buyers)  # whoever names both joins the two names


def test_all_but_the_letters_are_written_by_different_hands() -> None:
    stories = Counter(matter.story for matter in matters() if matter.source != Source.LETTER)

    assert set(stories.values()) == {1}


@pytest.mark.parametrize(
    ("key", "amount_fen", "words"),
    [
        ("mask_for_three_red_packets", 6_800, "拉黑"),
        ("cake_deposit", 10_000, "定金"),
        ("shoes_on_sale", 8_900, "特价"),
        ("fathers_health_food", 288_000, "我爸"),
        ("agent_fee", 598_000, "代理"),
        ("pay_then_vanish", 78_000, "付款后对方"),
    ],
)
def test_the_named_matters_are_there(key: str, amount_fen: int, words: str) -> None:
    found = matter(key)

    assert found.amount_fen == amount_fen
    assert words in found.story


def test_a_morning_has_begun_but_most_matters_still_wait() -> None:
    stages = Counter(entry.stage for entry in of_today())

    assert stages["waiting"] >= 50
    assert {stage for stage in stages if stage != "waiting"} == {"asked", "accepted", "invited", "seller_in"}
    assert stages["seller_in"] == 1
    assert [matter.key for matter in matters() if matter.person == monday.BUYER] == ["demo_buyer_thermos"]


# --- the past year ---


def test_thirty_nine_cases_are_retold_and_say_so() -> None:
    assert len(retold()) == 39
    assert all(entry.matter.story.startswith("【演示】改编自") for entry in retold())
    assert all("日期已挪动" in entry.matter.story for entry in retold())


@pytest.mark.parametrize(
    ("year", "line"),
    [(2024, "【演示】改编自2024年的真实案例；"), (0, "【演示】改编自真实案例，年份未见报道；")],
)
def test_the_label_gives_the_year_where_it_is_known(year: int, line: str) -> None:
    assert label(year, is_example=False).startswith(line)
    assert "金额为示例" not in label(year, is_example=False)
    assert "金额为示例" in label(year, is_example=True)


def test_the_past_year_was_filed_and_paid_in_time() -> None:
    for entry in retold():
        assert 60 <= entry.filed <= 365, entry.matter.key
        assert entry.matter.paid > entry.filed, entry.matter.key


def test_about_half_of_the_past_year_is_in_the_regulators_city() -> None:
    at_home = sum(entry.matter.division == entries.HOME for entry in retold())

    assert 16 <= at_home <= 23
    assert len({entry.matter.division for entry in retold()}) >= 10


def test_every_case_of_the_past_year_says_how_it_ended() -> None:
    settled = {"agreed", "mediated", "at_once"}

    assert all(entry.settled_fen for entry in retold() if entry.ending in settled)
    assert all(entry.note for entry in retold() if entry.ending not in {"agreed", "withdrawn"})


def test_no_advice_and_no_answer_of_the_rights_engine_is_among_the_facts() -> None:
    text = (DATA / "history.toml").read_text(encoding="utf-8")

    for word in ("expected_rights", "must_not_promise", "lesson", "burden", "legal_basis", "http"):
        assert word not in text
    assert not re.search(r"第[一二三四五六七八九十百零]+条|《", text)


# --- both ---


def test_every_handle_shows_that_nobody_is_meant() -> None:
    handles = [(kind, value) for matter in everything() for kind, value in matter.mentions]

    assert len(handles) > 99
    assert all(value.startswith(HANDLE) for _kind, value in handles)
    assert all(kind != HandleType.PHONE for kind, _value in handles)


def test_every_picture_is_handed_in_by_somebody_and_can_be_drawn() -> None:
    used = [name for matter in everything() for name in matter.pictures]

    assert set(used) | {"paid_as_agreed", "signature"} == set(drawings())
    assert len(used) >= 20
    assert len({drawn(name) for name in drawings()}) == len(drawings())


# --- wrong data ---


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"problem": "UGLY"}, "`problem` has no word 'UGLY'"),
        ({"paid_by": "SHELLS"}, "`paid_by` has no word 'SHELLS'"),
        ({"source": "PIGEON"}, "`source` has no word 'PIGEON'"),
        ({"division": "999999"}, "`division` has no word '999999'"),
        ({"seller": [["wechat_id", "hats"]]}, "the handle 'hats' does not begin with demo_"),
        ({"seller": [["face", "demo_hats"]]}, "`seller` has no type 'face'"),
        ({"amount": "a lot"}, "`amount` is no amount: 'a lot'"),
        ({"claims": {"REVENGE": ""}}, "`claims` has no word 'REVENGE'"),
        ({"claims": {"REFUND": "much"}}, "`REFUND` is no amount: 'much'"),
        ({"consents": ["PRESS"]}, "`consents` has no word 'PRESS'"),
        ({"pictures": ["portrait"]}, "`pictures` has no word 'portrait'"),
        ({"story": "坏了"}, "a story of 2 characters"),
        ({"expected_rights": []}, "unknown: expected_rights"),
    ],
)
def test_a_wrong_entry_is_named(change: dict[str, Any], sentence: str) -> None:
    fields = Fields("hats.toml", A_MATTER | change)

    with pytest.raises(TownError) as caught:
        matter_of(fields)
        fields.end()

    assert str(caught.value) == f"hats.toml, a_hat: {sentence}"


def test_a_missing_answer_is_named() -> None:
    with pytest.raises(TownError, match="a_hat: `item` is missing"):
        matter_of(Fields("hats.toml", {name: value for name, value in A_MATTER.items() if name != "item"}))


def test_two_entries_of_one_key_are_refused() -> None:
    with pytest.raises(TownError, match="a_hat is there twice"):
        entries.by_key([("a_hat", 1), ("a_hat", 2)], "hats.toml")


def test_data_that_are_no_toml_name_their_file(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "DATA", tmp_path)
    (tmp_path / "hats.toml").write_text("[[matter")

    with pytest.raises(TownError, match=r"hats\.toml: "):
        read("hats.toml")


def test_a_declined_case_needs_its_ground() -> None:
    answers = A_MATTER | {"filed": 90, "ending": "declined", "note": "不归我们办，请去法院。"}

    with pytest.raises(TownError, match="`ground` is missing"):
        history._retold(Fields("hats.toml", answers))


def test_the_entries_are_what_they_say() -> None:
    assert {type(entry) for entry in of_today()} == {OfToday}
    assert {type(entry) for entry in retold()} == {Past}
