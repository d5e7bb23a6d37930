"""The law as data: every clock with its basis, versions chosen by date, malformed entries refused."""

from datetime import date
from pathlib import Path

import pytest

from microguard.deadlines.legislation import (
    Legislation,
    NoRuleInForce,
    RuleVersion,
    UnknownOperator,
    UnknownRule,
    in_force,
    legislation,
    load_legislation,
)
from microguard.law.reading import LawDataError

MONDAY_IN_NOVEMBER = date(2026, 11, 23)

EVERY_OPERATOR = {
    "case.evaluation": "20 calendar_days, policy",
    "claim.cooling": "7 calendar_days, policy",
    "claim.review": "2 working_days, policy",
    "complaint.acceptance.target": "3 working_days, policy",
    "complaint.correction": "5 working_days, policy",
    "first.contact": "2 working_days, policy",
    "identity.check_again": "6 months, policy",
    "identity.objection": "5 working_days, policy",
    "identity.update": "10 working_days, SAMR-37-12",
    "mediation.consent": "5 calendar_days, policy",
    "mediator.declaration": "2 working_days, policy",
    "mediator.objection": "3 calendar_days, policy",
    "negotiation.term": "10 calendar_days, policy",
    "negotiation.term.extended": "15 calendar_days, policy",
    "platform.answer": "5 working_days, policy",
    "profile.correction": "5 working_days, policy",
    "proposal.reflection": "7 calendar_days, policy",
    "proposal.reflection.minimum": "24 hours, policy",
    "safety.triage": "1 working_days, policy",
    "settlement.cooling_off": "48 hours, policy",
    "settlement.performance": "48 hours, policy",
}
ASSOCIATION = EVERY_OPERATOR | {
    "complaint.acceptance": "7 working_days, policy",
    "judicial_confirmation": "30 calendar_days, CPL-205",
    "mediation.term": "60 calendar_days, policy",
    "respondent.answer": "10 working_days, policy",
    "respondent.reminder": "3 working_days, policy",
    "termination.notice": "7 working_days, policy",
}
REGULATOR = EVERY_OPERATOR | {
    "clue.check": "15 working_days, SAMR-2-18",
    "clue.check.extended": "30 working_days, SAMR-2-18",
    "complaint.acceptance": "7 working_days, SAMR-121-15",
    "jurisdiction.dispute": "7 working_days, SAMR-121-33",
    "mediation.term": "60 calendar_days, SAMR-121-23",
    "respondent.answer": "5 working_days, policy",
    "respondent.reminder": "2 working_days, policy",
    "termination.notice": "7 working_days, SAMR-121-23",
}

TWO_VERSIONS = """
[[rule]]
key = "first.contact"
operators = ["consumer_association"]
basis = "policy"
in_force_from = 2020-01-01
in_force_until = 2025-01-01
value = 2
unit = "working_days"
title = { zh = "首次联系", en = "First contact" }
starts_at = { zh = "提交投诉", en = "filing" }
at_lapse = { zh = "提醒主管", en = "the supervisor is alarmed" }
source = "policy"

[[rule]]
key = "complaint.acceptance"
operators = ["market_regulator"]
basis = "statutory"
instrument = { zh = "办法", en = "Measures" }
provision = { zh = "第十五条", en = "art. 15" }
article = "SAMR-121-15"
in_force_from = 2026-04-15
value = 7
unit = "working_days"
title = { zh = "受理决定", en = "Decision on acceptance" }
starts_at = { zh = "收到投诉", en = "receipt" }
suspended_by = []
alarm_days_before = [1]
at_lapse = { zh = "提醒主管", en = "the supervisor is alarmed" }
source = "V/S121"
quotation = "自收到投诉之日起七个工作日内"
"""


def described(version: RuleVersion) -> str:
    return f"{version.value} {version.unit}, {version.article or version.basis}"


@pytest.mark.parametrize(
    ("operator", "clocks"),
    [
        ("consumer_association", ASSOCIATION),
        ("mediation_organisation", ASSOCIATION),
        ("market_regulator", REGULATOR),
    ],
)
def test_every_clock_of_an_operator_with_its_basis(operator: str, clocks: dict[str, str]) -> None:
    listed = legislation().clocks_of(operator, MONDAY_IN_NOVEMBER)

    assert {version.key: described(version) for version in listed} == clocks


