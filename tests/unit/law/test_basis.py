"""On what a claim rests: found, conditional, conflicting or none, and the question on which that turned."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.rules.law_facts import REMEDIES_OF
from complaints.rules.standing import standing_of
from complaints.states import ClaimKind
from microguard.law.basis import Basis, Found, assessed, basis_of, kind_of, version_on, words_of, worst
from microguard.law.rights import assess
from microguard.law.tables import tables
from microguard.law.vocabulary import CHOICES, LISTS, MORE_CHOICES, Facts, read_facts

MONDAY = date(2026, 11, 23)


def facts(*problems: str, **content: Any) -> Facts:
    return read_facts({"problem": list(problems), **content})


def basis(told: Facts, claim: str, on: date = MONDAY) -> Basis:
    return basis_of(assessed(kind_of(told, on)), REMEDIES_OF[claim])


def test_money_back_for_what_never_came_has_a_basis() -> None:
    assert basis(facts("not_delivered"), ClaimKind.REFUND) == Basis(Found.FULL, "refund")


def test_a_return_that_may_be_too_late_turns_on_a_question_and_names_its_reason() -> None:
    found = basis(facts("refuse_return"), ClaimKind.RETURN_AND_REFUND)
    said = words_of(found, MONDAY)

    assert found.found is Found.CONDITIONAL
    assert (found.rule, bool(found.question), bool(found.reason)) == ("refund", True, True)
    assert all(said.question)
    assert all(said.reason)
    assert "《民法典》第五百七十七条" in [article.zh for article in said.articles]


def test_a_private_sale_stands_against_a_return_without_reason() -> None:
    told = facts("refuse_return", seller_type="private_one_off", seller_repeat="no")

    found = basis_of(assessed(kind_of(told, MONDAY)), {"return_no_reason"})

    assert found == Basis(Found.CONFLICTING, "return_no_reason", "trader", "private_sale")


def test_a_question_that_sums_up_others_gives_way_to_the_one_that_is_open() -> None:
    bad_sausage = facts("unsafe_food", goods_category="food", seller_type="company")
    shoes_of_somebody = facts("counterfeit", channel="moments", more_facts={"test_result": "not_genuine"})

    assert basis(bad_sausage, ClaimKind.COMPENSATION)[:3] == (Found.CONDITIONAL, "punitive_10x.food", "breach")
    assert basis(shoes_of_somebody, ClaimKind.COMPENSATION)[:3] == (Found.CONDITIONAL, "punitive_3x", "trader")


def test_a_repair_of_what_has_no_fault_finds_nothing_and_says_what_would_change_it() -> None:
    found = basis(facts("not_delivered"), ClaimKind.REPAIR)

    assert (found.found, found.rule, found.question) == (Found.NONE, "repair_or_return", "defect")
    assert all(words_of(found, MONDAY).question)


def test_an_apology_is_not_judged_and_does_not_outweigh_a_claim_that_is() -> None:
    apology = basis(facts("not_delivered"), ClaimKind.APOLOGY)

    claim, found = worst({"APOLOGY": apology, "REFUND": Basis(Found.FULL, "refund")})

    assert apology == Basis(Found.UNJUDGED)
    assert (claim, found.found) == ("REFUND", Found.FULL)
    assert worst({}) == ("", Basis(Found.UNJUDGED))


def test_the_claim_that_stands_worst_is_told() -> None:
    standing = standing_of(facts("not_delivered"), [ClaimKind.REFUND, ClaimKind.REPAIR], MONDAY)

    assert (standing.claim, standing.basis.found, standing.rights) == ("REPAIR", Found.NONE, ("fair_trade",))


def test_the_mark_of_the_rules_changes_when_a_rule_comes_and_not_from_day_to_day() -> None:
    assert version_on(date(2026, 4, 13)) == version_on(date(2026, 4, 14)) != version_on(date(2026, 4, 15))


def test_rules_of_a_day_before_the_data_are_those_of_its_first_day() -> None:
    assert assessed(kind_of(facts("not_delivered"), date(1999, 1, 1))).rules_as_of == tables().first_day


def a_choice(values: Any) -> Any:
    return st.sampled_from(sorted(values))


WORLD = st.fixed_dictionaries(
    {
        "problem": st.lists(a_choice(LISTS["problem"]), min_size=1, max_size=3, unique=True),
        **{key: a_choice(CHOICES[key]) for key in ("channel", "seller_type", "goods_category", "opened_or_used")},
        "price_cny": st.integers(1, 1_000_000),
        "more_facts": st.fixed_dictionaries(
            {key: a_choice(MORE_CHOICES[key]) for key in ("test_result", "told_before", "deposit_kind", "contact")}
        ),
    }
)


@settings(max_examples=150, deadline=None)
@given(world=WORLD, claim=a_choice(ClaimKind.values))
def test_what_is_found_is_what_the_assessment_shows(world: dict[str, Any], claim: str) -> None:
    told = read_facts(world)
    whole = assess(told, MONDAY)
    main = {remedy.remedy for remedy in whole.remedies if remedy.strength == "main"}
    possible = {remedy.remedy for remedy in whole.remedies} - {"note_rule_version"}
    blocked = {remedy.remedy for remedy in whole.blocked}

    found = basis(told, claim)

    wanted = REMEDIES_OF[claim]
    assert found.found == (
        Found.UNJUDGED
        if not wanted
        else Found.FULL
        if wanted & main
        else Found.CONDITIONAL
        if wanted & possible
        else Found.CONFLICTING
        if wanted & blocked
        else Found.NONE
    )
    assert (found.reason == "") == (found.found in (Found.FULL, Found.NONE, Found.UNJUDGED))
    assert standing_of(told, [claim], MONDAY).rights == tuple(right.right for right in whole.rights)


@given(world=WORLD)
@settings(max_examples=50, deadline=None)
def test_each_basis_can_be_told_in_words(world: dict[str, Any]) -> None:
    for claim in ClaimKind.values:
        found = basis(read_facts(world), claim)
        said = words_of(found, MONDAY)
        assert bool(said.reason.zh) == bool(found.reason)
        assert bool(said.question.zh) == bool(found.question)
