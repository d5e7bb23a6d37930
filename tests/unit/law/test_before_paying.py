"""What to look at before paying: five checks, each on an article; a slip in the file gets one sentence."""

from pathlib import Path

import pytest

from microguard.law.before_paying import DATA, checks, load_checks
from microguard.law.reading import LawDataError


def test_there_are_five_looks_each_on_articles() -> None:
    assert [check.key for check in checks()] == ["who", "money", "promise", "return", "search"]
    assert checks()[0].basis == ("ECL-15", "SAMR-37-12")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('basis = ["CRPL-8"]', "basis = []", "rests on articles whose instruments are known"),
        ('"ECL-15"', '"XYZ-15"', "rests on articles whose instruments are known"),
        ('key = "search"', 'key = "who"', "this check stands there twice"),
        ("{return_days}", "{weeks}", "speaks of {weeks}, which is no number of the law"),
        ("[[check]]", "[[cheque]]", "holds [[check]] entries and nothing else"),
    ],
)
def test_a_slip_in_the_file_gets_one_sentence(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "before_you_pay.toml"
    path.write_text(DATA.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(LawDataError) as refused:
        load_checks(path)

    assert sentence in str(refused.value)
