"""Whether what a seller says of its registration fits together: it fits, or a person looks again, because …"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants.rules.standing_in_register import Because, OwnWord, in_years, to_be_checked

NOVEMBER = date(2026, 11, 23)
LINE = 10_000_000  # fen
SPORADIC = {"is_exempt": True, "is_sporadic": True}

CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("nothing was said", {}, ["nothing_stated"]),
    ("registered", {"is_registered": True}, []),
    ("own apples, whatever the amount", {"is_exempt": True, "turnovers": ((2026, 50_000_000),)}, []),
    ("sporadic, no turnover told", SPORADIC, ["no_turnover_stated"]),
    ("sporadic, only an old turnover told", {**SPORADIC, "turnovers": ((2023, 1),)}, ["no_turnover_stated"]),
    ("sporadic, exactly on the line", {**SPORADIC, "turnovers": ((2026, LINE),)}, []),
    ("sporadic, a fen over it", {**SPORADIC, "turnovers": ((2026, LINE + 1),)}, ["over_the_line"]),
    (
        "sporadic, two shops that are over it together",
        {**SPORADIC, "turnovers": ((2026, 6_000_000), (2026, 4_000_001))},
        ["over_the_line"],
    ),
    ("sporadic, under it in each of two years", {**SPORADIC, "turnovers": ((2025, LINE), (2026, LINE))}, []),
    ("sporadic, over it last year", {**SPORADIC, "turnovers": ((2025, LINE + 1), (2026, 0))}, ["over_the_line"]),
    (
        "sporadic, food for a few yuan",
        {**SPORADIC, "turnovers": ((2026, 100),), "needs_licence": True},
        ["licensed_is_registered", "licence_missing"],
    ),
    (
        "exempt with a licence",
        {"is_exempt": True, "licences": (date(2027, 1, 1),)},
        ["licensed_is_registered"],
    ),
    ("registered, food without a licence", {"is_registered": True, "needs_licence": True}, ["licence_missing"]),
    ("a licence on its last day", {"is_registered": True, "licences": (NOVEMBER,)}, []),
    (
        "a licence the day after",
        {"is_registered": True, "licences": (date(2026, 11, 22),)},
        ["licence_run_out"],
    ),
]


@pytest.mark.parametrize(("said", "reasons"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_a_seller_says_fits_or_is_looked_at_again(said: dict[str, Any], reasons: list[str]) -> None:
    assert list(to_be_checked(OwnWord(**said), line_fen=LINE, on=NOVEMBER)) == reasons


def test_while_no_line_is_in_force_nobody_is_over_it() -> None:
    said = OwnWord(is_exempt=True, is_sporadic=True, turnovers=((2026, LINE + 1),))

    assert to_be_checked(said, line_fen=None, on=NOVEMBER) == ()


@given(st.lists(st.integers(0, LINE), min_size=1, max_size=8))
def test_how_a_turnover_is_spread_over_shops_changes_nothing(shops: list[int]) -> None:
    spread = [(2026, fen) for fen in shops]
    together = [(2026, sum(shops))]

    one, other = (
        to_be_checked(OwnWord(is_exempt=True, is_sporadic=True, turnovers=tuple(told)), line_fen=LINE, on=NOVEMBER)
        for told in (spread, together)
    )
    assert one == other
    assert (Because.OVER_THE_LINE in one) == (sum(shops) > LINE)
    assert in_years(spread) == {2026: sum(shops)}