@pytest.mark.parametrize(
    ("clock", "day", "identity"),
    [
        ("complaint.acceptance", "2020-01-01", "complaint.acceptance@2020-01-01/market_regulator"),
        ("complaint.acceptance", "2026-04-14", "complaint.acceptance@2020-01-01/market_regulator"),
        ("complaint.acceptance", "2026-04-15", "complaint.acceptance@2026-04-15/market_regulator"),
        ("mediation.term", "2024-06-30", "mediation.term@2020-01-01/market_regulator"),
        ("mediation.term", "2024-07-01", "mediation.term@2024-07-01/market_regulator"),
        ("mediation.term", "2026-04-14", "mediation.term@2024-07-01/market_regulator"),
        ("mediation.term", "2026-04-15", "mediation.term@2026-04-15/market_regulator"),
        ("termination.notice", "2026-04-14", "termination.notice@2020-01-01/market_regulator"),
        ("termination.notice", "2026-04-15", "termination.notice@2026-04-15/market_regulator"),
        ("jurisdiction.dispute", "2026-04-14", "jurisdiction.dispute@2020-01-01/market_regulator"),
        ("jurisdiction.dispute", "2026-04-15", "jurisdiction.dispute@2026-04-15/market_regulator"),
        ("clue.check", "2026-04-14", "clue.check@2021-07-15/market_regulator"),
        ("clue.check", "2026-04-15", "clue.check@2026-04-15/market_regulator"),
    ],
)
def test_the_version_is_chosen_by_the_day_of_the_trigger(clock: str, day: str, identity: str) -> None:
    assert in_force(clock, "market_regulator", date.fromisoformat(day)).id == identity


@pytest.mark.parametrize(
    ("clock", "operator", "day"),
    [
        ("complaint.acceptance", "market_regulator", date(2019, 12, 31)),
        ("clue.check", "consumer_association", MONDAY_IN_NOVEMBER),
        ("judicial_confirmation", "market_regulator", MONDAY_IN_NOVEMBER),
    ],
    ids=["before the first version", "not a clock of associations", "not offered by regulators"],
)
def test_a_clock_that_does_not_hold_is_refused(clock: str, operator: str, day: date) -> None:
    with pytest.raises(NoRuleInForce) as refusal:
        in_force(clock, operator, day)

    assert refusal.value.values == {"rule": clock, "operator": operator, "on": day.isoformat()}


def test_unknown_names_are_told_apart_from_clocks_that_do_not_hold() -> None:
    with pytest.raises(UnknownRule):
        in_force("complaint.acceptence", "market_regulator", MONDAY_IN_NOVEMBER)
    with pytest.raises(UnknownOperator):
        in_force("complaint.acceptance", "regulator", MONDAY_IN_NOVEMBER)
    with pytest.raises(UnknownOperator):
        legislation().clocks_of("regulator", MONDAY_IN_NOVEMBER)


def test_only_statutes_that_were_read_are_cited() -> None:
    statutory = [version for version in legislation().every_version() if version.statutory]

    assert {version.key for version in statutory} == {
        "complaint.acceptance",
        "mediation.term",
        "termination.notice",
        "clue.check",
        "clue.check.extended",
        "judicial_confirmation",
        "jurisdiction.dispute",
        "identity.update",
    }
    assert all(version.source.startswith("V/") for version in statutory)


