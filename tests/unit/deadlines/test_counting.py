"""Where it stands how a term is counted: the order's own article, else the Civil Code's, else nothing."""

from datetime import date
from pathlib import Path

import pytest

from microguard.deadlines.counting import DATA, counting_of, read_counting
from microguard.deadlines.legislation import in_force
from microguard.law.reading import LawDataError


@pytest.mark.parametrize(
    ("rule", "operator", "started", "article"),
    [
        ("complaint.acceptance", "market_regulator", "2026-04-15", "第四十五条"),
        ("complaint.acceptance", "market_regulator", "2026-04-14", "第二百零一条"),
        ("complaint.acceptance", "consumer_association", "2026-04-15", "第二百零一条"),
        ("clue.check", "market_regulator", "2026-04-15", "第二百零一条"),
        ("complaint.acceptance", "market_regulator", "2020-12-31", None),
    ],
    ids=["the order in force", "the order before it", "own rule", "another instrument", "before the Civil Code"],
)
def test_the_day_of_the_event_does_not_count_by_an_article(
    rule: str, operator: str, started: str, article: str | None
) -> None:
    day = date.fromisoformat(started)

    found = counting_of(in_force(rule, operator, day), day)

    assert (found.articles["first_day"].zh if found else None) == article


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('source = "V/JL"', 'source = "R"', "counting.toml, entry 2: the law on counting needs a source"),
        ("first_day", "first", "counting.toml, entry 1: first_day is missing"),
        ("[[counting]]", "[[rule]]", r"counting.toml: this file holds \[\[counting\]\] entries"),
    ],
)
def test_malformed_entries_are_refused_with_one_sentence(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    text = DATA.read_text(encoding="utf-8")
    assert before in text
    spoilt = tmp_path / "counting.toml"
    spoilt.write_text(text.replace(before, after), encoding="utf-8")

    with pytest.raises(LawDataError, match=sentence):
        read_counting(spoilt)
