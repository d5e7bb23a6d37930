"""Reading decision tables: whatever is wrong is said in one sentence with its place, and nothing is half-loaded."""

from datetime import date
from pathlib import Path

import pytest

from microguard.law.instruments import in_chinese, instruments
from microguard.law.reading import LawDataError
from microguard.law.tables import Tables, idle_ends

GOOD = """
[[text]]
key = "proof"
zh = "要有证据"
en = "With proof"

[[question]]
key = "trader"
title = { zh = "卖家是不是经营者", en = "Is the seller a trader?" }
values = ["yes", "no"]
otherwise = "no"
in_force_from = 2014-03-15

[[question.row]]
when = { seller_type = ["company", "individual_business"] }
then = "yes"
because = { zh = "公司", en = "A company" }

[[remedy]]
key = "refund"
amount = "price"
in_force_from = 2021-01-01

[[remedy.row]]
when = { trader = "yes", undelivered = "yes" }
then = "main"
basis = ["CC-563"]
conditions = ["proof"]

[[remedy.row]]
when = { trader = "no" }
then = "possible"
basis = ["CC-577"]
conditions = ["proof"]

[[note]]
key = "doubt"
kind = "caveat"
remedies = ["refund"]
when = { seller_known = "no" }
text = "proof"
"""


def load(folder: Path, text: str) -> Tables:
    (folder / "rights.toml").write_text(text, encoding="utf-8")
    return Tables(folder)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    book = load(tmp_path, GOOD).on(date(2026, 1, 1))

    assert [table.key for table in book.remedies] == ["refund"]
    assert book.remedies[0].rows[0].basis == ("CC-563",)


def test_a_table_holds_from_its_first_day(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).on(date(2020, 12, 31)).remedies == ()


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('otherwise = "no"', 'otherwise = "perhaps"', "otherwise is none of the values"),
        ('then = "yes"', 'then = "certainly"', "then is 'certainly'"),
        ('key = "trader"', 'key = "channel"', "this name is taken"),
        ('["company", "individual_business"]', '["enterprise"]', "seller_type is never enterprise"),
        ('["company", "individual_business"]', '["company", "!unknown"]', "both lists values and excludes some"),
        ("seller_type = [", "seller_kind = [", "'seller_kind', which is no circumstance"),
        ('undelivered = "yes" }', 'undelivered = ["yes", "no"] }', "undelivered decides nothing here"),
        ('when = { trader = "no" }', 'when = { undelivered = "yes" }', "can meet row 1 and row 2"),
        ('basis = ["CC-563"]', 'basis = ["XYZ-563"]', "XYZ-563 is cited, but its instrument is not known"),
        ('basis = ["CC-563"]\nconditions = ["proof"]', "basis = []\nconditions = []", "without a condition"),
        (
            'conditions = ["proof"]\n\n[[remedy.row]]',
            'conditions = ["gone"]\n\n[[remedy.row]]',
            "gone does not exist",
        ),
        ('key = "refund"', 'key = "revenge"', "'revenge', which nobody knows"),
        ('amount = "price"', 'amount = "plenty"', "amount is 'plenty'"),
        ("in_force_from = 2021-01-01", "in_force_from = 2021-13-01", "this is not TOML"),
        ("in_force_from = 2021-01-01", 'in_force_from = "2021"', "not a day such as"),
        ('remedies = ["refund"]', "remedies = []", "a caveat names remedies"),
        ("[[note]]", "[[hint]]", "[[hint]] cannot stand here"),
        (
            'en = "With proof"',
            'en = "With proof"\n\n[[text]]\nkey = "idle"\nzh = "闲"\nen = "Idle"',
            "uses the text idle",
        ),
        ("[[question.row]]", "[[question.line]]", "row is missing"),
    ],
)
def test_a_malformed_table_is_refused_with_one_sentence(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    assert before in GOOD

    with pytest.raises(LawDataError) as refusal:
        load(tmp_path, GOOD.replace(before, after, 1))

    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_row_that_asks_for_too_much_is_refused(tmp_path: Path) -> None:
    seven = ", ".join(f'{name} = "yes"' for name in ("fake", "unsafe", "defect", "promise", "misdescribed"))
    text = GOOD.replace('undelivered = "yes" }', f'undelivered = "yes", {seven} }}', 1)

    with pytest.raises(LawDataError, match="more than 6 circumstances"):
        load(tmp_path, text)


def test_two_versions_at_one_time_are_refused(tmp_path: Path) -> None:
    second = GOOD[GOOD.index("[[remedy]]") : GOOD.index("[[note]]")].replace("2021-01-01", "2023-01-01")

    with pytest.raises(LawDataError, match="overlaps with the version of 2021-01-01"):
        load(tmp_path, GOOD + second)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawDataError, match="there are no decision tables here"):
        Tables(tmp_path)


def test_a_file_that_is_far_too_long_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(LawDataError, match="longer than"):
        load(tmp_path, GOOD + "# " + "x" * 1_000_001)


def test_a_row_that_nothing_reaches_is_found(tmp_path: Path) -> None:
    loaded = load(tmp_path, GOOD)
    table = loaded.remedies[0]

    assert idle_ends(table, loaded.domain) == []
    assert idle_ends(table, loaded.domain | {"trader": ("yes",)}) == ["2"]


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("CRPL-55-1", "《消费者权益保护法》第五十五条第一款", "Consumer Rights Protection Law, art. 55(1)"),
        ("CC-1165", "《民法典》第一千一百六十五条", "Civil Code, art. 1165"),
        ("CC-20", "《民法典》第二十条", "Civil Code, art. 20"),
        ("CC-610", "《民法典》第六百一十条", "Civil Code, art. 610"),
        ("FSL-10", "《食品安全法》第十条", "Food Safety Law, art. 10"),
        (
            "SAMR-121-16-2",
            "《市场监督管理投诉举报处理办法》第十六条第二款",
            "SAMR Order 121 on complaints and tip-offs, art. 16(2)",
        ),
    ],
)
def test_an_article_is_cited_in_both_languages(key: str, zh: str, en: str) -> None:
    assert instruments().called(key) == (zh, en)


def test_what_was_only_recalled_is_known_to_be_recalled() -> None:
    assert instruments().was_read("CRPL-55-1")
    assert not instruments().was_read("CRPL-49")
    assert not instruments().was_read("CL-266")


@pytest.mark.parametrize("key", ["XYZ-1", "CC", "CC-1-2-3", "CC-A", ""])
def test_an_unknown_article_is_known_to_be_unknown(key: str) -> None:
    assert key not in instruments()
    with pytest.raises(KeyError):
        instruments().called(key)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
    ],
)
def test_articles_are_counted_in_chinese(number: int, text: str) -> None:
    assert in_chinese(number) == text