def test_a_statutory_clock_can_be_cited_in_both_languages() -> None:
    citation = in_force("mediation.term", "market_regulator", MONDAY_IN_NOVEMBER).citation

    assert citation is not None
    assert citation.instrument.in_language("zh-hans") == "《市场监督管理投诉举报处理办法》"
    assert citation.provision.in_language("en") == "art. 23(1)(5)"
    assert citation.quotation == "自投诉受理之日起六十日内"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("value = 2", "value = ", "law.toml: this is not TOML"),
        ("[[rule]]", "[[clock]]", "law.toml: this file holds [[rule]] entries"),
        ("value = 2", "value = 0", "law.toml, entry 1 (first.contact): value is 0, not a whole number above"),
        ("value = 2", "value = -2", "(first.contact): value is -2"),
        ("value = 2", "value = true", "(first.contact): value is True"),
        ('"working_days"', '"weeks"', "(first.contact): unit is 'weeks'; it is one of working_days"),
        ('"policy"\nin_force', '"custom"\nin_force', "(first.contact): basis is 'custom'"),
        (
            '["consumer_association"]',
            '["association"]',
            "(first.contact): operators holds 'association'",
        ),
        ('["consumer_association"]', "[]", "(first.contact): operators names nobody"),
        ('article = "SAMR-121-15"\n', "", "(complaint.acceptance): article is missing"),
        (
            'article = "SAMR-121-15"',
            'article = "art. 15"',
            "(complaint.acceptance): article is 'art. 15'",
        ),
        ('key = "first.contact"\n', "", "law.toml, entry 1: key is missing"),
        (
            'source = "policy"',
            'source = "policy"\narticle = "CC-1"',
            "(first.contact): article cannot",
        ),
        (
            'source = "policy"',
            'source = "policy"\nexpiry = 3',
            "(first.contact): expiry cannot stand",
        ),
        ('"V/S121"', '"D/S121"', "(complaint.acceptance): a statutory clock needs a source"),
        ("七个工作日内", "七" * 30, "(complaint.acceptance): quotation is longer than 30"),
        ("= 2020-01-01", "= '2020'", "(first.contact): in_force_from is '2020', not a day"),
        ("= 2025-01-01", "= 2020-01-01", "(first.contact): in_force_until is not after"),
        (
            '{ zh = "首次联系", en = "First contact" }',
            '"First contact"',
            "(first.contact): title needs",
        ),
        ('en = "First contact"', 'en = ""', "(first.contact): title has an empty wording"),
        (
            "suspended_by = []",
            "suspended_by = 'appraisal'",
            "(complaint.acceptance): suspended_by is not",
        ),
        (
            "alarm_days_before = [1]",
            "alarm_days_before = [0]",
            "(complaint.acceptance): alarm_days_before",
        ),
    ],
)
def test_a_malformed_entry_is_refused_with_one_sentence(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    assert before in TWO_VERSIONS
    (tmp_path / "law.toml").write_text(TWO_VERSIONS.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(LawDataError) as refusal:
        load_legislation(tmp_path)

    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_two_versions_that_overlap_are_refused_even_across_files(tmp_path: Path) -> None:
    later = TWO_VERSIONS.replace("in_force_until = 2025-01-01\n", "").replace("2020-01-01", "2024-12-31")
    (tmp_path / "a.toml").write_text(TWO_VERSIONS, encoding="utf-8")
    (tmp_path / "b.toml").write_text(later.split('[[rule]]\nkey = "complaint')[0], encoding="utf-8")

    with pytest.raises(LawDataError) as refusal:
        load_legislation(tmp_path)

    assert str(refusal.value) == (
        "b.toml, entry 1 (first.contact): overlaps with a.toml, entry 1 (first.contact)"
        " (first.contact@2020-01-01/consumer_association)."
    )


def test_versions_that_meet_do_not_overlap(tmp_path: Path) -> None:
    later = TWO_VERSIONS.replace("in_force_until = 2025-01-01\n", "").replace("2020-01-01", "2025-01-01")
    (tmp_path / "a.toml").write_text(TWO_VERSIONS, encoding="utf-8")
    (tmp_path / "b.toml").write_text(later.split('[[rule]]\nkey = "complaint')[0], encoding="utf-8")

    law = load_legislation(tmp_path)

    assert law.in_force("first.contact", "consumer_association", date(2024, 12, 31)).in_force_until
    assert law.in_force("first.contact", "consumer_association", date(2025, 1, 1)).in_force_until is None


def test_a_folder_without_legislation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawDataError, match="there is no legislation here"):
        load_legislation(tmp_path)


EXTENDED = """
[[rule]]
key = "clue.check.extended"
operators = ["consumer_association"]
basis = "policy"
in_force_from = 2020-01-01
value = 30
unit = "working_days"
title = { zh = "核查", en = "Check" }
starts_at = { zh = "登记", en = "recording" }
at_lapse = { zh = "提醒", en = "alarm" }
source = "policy"
"""
EXTENDABLE = (
    EXTENDED.replace(".extended", "")
    .replace("30", "15")
    .replace("source", 'extension = { to = "clue.check.extended", approved_by = "supervisor" }\nsource')
)


def law_of(folder: Path, *texts: str) -> Legislation:
    (folder / "a.toml").write_text("".join(texts), encoding="utf-8")
    return load_legislation(folder)


def test_a_clock_says_to_what_it_may_be_extended_and_on_whose_word(tmp_path: Path) -> None:
    law = law_of(tmp_path, EXTENDABLE, EXTENDED)

    assert law.in_force("clue.check", "consumer_association", MONDAY_IN_NOVEMBER).extension == (
        "clue.check.extended",
        "supervisor",
    )
    assert law.in_force("clue.check.extended", "consumer_association", MONDAY_IN_NOVEMBER).extension is None


def test_the_installed_extensions_are_those_of_the_decisions() -> None:
    extensions = {
        version.key: (version.value, version.unit, *version.extension)
        for version in legislation().every_version()
        if version.extension
    }

    assert extensions == {
        "clue.check": (15, "working_days", "clue.check.extended", "supervisor"),
        "negotiation.term": (10, "calendar_days", "negotiation.term.extended", "other_party"),
    }


@pytest.mark.parametrize(
    ("extendable", "extended", "sentence"),
    [
        (EXTENDABLE, "", "no longer term “clue.check.extended” in working_days on 2020-01-01."),
        (
            EXTENDABLE,
            EXTENDED.replace("2020-01-01", "2021-01-01"),
            "no longer term “clue.check.extended” in working_days on 2020-01-01.",
        ),
        (
            EXTENDABLE,
            EXTENDED.replace("value", "in_force_until = 2022-01-01\nvalue"),
            "no longer term “clue.check.extended” in working_days on 2022-01-01.",
        ),
        (
            EXTENDABLE,
            EXTENDED.replace("30", "15"),
            "no longer term “clue.check.extended” in working_days on 2020-01-01.",
        ),
        (
            EXTENDABLE,
            EXTENDED.replace("working_days", "hours"),
            "no longer term “clue.check.extended” in working_days on 2020-01-01.",
        ),
    ],
    ids=["missing", "begins later", "ends earlier", "not longer", "another unit"],
)
def test_an_extension_that_leads_nowhere_is_refused(
    tmp_path: Path, extendable: str, extended: str, sentence: str
) -> None:
    with pytest.raises(LawDataError) as refusal:
        law_of(tmp_path, extendable, extended)

    assert str(refusal.value) == f"a.toml, entry 1 (clue.check): {sentence}"


@pytest.mark.parametrize(
    ("given", "wrong", "sentence"),
    [
        ('"supervisor"', '"nobody"', "approved_by is 'nobody'; it is one of supervisor, other_party."),
        (', approved_by = "supervisor"', "", "approved_by is missing."),
        ('{ to = "clue.check.extended", approved_by = "supervisor" }', "15", "this is no [[extension]] entry."),
    ],
)
def test_an_extension_that_is_no_extension_is_refused(
    tmp_path: Path, given: str, wrong: str, sentence: str
) -> None:
    with pytest.raises(LawDataError) as refusal:
        law_of(tmp_path, EXTENDABLE.replace(given, wrong), EXTENDED)

    assert str(refusal.value) == f"a.toml, entry 1 (clue.check), extension: {sentence}"


def test_a_key_that_one_file_lists_twice_is_named_with_both_entries(tmp_path: Path) -> None:
    with pytest.raises(LawDataError) as refusal:
        law_of(tmp_path, EXTENDED, EXTENDED.replace("2020-01-01", "2023-01-01"))

    assert str(refusal.value) == (
        "a.toml, entry 2 (clue.check.extended): overlaps with a.toml, entry 1 (clue.check.extended)"
        " (clue.check.extended@2020-01-01/consumer_association)."
    )
