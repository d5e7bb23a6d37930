"""Normal forms: however a handle or a number is typed, it is found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microguard.core import normal_forms

INVISIBLE = "\u200b\u200d\u200e\u202e\u2060\ufeff\u3000 \t\n"
HANDLES = st.from_regex(r"[a-z][a-z0-9_-]{5,20}", fullmatch=True)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@given(HANDLES, st.sampled_from(("", "微信号：", "微信:", "WeChat: ", "wechat id：", "昵称： ")), st.data())
def test_a_handle_is_the_same_however_it_is_typed(handle: str, label: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(handle)))
    noise = data.draw(st.text(INVISIBLE, max_size=4))
    typed = handle[:place] + noise + handle[place:]

    for spelled in (typed, typed.upper(), wide(typed)):
        assert normal_forms.handle(label + spelled) == handle


@given(MOBILES, st.sampled_from(("", "+86", "0086", "+86 ", "＋８６－")))
def test_a_number_is_the_same_however_it_is_typed(number: str, before: str) -> None:
    typed = f"{before}{number[:3]}-{number[3:7]} {number[7:]}"

    assert normal_forms.phone(typed) == number
    assert normal_forms.phone(wide(typed)) == number
    assert normal_forms.is_mobile(normal_forms.phone(typed))


@given(st.text(max_size=40))
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    assert normal_forms.plain(normal_forms.plain(text)) == normal_forms.plain(text)


@pytest.mark.parametrize(
    "number", ["", "1380000000", "138000000011", "12800000000", "23800000000", "1380000000a", "1٣800000000"]
)
def test_what_is_no_mobile_number(number: str) -> None:
    assert not normal_forms.is_mobile(number)


@pytest.mark.parametrize(
    ("handle", "usual"),
    [("shoes_2026", True), ("wxid-abc", True), ("shoe1", False), ("2shoes26", False), ("鞋铺shoes", False),
     ("s" * 30, True), ("s" * 31, False), ("shoes\n", False)],
)  # fmt: skip
def test_a_usual_wechat_id(handle: str, usual: bool) -> None:
    assert normal_forms.is_usual_wechat_id(handle) is usual
