"""Rules in words: lengths, articles, and the order in which a case meets them."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from microguard.deadlines.legislation import OPERATORS, Unit, in_force, legislation
from microguard.deadlines.wording import length_of, provision_of, reason_in_words, rule_lines, title_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("unit", "value", "in_english", "in_chinese"),
    [
        (Unit.WORKING_DAYS, 7, "7 working days", "7个工作日"),
        (Unit.WORKING_DAYS, 1, "1 working day", "1个工作日"),
        (Unit.CALENDAR_DAYS, 60, "60 days", "60天"),
        (Unit.HOURS, 48, "48 hours", "48小时"),
        (Unit.MONTHS, 6, "6 months", "6个月"),
    ],
)
def test_a_length_says_its_unit_in_both_languages(
    unit: Unit, value: int, in_english: str, in_chinese: str
) -> None:
    version = replace(in_force("mediation.term", "market_regulator", TODAY), unit=unit, value=value)

    with translation.override("en"):
        assert length_of(version) == in_english
    with translation.override("zh-hans"):
        assert length_of(version) == in_chinese


def test_a_statutory_rule_names_its_article_and_a_policy_none() -> None:
    with translation.override("en"):
        assert provision_of(in_force("complaint.acceptance", "market_regulator", TODAY)).endswith("art. 15")
        assert provision_of(in_force("complaint.acceptance", "consumer_association", TODAY)) == ""


def test_a_version_that_is_no_longer_known_goes_by_its_own_name() -> None:
    assert title_of("old.rule@1999-01-01/consumer_association") == "old.rule"


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_rule_in_force_is_told_once_and_no_other(operator: str) -> None:
    lines = rule_lines(operator, TODAY)

    assert sorted(line.id for line in lines) == sorted(
        version.id for version in legislation().clocks_of(operator, TODAY)
    )


def test_the_rules_come_in_the_order_of_a_case() -> None:
    keys = [line.id.partition("@")[0] for line in rule_lines("market_regulator", TODAY)]

    course = ["first.contact", "complaint.acceptance", "respondent.answer", "mediation.term", "case.evaluation"]
    assert [key for key in keys if key in course] == course


@pytest.mark.parametrize("word", ["被投诉人", "受理", "举证", "诉请", "调解终止", "履行", "经营者"])
def test_what_the_public_reads_of_a_rule_is_in_plain_words(word: str) -> None:
    told = [text for version in legislation().every_version() for text in (version.title.zh, version.starts_at.zh)]

    assert [text for text in told if word in text] == []


def test_every_reason_for_which_a_clock_may_stand_still_has_words() -> None:
    reasons = {reason for version in legislation().every_version() for reason in version.suspended_by}

    assert reasons
    assert all(str(reason_in_words(reason)) for reason in reasons)
