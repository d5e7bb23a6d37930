"""The questions to a seller, and which duties follow from any answers."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microguard.law.checklist import DATA, Condition, Facts, load_questions, questions
from microguard.law.duties import applying, register
from microguard.law.reading import LawDataError
from microguard.law.register import SELLING, Standing

MONDAY_IN_NOVEMBER = date(2026, 11, 23)
UNREGISTERED_FOOD_SELLER = {
    "goods": ["food"],
    "place": ["chat"],
    "registered": ["no"],
    "turnover": ["below"],
    "chain": ["none"],
    "prepayment": ["no"],
    "custom": ["no"],
    "publishes": ["none"],
}
REGISTERED_COSMETICS_LIVE = {
    "goods": ["cosmetics"],
    "place": ["live"],
    "registered": ["yes"],
    "turnover": ["above"],
    "chain": ["none"],
    "prepayment": ["no"],
    "custom": ["no"],
    "publishes": ["all"],
}


def answers() -> st.SearchStrategy[Facts]:
    """Any answers to all questions."""
    return st.fixed_dictionaries(
        {
            question.key: st.sets(
                st.sampled_from([choice.key for choice in question.choices]),
                min_size=1,
                max_size=None if question.several else 1,
            )
            for question in questions()
        }
    )


def standing_of(facts: Facts, on: date = MONDAY_IN_NOVEMBER) -> dict[str, Standing]:
    return {duty.key: duty.standing(facts) for duty in applying(facts, on)}


def keys(found: dict[str, Standing], standing: Standing) -> set[str]:
    return {key for key, stands in found.items() if stands is standing}


def meets(condition: Condition, facts: Facts) -> bool:
    """Whether a condition holds, said once more and otherwise."""
    return not any(
        all(answer not in wanted for answer in facts[question]) for question, wanted in condition.answers
    )


def test_nobody_is_asked_more_than_eight_questions() -> None:
    assert len(questions()) == 8


@given(facts=answers(), on=st.dates(date(2019, 1, 1), date(2028, 1, 1)))
@example(facts=UNREGISTERED_FOOD_SELLER, on=MONDAY_IN_NOVEMBER)
def test_every_duty_that_applies_is_listed_and_no_other(facts: Facts, on: date) -> None:
    listed = applying(facts, on)

    expected = {
        (duty.key, duty.in_force_from)
        for duty in register().every_version()
        if duty.party in SELLING
        and duty.in_force_from <= on
        and (duty.in_force_until is None or on < duty.in_force_until)
        and meets(duty.applies_when, facts)
    }
    assert len(listed) == len(expected)
    assert {(duty.key, duty.in_force_from) for duty in listed} == expected
    assert len({duty.key for duty in listed}) == len(listed)


@given(facts=answers())
def test_what_is_missing_comes_first_and_is_missing_by_the_answers(facts: Facts) -> None:
    listed = applying(facts, MONDAY_IN_NOVEMBER)

    order = [list(Standing).index(duty.standing(facts)) for duty in listed]
    assert order == sorted(order)
    for duty in listed:
        missing = duty.missing_when is not None and meets(duty.missing_when, facts)
        assert (duty.standing(facts) is Standing.MISSING) == missing


@given(facts=answers())
def test_fees_and_levels_are_to_be_checked_and_nothing_else_asks_for_that(facts: Facts) -> None:
    about_levels = {key: stands for key, stands in standing_of(facts).items() if key.startswith("agent.no_")}

    assert set(about_levels.values()) == ({Standing.CHECK} if "fees" in facts["chain"] else set())


@given(facts=answers(), question=st.sampled_from([question.key for question in questions()]))
def test_a_question_left_open_adds_no_duty(facts: Facts, question: str) -> None:
    open_facts = {key: given for key, given in facts.items() if key != question}

    assert standing_of(open_facts).keys() <= standing_of(facts).keys()


def test_every_duty_of_who_sells_can_be_found_missing_or_doubtful_where_it_says_so() -> None:
    for duty in register().every_version():
        for condition in (duty.missing_when, duty.check_when):
            if condition is None:
                continue
            assert duty.party in SELLING
            both = condition.facts.keys() & duty.applies_when.facts.keys()
            assert all(set(condition.facts[key]) & set(duty.applies_when.facts[key]) for key in both)


def test_an_unregistered_food_seller_on_moments() -> None:
    found = standing_of(UNREGISTERED_FOOD_SELLER)

    assert keys(found, Standing.MISSING) == {
        "seller.identity.self_declaration",
        "seller.identity.social",
        "seller.distance_information",
        "seller.complaints",
    }
    assert {"seller.registration.licensed", "seller.licence"} <= keys(found, Standing.CHECK)
    assert {"seller.food.safe", "seller.returns.no_reason"} <= keys(found, Standing.KEEP)
    assert not any(key.startswith(("live_room.", "agent.")) for key in found)
    assert not {"seller.identity.published", "seller.registration.turnover", "seller.drugs.genuine"} & set(found)


def test_the_same_seller_above_the_limit_lacks_the_registration() -> None:
    above = standing_of(UNREGISTERED_FOOD_SELLER | {"turnover": ["above"]})
    unknown = standing_of(UNREGISTERED_FOOD_SELLER | {"turnover": ["unknown"]})
    own_eggs = standing_of(UNREGISTERED_FOOD_SELLER | {"turnover": ["above"], "goods": ["own_made"]})

    assert above["seller.registration.turnover"] is Standing.MISSING
    assert unknown["seller.registration.turnover"] is Standing.CHECK
    assert "seller.registration.turnover" not in own_eggs


def test_a_registered_seller_of_cosmetics_in_a_live_room() -> None:
    found = standing_of(REGISTERED_COSMETICS_LIVE)

    assert keys(found, Standing.MISSING) == set()
    assert {"live_room.no_cures", "live_room.recommender", "seller.licence"} <= keys(found, Standing.CHECK)
    assert {"live_room.actual_seller", "live_room.video", "live_room.ai_label"} <= keys(found, Standing.KEEP)
    assert {"seller.identity.published", "seller.identity.platform_told"} <= keys(found, Standing.KEEP)
    assert not {"seller.identity.self_declaration", "seller.food.safe", "live_room.food"} & set(found)


def test_before_the_live_rules_the_live_room_had_fewer_duties() -> None:
    before = standing_of(REGISTERED_COSMETICS_LIVE, on=date(2026, 1, 31))

    assert "live_room.actual_seller" not in before
    assert before.keys() < standing_of(REGISTERED_COSMETICS_LIVE).keys()


# --- malformed questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ('key = "place"', 'key = "goods"', "this question stands here twice"),
        ("several = true", "several = 1", "several is neither true nor false"),
        ('{ key = "no", says', '{ key = "yes", says', "each with a key of its own"),
        ('asks = { zh = "您卖什么', 'ask = { zh = "您卖什么', "asks is missing"),
        ("choices = [", "choices = [ 7,", "this is no [[question.choices]] entry"),
    ],
)
def test_a_malformed_question_is_refused_with_a_sentence(
    tmp_path: Path, good: str, bad: str, sentence: str
) -> None:
    text = DATA.read_text("utf-8")
    assert good in text
    (tmp_path / "checklist.toml").write_text(text.replace(good, bad, 1), encoding="utf-8")

    with pytest.raises(LawDataError, match=re.escape(sentence)):
        load_questions(tmp_path / "checklist.toml")


def test_a_ninth_question_is_refused(tmp_path: Path) -> None:
    text = DATA.read_text("utf-8")
    ninth = text[text.rindex("[[question]]") :].replace('key = "publishes"', 'key = "weather"')
    (tmp_path / "checklist.toml").write_text(text + ninth, encoding="utf-8")

    with pytest.raises(LawDataError, match="nobody is asked more than 8 questions"):
        load_questions(tmp_path / "checklist.toml")
