"""What stands out about a seller, at each threshold and one short of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants.rules.signals import SellerCase, Signal, seller_signals
from microguard.law.signals import signals

MONDAY = date(2026, 11, 23)
LIMITS = signals()


def a_case(number: int, *, ago: int = 3, **known: object) -> SellerCase:
    """A complaint of a buyer of its own, filed so many days ago."""
    told = {"buyer": f"buyer {number}", "goods": f"goods {number}", "problem": f"problem {number}", **known}
    return SellerCase(case=number, filed_on=MONDAY - timedelta(days=ago), **told)


def keys(cases: list[SellerCase], accounts: dict[str, date] | None = None) -> set[str]:
    return {signal.key for signal in seller_signals(cases, accounts or {}, on=MONDAY, thresholds=LIMITS)}


def the(key: str, cases: list[SellerCase]) -> Signal | None:
    found = seller_signals(cases, {}, on=MONDAY, thresholds=LIMITS)
    return next((signal for signal in found if signal.key == key), None)


def test_of_nothing_nothing_stands_out() -> None:
    assert keys([]) == set()


def test_one_problem_of_five_buyers_in_thirty_days() -> None:
    cases = [a_case(n, problem="DEFECT", ago=29) for n in range(1, 6)]

    assert the("repeat_problem", cases) == Signal("repeat_problem", 5, (1, 2, 3, 4, 5))
    assert the("repeat_problem", cases[:4]) is None
    assert the("repeat_problem", [*cases[:4], a_case(5, problem="DEFECT", ago=30)]) is None
    assert the("repeat_problem", [*cases[:4], a_case(5, problem="DEFECT", buyer="buyer 1")]) is None


def test_the_same_goods_under_three_accounts() -> None:
    cases = [a_case(n, goods="面膜", handles=frozenset({f"account {n}"}), ago=200) for n in (1, 2, 3)]

    assert the("same_goods", cases) == Signal("same_goods", 3, (1, 2, 3))
    assert the("same_goods", cases[:2]) is None
    assert the("same_goods", [a_case(n, goods="面膜", handles=frozenset({"one"})) for n in (1, 2, 3)]) is None


@pytest.mark.parametrize(("before", "stands_out"), [(0, True), (18, True), (19, False)])
def test_a_surge_is_three_times_the_month_before(before: int, stands_out: bool) -> None:
    cases = [a_case(n) for n in range(5)] + [a_case(100 + n, ago=60 + n) for n in range(before)]

    # 335 days before are 11.17 months: 5 x 11.17 > 3 x 18, and not > 3 x 19
    assert (the("surge", cases) is not None) is stands_out
    assert the("surge", cases[:4]) is None


@pytest.mark.parametrize(("silent", "answered", "stands_out"), [(3, 3, True), (3, 4, False), (2, 0, False)])
def test_silence_is_half_of_the_terms_that_ended(silent: int, answered: int, stands_out: bool) -> None:
    cases = [a_case(n, term_ended=True, was_silent=True) for n in range(silent)]
    cases += [a_case(50 + n, term_ended=True) for n in range(answered)] + [a_case(99)]

    assert (the("silence", cases) is not None) is stands_out


def test_a_threat_in_one_story_is_enough() -> None:
    assert the(
        "threats", [a_case(1, texts=("他说再投诉就人肉我。",)), a_case(2, texts=("鞋子开胶。",))]
    ) == Signal("threats", 1, (1,))


def test_three_new_accounts_beside_the_first() -> None:
    known = {f"account {n}": MONDAY - timedelta(days=n) for n in (10, 20, 30)}
    old = {"account": MONDAY - timedelta(days=300)}

    assert "account_hopping" in keys([], old | known)
    assert "account_hopping" not in keys([], known)  # the first of the three is no change
    assert "account_hopping" not in keys([], old | {"account 10": MONDAY, "account 20": MONDAY})


@given(
    st.lists(
        st.builds(
            SellerCase,
            case=st.integers(1, 99),
            buyer=st.sampled_from("abcdefg"),
            goods=st.sampled_from("xy"),
            problem=st.sampled_from("pq"),
            filed_on=st.dates(MONDAY - timedelta(days=400), MONDAY + timedelta(days=2)),
            handles=st.frozensets(st.sampled_from("123"), max_size=2),
            texts=st.lists(st.sampled_from(["威胁", "好"]), max_size=1).map(tuple),
            term_ended=st.booleans(),
            was_silent=st.booleans(),
        ),
        max_size=30,
    )
)
def test_every_signal_names_cases_of_the_seller_and_reaches_its_threshold(cases: list[SellerCase]) -> None:
    for signal in seller_signals(cases, {}, on=MONDAY, thresholds=LIMITS):
        assert set(signal.cases) <= {case.case for case in cases}
        assert signal.n >= LIMITS[signal.key].cases
        assert LIMITS[signal.key].about == "seller"
