"""The engine of rights on any facts: it always answers, never promises, and no row of a table is idle."""

import random
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microguard.law.decisions import Strength
from microguard.law.instruments import instruments
from microguard.law.real_cases import real_cases, scored
from microguard.law.rights import LawNotLoaded, assess
from microguard.law.tables import idle_ends, rulebook, tables
from microguard.law.titles import right_title, title_of
from microguard.law.vocabulary import CHOICES, LISTS, MORE_CHOICES, MORE_LISTS, Facts, read_facts

TODAY = date(2026, 11, 25)


def some(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.sampled_from(values))


def several(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=4, unique=True)


MORE = st.fixed_dictionaries(
    {field: some(values) for field, values in MORE_CHOICES.items()}
    | {field: several(values) for field, values in MORE_LISTS.items()}
    | {"refunded_cny": st.one_of(st.none(), st.integers(0, 5_000))}
    | {"other_loss_cny": st.one_of(st.none(), st.integers(0, 5_000))}
    | {"promised_multiple": st.one_of(st.none(), st.integers(0, 20))}
    | {"agreed_penalty_cny": st.one_of(st.none(), st.integers(0, 5_000))}
)
DISPUTES = st.fixed_dictionaries(
    {field: some(values) for field, values in CHOICES.items()}
    | {field: several(values) for field, values in LISTS.items()}
    | {"price_cny": st.one_of(st.none(), st.integers(0, 5_000))}
    | {"days_since_receipt_if_known": st.one_of(st.none(), st.integers(0, 40))}
    | {"year": st.one_of(st.none(), st.integers(2015, 2026)), "more_facts": MORE}
)


@given(DISPUTES)
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_facts_get_an_answer_that_promises_nothing(content: dict[str, Any]) -> None:
    answer = assess(read_facts(content), TODAY)

    assert answer.shows("court_claim")
    for remedy in answer.remedies:
        assert remedy.conditions, remedy.key
        assert remedy.amount_fen is None or remedy.amount_fen >= 0
        assert all(key in instruments() for key in remedy.basis)
        assert title_of(remedy.remedy).zh
    shown_first = {remedy.remedy for remedy in answer.remedies if remedy.strength is Strength.MAIN}
    assert not shown_first & {remedy.remedy for remedy in answer.blocked}
    assert all(right_title(infringed.right).en for infringed in answer.rights)
    assert answer.evidence


@given(DISPUTES)
@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_not_knowing_who_sells_never_makes_a_multiple_certain(content: dict[str, Any]) -> None:
    unknown = content | {"seller_type": None, "seller_repeat": None, "channel": None}

    answer = assess(read_facts(unknown), TODAY)

    multiples = [r for r in answer.remedies if r.key in ("punitive_3x", "punitive_10x.food", "punitive_10x.drug")]
    assert all(remedy.strength is Strength.POSSIBLE for remedy in multiples)


def test_every_row_of_every_table_can_be_reached() -> None:
    book = tables()

    idle = {
        f"{table.key} {end}"
        for table in (*book.questions, *book.remedies)
        for end in idle_ends(table, book.domain)
        # A remedy that is shown whatever the facts has no otherwise; a question always has one.
        if not (end == "otherwise" and table.remedy)
    }

    assert idle == set()


def test_every_answer_of_every_question_is_given_to_some_facts() -> None:
    chance = random.Random(4)
    given_answers: set[tuple[str, str]] = set()
    for _number in range(3_000):
        answer = assess(read_facts(_by_chance(chance)), TODAY)
        given_answers |= {(key, answer.state[key]) for key in (table.key for table in rulebook(TODAY).questions)}

    expected = {(table.key, value) for table in rulebook(TODAY).questions for value in table.values}
    assert expected - given_answers == set()


def test_every_remedy_is_shown_to_some_facts() -> None:
    chance = random.Random(5)
    shown: set[str] = set()
    for _number in range(3_000):
        answer = assess(read_facts(_by_chance(chance)), TODAY)
        shown |= {remedy.key for remedy in (*answer.remedies, *answer.blocked)}

    assert {table.key for table in rulebook(TODAY).remedies} - shown == set()


def _by_chance(chance: random.Random) -> dict[str, Any]:
    """Return facts of which each answer is as likely as another."""
    facts: dict[str, Any] = {field: chance.choice(values) for field, values in CHOICES.items()}
    facts |= {field: chance.sample(values, chance.randint(0, 2)) for field, values in LISTS.items()}
    more: dict[str, Any] = {field: chance.choice(values) for field, values in MORE_CHOICES.items()}
    more |= {field: chance.sample(values, chance.randint(0, 1)) for field, values in MORE_LISTS.items()}
    for field in ("refunded_cny", "other_loss_cny", "agreed_penalty_cny", "promised_multiple"):
        more[field] = chance.choice([None, 1, 3, 1_000])
    facts |= {"price_cny": chance.choice([None, 5, 1_000]), "more_facts": more}
    return facts | {"days_since_receipt_if_known": chance.choice([None, 2, 30])}


def test_the_same_facts_get_the_same_answer() -> None:
    facts = Facts(problem=("counterfeit",), price_fen=12_800, seller_type="company")

    assert assess(facts, TODAY) == assess(facts, TODAY)


def test_a_day_before_the_data_is_refused() -> None:
    with pytest.raises(LawNotLoaded) as refusal:
        assess(Facts(), date(2020, 12, 31))

    assert "2021-01-01" in refusal.value.message


def test_reported_cases_are_answered_as_a_careful_lawyer_would() -> None:
    results = [(case, scored(case, TODAY)[1]) for case in real_cases() if case.scored]

    assert len(results) == 28
    assert [case.id for case in real_cases() if scored(case, TODAY)[1].broken] == []
    for part in ("remedy", "amount", "basis"):
        known = [value for _case, score in results if (value := getattr(score, part)) is not None]
        assert sum(known) / len(known) >= 0.95, part


def test_the_page_of_reported_cases_is_in_step() -> None:
    call_command("docs_law_cases", "--check")  # raises when it is not
