"""The thresholds of signals are data: a slip in them is told in one sentence that names the entry."""

from pathlib import Path

import pytest

from microguard.law.reading import LawDataError
from microguard.law.signals import DATA, load_signals, threshold

GOOD = DATA.read_text(encoding="utf-8")


def test_every_threshold_is_worded_in_both_languages() -> None:
    for limit in load_signals().values():
        for language in ("zh-hans", "en"):
            said = limit.reason.in_language(language).format_map(
                {"n": 5, "days": limit.days, "times": limit.times}
            )
            assert "{" not in said
            assert limit.title.in_language(language)


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ('about = "seller"', 'about = "judge"', "it is one of seller, complainant"),
        ("cases = 5", "cases = 0", "not a whole number above zero"),
        ("{n}位买家", "{who}", "speaks of something other"),
        ('article = "SAMR-121-17"\n', "", "names its article"),
        ('key = "surge"', 'key = "silence"', "stands there twice"),
        ("days = 30", "weeks = 4", "days is missing"),
    ],
)
def test_a_slip_is_told(good: str, bad: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "signals.toml"
    path.write_text(GOOD.replace(good, bad, 1), encoding="utf-8")

    with pytest.raises(LawDataError, match=sentence):
        load_signals(path)


def test_an_unknown_signal_is_told() -> None:
    with pytest.raises(LawDataError, match="no signal"):
        threshold("guilt")
