"""Masks: enough to recognise somebody one knows, not enough to find somebody one does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microguard.core import masking


@pytest.mark.parametrize(("name", "shown"), [("张三丰", "张**"), ("张三", "张*"), ("张", "张*"), ("", "")])
def test_a_name_shows_the_family_name(name: str, shown: str) -> None:
    assert masking.name(name) == shown


@pytest.mark.parametrize(("phone", "shown"), [("13800000042", "138******42"), ("110", "***"), ("", "")])
def test_a_phone_shows_five_digits(phone: str, shown: str) -> None:
    assert masking.phone(phone) == shown


@pytest.mark.parametrize(("handle", "shown"), [("shoes_2026", "sh***6"), ("shoe", "s***"), ("", "***")])
def test_a_handle_shows_three_signs(handle: str, shown: str) -> None:
    assert masking.handle(handle) == shown


@given(st.text(min_size=2, max_size=40).filter(lambda text: "*" not in text))
def test_no_mask_shows_the_whole(text: str) -> None:
    for mask in (masking.name, masking.phone, masking.handle):
        assert text not in mask(text)
        assert "*" in mask(text)
