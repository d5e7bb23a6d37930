"""Divisions as dated data: old codes keep their names, a damaged table is refused with its row."""

from datetime import date
from pathlib import Path

import pytest

from microguard.jurisdictions import divisions as module
from microguard.jurisdictions.divisions import (
    DivisionDataError,
    choices,
    divisions,
    full_name,
    held_on,
    load_divisions,
)

HEADER = "code,name,province,valid_from,valid_to\n"
GUANGDONG = "440000,广东省,,2020-01-01,\n"
MONDAY = date(2026, 11, 23)


def table(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "divisions.csv"
    path.write_text(header + "".join(rows), encoding="utf-8")
    return path


def codes_offered(on: date) -> set[str]:
    return {code for _province, cities in choices(on) for code, _name in cities}


def test_the_installed_table_is_read_and_has_every_province() -> None:
    versions = load_divisions()

    assert len(versions) == 484
    assert sum(1 for code in versions if code.endswith("0000")) == 34
    assert full_name("440300") == "广东省 深圳市"
    assert full_name("999999") == ""


def test_nothing_is_claimed_about_the_years_before_the_table() -> None:
    assert held_on("440300", date(2020, 1, 1))
    assert not held_on("440300", date(2019, 12, 31))


@pytest.fixture
def old_and_new_town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A made-up table: 440399 was given up for 440398 on 1 June 2026, and 440397 was renamed that day."""
    path = table(
        tmp_path,
        GUANGDONG,
        "440399,旧城区,440000,2020-01-01,2026-06-01\n",
        "440398,新城区,440000,2026-06-01,\n",
        "440397,东镇,440000,2020-01-01,2026-06-01\n",
        "440397,东城区,440000,2026-06-01,\n",
    )
    monkeypatch.setattr(module, "_versions", lambda: load_divisions(path))
    divisions.cache_clear()
    yield
    divisions.cache_clear()


@pytest.mark.usefixtures("old_and_new_town")
def test_a_form_offers_what_is_valid_on_its_day() -> None:
    assert codes_offered(date(2026, 5, 31)) == {"440399", "440397"}
    assert codes_offered(date(2026, 6, 1)) == {"440398", "440397"}


@pytest.mark.usefixtures("old_and_new_town")
def test_an_old_code_of_a_stored_complaint_still_has_its_name() -> None:
    assert full_name("440399") == "广东省 旧城区"
    assert not held_on("440399", MONDAY)


@pytest.mark.usefixtures("old_and_new_town")
def test_a_renamed_division_is_called_by_its_last_name() -> None:
    assert full_name("440397") == "广东省 东城区"
    assert dict(choices(date(2026, 5, 31)))["广东省"] == [("440399", "旧城区"), ("440397", "东镇")]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("44030,深圳市,440000,2020-01-01,\n", "line 3: '44030' is no six-digit code."),
        ("440300,,440000,2020-01-01,\n", "line 3: '' is no name."),
        ("440300, 深圳市,440000,2020-01-01,\n", "line 3: ' 深圳市' is no name."),
        ("440300,深圳市,440000,2020-02-30,\n", "line 3: '2020-02-30' is not a day such as 2020-01-01."),
        ("440300,深圳市,440000,20200101,\n", "line 3: '20200101' is not a day such as 2020-01-01."),
        ("440300,深圳市,440000,2020-01-01,2019-01-01\n", "line 3: valid_to is not after valid_from."),
        ("440300,深圳市,440000,2020-01-01\n", "line 3: 4 fields stand where 5 belong."),
        ("440300,深圳市,440000,2020-01-01,,\n", "line 3: 6 fields stand where 5 belong."),
        ("330100,杭州市,330000,2020-01-01,\n", "line 3: there is no province 330000 on 2020-01-01."),
        ("440300,深圳市,440000,2019-06-01,\n", "line 3: there is no province 440000 on 2019-06-01."),
        ("440300,深圳市,330000,2020-01-01,\n", "line 3: the province of 440300 is 440000."),
        ("440300,深圳市,,2020-01-01,\n", "line 3: the province of 440300 is 440000."),
        ("330000,浙江省,440000,2020-01-01,\n", "line 3: the province of 330000 is left empty."),
        (GUANGDONG, "line 3: 440000 stands there twice for 2020-01-01."),
        ("440000,广东,,2026-01-01,\n", "line 3: 440000 stands there twice for 2026-01-01."),
        ('"440300,深圳市,440000,2020-01-01,\n', "this is no table of divisions (unexpected end of data)."),
    ],
)
def test_a_damaged_row_is_refused_with_its_place(row: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(DivisionDataError) as refused:
        load_divisions(table(tmp_path, GUANGDONG, row))

    assert str(refused.value).endswith(sentence)
    assert str(refused.value).startswith("divisions.csv")


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DivisionDataError, match="the columns are code, name, province, valid_from, valid_to"):
        load_divisions(table(tmp_path, "440000,广东省,\n", header="code,name,province\n"))


def test_a_table_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_bytes(HEADER.encode() + "440000,广东省,,2020-01-01,\n".encode("gb18030"))

    with pytest.raises(DivisionDataError, match="this is no table of divisions"):
        load_divisions(path)


def test_a_line_of_ten_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(DivisionDataError, match="longer than 1000000 bytes"):
        load_divisions(table(tmp_path, "4" * 10_000_000))


def test_a_long_line_is_refused_in_a_short_sentence(tmp_path: Path) -> None:
    with pytest.raises(DivisionDataError) as refused:
        load_divisions(table(tmp_path, f"440000,{'广' * 200_000},,2020-01-01,\n"))

    assert len(str(refused.value)) < 200
