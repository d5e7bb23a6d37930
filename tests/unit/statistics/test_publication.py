"""What of a figure may be read by anybody: small numbers are withheld, rates need enough cases."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from microguard.statistics.figures import Closings, Figures, Share
from microguard.statistics.periods import Period
from microguard.statistics.publication import Published, count, enough_for_rates, publish, publish_closings, share

TOO_FEW = "Fewer than 30 cases: rates not shown yet."


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def closed(number: int, *, resolved: int = 0, recovered_in: int = 0) -> Closings:
    return Closings(number, resolved, 9.5, recovered_in * 12_800, recovered_in)


def by_key(lines: list[Published]) -> dict[str, tuple[str, str]]:
    return {line.key: (line.value, line.detail) for line in lines}


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (1280, "1,280")]
)
def test_a_number_below_five_is_not_told(number: int, words: str) -> None:
    assert count(number) == words


@pytest.mark.parametrize(
    ("part", "whole", "published"),
    [
        (0, 0, ("0", TOO_FEW)),
        (1, 4, ("fewer than 5", TOO_FEW)),
        (3, 5, ("fewer than 5 / 5", TOO_FEW)),
        (25, 29, ("25 / 29", TOO_FEW)),
        (25, 30, ("83%", "25 / 30")),
        (1, 200, ("1%", "fewer than 5 / 200")),
        (1234, 1234, ("100%", "1,234 / 1,234")),
    ],
)
def test_a_share_is_a_percentage_from_thirty_on(part: int, whole: int, published: tuple[str, str]) -> None:
    assert share(Share(part, whole)) == published


@pytest.mark.parametrize(("number", "enough"), [(0, False), (29, False), (30, True)])
def test_rates_need_thirty_closed_cases(number: int, enough: bool) -> None:
    assert enough_for_rates(closed(number)) is enough


def test_with_29_closed_cases_neither_rate_nor_median_is_told() -> None:
    lines = by_key(publish_closings(closed(29, resolved=20)))

    assert lines["closed"] == ("29", "")
    assert lines["resolved"] == ("20 / 29", TOO_FEW)
    assert lines["days-to-close"] == ("–", TOO_FEW)


def test_with_30_closed_cases_both_are() -> None:
    lines = by_key(publish_closings(closed(30, resolved=21)))

    assert lines["resolved"] == ("70%", "21 / 30")
    assert lines["days-to-close"] == ("9.5 days", "in 30 cases")


@pytest.mark.parametrize(
    ("cases", "published"),
    [
        (0, ("¥0.00", "in 0 cases")),
        (4, ("–", "An amount is shown from 5 cases on.")),
        (5, ("¥640.00", "in 5 cases")),
    ],
)
def test_an_amount_that_could_be_one_persons_is_not_told(cases: int, published: tuple[str, str]) -> None:
    assert by_key(publish_closings(closed(40, recovered_in=cases)))["recovered"] == published


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_figure_has_a_place_of_its_own_and_a_definition(language: str) -> None:
    period = Period(date(2025, 11, 24), date(2026, 11, 23))
    with translation.override(language):
        lines = publish(Figures(period, 40, closed(30), Share(20, 30), Share(30, 30), 0))

    assert len({line.key for line in lines}) == len(lines) == 8
    assert [line.key for line in lines if not line.label or not line.definition] == []
    assert [line.key for line in lines if line.is_now] == ["overdue"]
