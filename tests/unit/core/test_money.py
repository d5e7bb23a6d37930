"""Money as people type it and as pages show it; inside it is integer fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microguard.core.money import parse_yuan, yuan

FEN = st.integers(min_value=0, max_value=10**12)
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@given(FEN)
def test_what_is_shown_is_read_back(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen


@given(FEN, st.sampled_from(("", "¥", "￥", " ¥ ")), st.sampled_from(("", "元", " 元 ")), st.booleans())
def test_signs_spaces_and_wide_digits_change_nothing(fen: int, before: str, after: str, wide: bool) -> None:
    typed = f"{fen // 100:,}.{fen % 100:02d}"

    assert parse_yuan(before + (typed.translate(FULL_WIDTH) if wide else typed) + after) == fen


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1280", 128_000),
        ("1,280.5", 128_050),
        ("￥1280", 128_000),
        ("0.01", 1),
        ("00012", 1_200),
        ("１２．５", 1_250),
    ],
)
def test_usual_ways_to_type_it(typed: str, fen: int) -> None:
    assert parse_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "12a",
        "1.234",
        "-5",
        "+5",
        "1e3",
        "1.",
        ".5",
        "1.2.3",
        "٣",
        "²",
        "NaN",
        "0x10",
        "12\n13",
        "9" * 5_000,
    ],
)
def test_what_is_no_amount(typed: str) -> None:
    assert parse_yuan(typed) is None


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_none(typed: str) -> None:
    fen = parse_yuan(typed)

    assert fen is None or fen >= 0


@pytest.mark.parametrize(
    ("fen", "shown"), [(0, "¥0.00"), (5, "¥0.05"), (12_800, "¥128.00"), (100_000_000, "¥1,000,000.00")]
)
def test_it_is_shown_with_two_decimals(fen: int, shown: str) -> None:
    assert yuan(fen) == shown
