"""Credit codes and resident IDs: good ones pass however they are typed, of bad ones the wrong character is named."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from merchants.rules.identity import (
    CODE_SIGNS,
    FaultKind,
    age_on,
    compact,
    credit_code_fault,
    resident_id_fault,
)

TODAY = date(2026, 11, 26)
GOOD_CODES = ("91350100M000100Y43", "91440300708461136T")
GOOD_IDS = ("11010519491231002X", "440524188001010014")
SIGNS = "".join(sorted(CODE_SIGNS))


def with_check(body: str) -> str:
    """A resident ID with these first seventeen digits."""
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize("code", GOOD_CODES)
@pytest.mark.parametrize(
    "typed", ["{}", " {} ", "统一社会信用代码：{}", "\u200b{}\ufeff", "营业执照号:{}"], ids=repr
)
def test_a_good_code_passes_however_it_is_typed(code: str, typed: str) -> None:
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in code)

    for written in (code, code.lower(), full_width, f"{code[:2]}-{code[2:8]} {code[8:]}"):
        assert credit_code_fault(typed.format(written)) is None
        assert compact(typed.format(written)) == code


@pytest.mark.parametrize(
    ("code", "kind", "place"),
    [
        ("91310115MA1H8R7C6D", FaultKind.CHECK, 18),  # widely copied, and wrong: its check character is 7
        ("91350100M000100Y44", FaultKind.CHECK, 18),
        ("9135O100M000100Y43", FaultKind.CHARACTER, 5),  # the letter O for a zero
        ("91350100M0001OOY43", FaultKind.CHARACTER, 14),
        ("9135A100M000100Y43", FaultKind.CHARACTER, 5),  # a letter where the division stands
        ("91350100M000100Y4I", FaultKind.CHARACTER, 18),
        ("91350100M000100Y4", FaultKind.LENGTH, 18),
        ("91350100M000100Y433", FaultKind.LENGTH, 19),
        ("440301103097413", FaultKind.LENGTH, 16),  # a registration number from before credit codes
        ("营业执照", FaultKind.LENGTH, 1),
        ("", FaultKind.LENGTH, 1),
        ("张三的店", FaultKind.CHARACTER, 1),
    ],
)
def test_the_wrong_character_of_a_code_is_named(code: str, kind: FaultKind, place: int) -> None:
    fault = credit_code_fault(code)

    assert fault is not None
    assert (fault.kind, fault.place) == (kind, place)


def test_the_library_alone_would_refuse_authorities_that_begin_with_a_letter() -> None:
    body = "N2440300MA5EYK8L6"
    code = body + uscc.calc_check_digit(body)

    assert not uscc.is_valid(code)
    assert credit_code_fault(code) is None


@given(st.sampled_from(GOOD_CODES), st.integers(0, 17), st.sampled_from(SIGNS))
def test_every_single_slip_in_a_code_is_found(code: str, place: int, sign: str) -> None:
    slipped = code[:place] + sign + code[place + 1 :]

    assert (credit_code_fault(slipped) is None) == (slipped == code)


@given(st.text(max_size=30))
def test_any_text_has_an_answer_and_its_compact_form_the_same(text: str) -> None:
    assert compact(compact(text)) == compact(text)
    assert credit_code_fault(text) == credit_code_fault(compact(text))
    assert resident_id_fault(text, on=TODAY) == resident_id_fault(compact(text), on=TODAY)


@pytest.mark.parametrize("number", GOOD_IDS)
def test_a_good_id_passes(number: str) -> None:
    assert resident_id_fault(number, on=TODAY) is None
    assert resident_id_fault(f"身份证号：{number.lower()} ", on=TODAY) is None


@pytest.mark.parametrize(
    ("number", "kind", "place"),
    [
        ("110105194912310021", FaultKind.CHECK, 18),
        (with_check("11010519490230002"), FaultKind.DATE, 7),  # 30 February
        (with_check("11010520490101002"), FaultKind.DATE, 7),  # not born yet
        ("1101051949123100X2", FaultKind.CHARACTER, 17),
        ("1101051949123100ZX", FaultKind.CHARACTER, 17),
        ("110105491231002", FaultKind.LENGTH, 0),  # fifteen digits, out of use since 2013
    ],
)
def test_the_wrong_place_of_an_id_is_named(number: str, kind: FaultKind, place: int) -> None:
    fault = resident_id_fault(number, on=TODAY)

    assert fault is not None
    assert (fault.kind, fault.place) == (kind, place)


def test_a_person_is_of_full_age_on_the_eighteenth_birthday() -> None:
    number = with_check("44030520081126001")

    the_day_before = resident_id_fault(number, on=date(2026, 11, 25))
    assert the_day_before is not None
    assert the_day_before.kind is FaultKind.MINOR
    assert resident_id_fault(number, on=TODAY) is None


def test_who_was_born_on_a_leap_day_grows_older_on_the_first_of_march() -> None:
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize("number", [with_check("81000019800101001"), with_check("99999919800101001")])
def test_permits_and_old_divisions_that_the_library_does_not_know_pass(number: str) -> None:
    assert not ric.is_valid(number)
    assert resident_id_fault(number, on=TODAY) is None
