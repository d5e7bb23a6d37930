"""Case numbers: a slip of the finger is found before anybody is sent to somebody else's case."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from microguard.core.references import ALPHABET, case_number, read_case_number

numbers = st.builds(case_number)


def places(number: str) -> list[int]:
    return [place for place, char in enumerate(number) if place > 2 and char != "-"]


@given(numbers)
def test_a_number_is_read_as_it_is_spelled(number: str) -> None:
    assert read_case_number(number) == number
    assert len(number) == 12


@given(numbers)
def test_every_single_wrong_character_is_found(number: str) -> None:
    for place in places(number):
        for char in ALPHABET:
            slip = number[:place] + char + number[place + 1 :]
            assert (read_case_number(slip) is None) == (slip != number)


@given(numbers)
def test_every_swap_of_neighbours_is_found(number: str) -> None:
    spots = places(number)
    for one, other in pairwise(spots):
        chars = list(number)
        chars[one], chars[other] = chars[other], chars[one]
        slip = "".join(chars)
        assert (read_case_number(slip) is None) == (slip != number)


@given(numbers)
def test_every_lost_or_doubled_character_is_found(number: str) -> None:
    for place in places(number):
        assert read_case_number(number[:place] + number[place + 1 :]) is None
        assert read_case_number(number[:place] + number[place] + number[place:]) is None


@given(numbers, st.sampled_from((" ", "-", "", "—", "　")))
def test_it_is_read_as_people_type_it(number: str, gap: str) -> None:
    typed = gap.join(number.replace("-", "")).lower().replace("0", "o").replace("1", "l")

    assert read_case_number(typed) == number
    assert read_case_number(number.removeprefix("MG-")) == number


def test_a_number_that_begins_with_mg_itself_is_read_with_and_without_it() -> None:
    assert read_case_number("MG-MGY8-PGED") == read_case_number("mgy8 pged") == "MG-MGY8-PGED"


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text: str) -> None:
    read = read_case_number(text)

    assert read is None or read_case_number(read) == read


def test_numbers_do_not_repeat() -> None:
    assert len({case_number() for _ in range(2_000)}) == 2_000
