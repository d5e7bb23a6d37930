"""The routes as data: complete, in both languages, in step with the clocks, refused when damaged."""

from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from microguard.deadlines.legislation import OPERATORS, in_force
from microguard.law import routes as module
from microguard.law.reading import LawDataError
from microguard.law.routes import REASONS, Route, load_routes, routes, routes_on
from tests.house.test_no_period_in_pages import PERIOD

MONDAY = date(2026, 11, 23)
LAST_OF_ORDER_20, FIRST_OF_ORDER_121 = date(2026, 4, 14), date(2026, 4, 15)
ENTRY = module.DATA.read_text(encoding="utf-8")


def damaged(tmp_path: Path, old: str, new: str) -> Path:
    assert old in ENTRY
    path = tmp_path / "routes.toml"
    path.write_text(ENTRY.replace(old, new, 1), encoding="utf-8")
    return path


def texts(route: Route) -> list[str]:
    whats = (time.what for time in route.times)
    worded = (route.title, route.good_for, route.fee, route.cannot, *route.papers, *whats, *route.reasons.values())
    return list(chain.from_iterable(worded))


def test_every_route_is_there_today() -> None:
    assert list(routes_on(MONDAY)) == list(REASONS)


def test_the_regulators_route_follows_the_order_of_the_day() -> None:
    before, after = routes_on(LAST_OF_ORDER_20), routes_on(FIRST_OF_ORDER_121)

    assert before["market_regulator"].articles[0] == "SAMR-20-8"
    assert after["market_regulator"].articles[0] == "SAMR-121-8"


def test_other_mediation_organisations_bar_12315_only_under_order_20() -> None:
    before = routes_on(LAST_OF_ORDER_20)["market_regulator"].refuses_after
    after = routes_on(FIRST_OF_ORDER_121)["market_regulator"].refuses_after

    assert set(before) - set(after) == {"mediation_organisation"}
    assert "consumer_association" in after


def test_every_clock_that_a_route_names_holds_while_the_route_does() -> None:
    named = [(route, time) for route in routes() for time in route.times if time.clock]

    assert {time.clock for _route, time in named} == {
        "complaint.acceptance",
        "mediation.term",
        "judicial_confirmation",
        "clue.check",
    }
    for route, time in named:
        for day in (route.in_force_from, date(2026, 4, 14), MONDAY):
            if route.holds_on(day):
                assert in_force(time.clock, time.operator, day).statutory


def test_no_text_of_a_route_tells_a_length_of_time() -> None:
    assert [text for route in routes() for text in texts(route) if PERIOD.search(text)] == []


def test_the_operators_are_those_of_the_clocks() -> None:
    assert module.OPERATORS == OPERATORS


def test_what_costs_nothing_says_so() -> None:
    free = {route.key for route in routes() if route.fee_fen == 0}

    assert {"consumer_association", "market_regulator", "negotiation"} <= free
    assert "court" not in free


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('key = "police"', 'key = "army"', "key is 'army'; it is one of police"),
        ("fee_fen = 0", "fee_fen = -1", "fee_fen is -1, not a sum in fen."),
        ("fee_fen = 0", 'fee_fen = "0"', "fee_fen is '0', not a sum in fen."),
        ("fee_fen = 0", "fee_fen = 0\nprice = 1", "price cannot stand here."),
        ('no_time = { zh = "我们', 'no_times = { zh = "我们', "no_times cannot stand here."),
        ("[route.reasons]\nusual", "[route.reasons]\nunusual", "reasons: usual is missing."),
        ('articles = ["CL-266", "CL-144"]', "articles = []", "articles names none."),
        ('articles = ["CL-266", "CL-144"]', 'articles = ["266"]', "which is no key such as SAMR-121-23."),
        ('articles = ["CL-266", "CL-144"]\n', "", "articles is missing."),
        ("in_force_from = 2024-07-01", "in_force_from = 2024-13-01", "this is not TOML"),
        (
            "in_force_until = 2026-04-15",
            "in_force_until = 2026-04-16",
            "overlaps with market_regulator of 2024-07-01.",
        ),
        (
            "in_force_until = 2026-04-15",
            "in_force_until = 2024-07-01",
            "in_force_until is not after in_force_from.",
        ),
        ('source = "V/JL"', 'source = "R"', "needs a source whose text was read (V/…)."),
        ('clock = "complaint.acceptance"', 'clock = ""', "clock is not a text."),
        ('operator = "market_regulator"', 'operator = "regulator"', "operator is 'regulator'; it is one of"),
        ('unit = "months"', 'unit = "moons"', "unit is 'moons'; it is one of"),
        ("value = 15", "value = 0", "value is 0, not a whole number above zero."),
        ('refuses_after = ["court", "arbitration"', 'refuses_after = ["kurt", "arbitration"', "holds 'kurt'"),
        (
            '{ zh = "身份证", en = "Identity card" }',
            '{ zh = "身份证" }',
            "paper 1: papers needs its zh and its en wording.",
        ),
    ],
)
def test_a_damaged_entry_is_refused_with_its_place(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(LawDataError) as refused:
        load_routes(damaged(tmp_path, old, new))

    assert sentence in str(refused.value)
    assert str(refused.value).startswith("routes.toml")


def test_a_route_without_a_statement_on_time_is_refused(tmp_path: Path) -> None:
    line = next(line for line in ENTRY.splitlines() if line.startswith("no_time"))

    with pytest.raises(LawDataError, match="either times or no_time says how long it takes"):
        load_routes(damaged(tmp_path, line + "\n", ""))


def test_a_missing_route_is_named(tmp_path: Path) -> None:
    start = ENTRY.index('[[route]]\nkey = "labour"')

    with pytest.raises(LawDataError, match="labour is missing"):
        load_routes(damaged(tmp_path, ENTRY[start:], ""))
