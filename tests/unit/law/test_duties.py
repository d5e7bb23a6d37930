"""The duty register: whose duties, on which day, behind which claim; and malformed entries refused."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from microguard.law.duties import DATA, duties_behind, duties_of, load_register, register
from microguard.law.reading import LawDataError
from microguard.law.register import Basis, UnknownClaim, UnknownParty

MONDAY_IN_NOVEMBER = date(2026, 11, 23)
PARTIES = ("seller", "agent", "platform", "live_room", "regulator", "mediator", "operator", "consumer")
ONE_DUTY = """
[[duty]]
key = "consumer.true_identity"
party = "consumer"
topic = "complaints"
basis = "statutory"
title = { zh = "真实身份", en = "True identity" }
asks = { zh = "用真实身份投诉", en = "Complain under your true identity" }
instrument = { zh = "办法", en = "Measures" }
provision = { zh = "第十条", en = "art. 10" }
article = "SAMR-121-10"
in_force_from = 2026-04-15
source = "V/S121"
quotation = "真实身份信息"
applies_when = { goods = ["food"] }
shown_by = { kind = "event", code = "complaint.filed", zh = "提交", en = "Filing" }
claims = ["report_12315"]
cure = { zh = "写全", en = "Write it in full" }
"""


def articles(found: object) -> set[str | None]:
    return {duty.citation.article for duty in found}  # type: ignore[attr-defined]


# --- what the data say --------------------------------------------------------------------------------------


def test_every_party_has_its_duties_topic_by_topic() -> None:
    assert tuple(register().parties) == PARTIES
    order = list(register().topics)

    for party in PARTIES:
        topics = [order.index(duty.topic) for duty in duties_of(party, MONDAY_IN_NOVEMBER)]
        assert len(topics) >= 10
        assert topics == sorted(topics)


@pytest.mark.parametrize(
    ("claim", "article"),
    [
        ("punitive_3x", "CRPL-20"),
        ("punitive_3x", "CRPL-55"),
        ("return_and_refund", "CRPL-24"),
        ("repair_or_return", "CRPL-24"),
        ("return_no_reason", "CRPL-25"),
        ("punitive_10x", "FSL-148"),
        ("identify_seller", "CRPL-44"),
        ("platform_claim", "ECL-38"),
        ("platform_as_seller", "SPC-ONLINE-12"),
        ("liability_of_account_holder", "SPC-ONLINE-6"),
        ("cancel_prepaid", "CRPL-53"),
        ("void_minor", "CC-145"),
        ("punitive_promise", "REG-12"),
    ],
)
def test_a_claim_rests_on_its_duty(claim: str, article: str) -> None:
    assert article in articles(duties_behind(claim, MONDAY_IN_NOVEMBER))


def test_a_claim_of_an_earlier_day_rests_on_the_duties_of_that_day() -> None:
    before = articles(duties_behind("identify_seller", date(2026, 1, 31)))
    since = articles(duties_behind("identify_seller", date(2026, 2, 1)))

    assert since - before == {"SAMR-117-18", "SAMR-117-26"}


@pytest.mark.parametrize(
    ("day", "article"),
    [
        (date(2024, 6, 30), "SAMR-20-21"),
        (date(2024, 7, 1), "REG-46"),
        (date(2026, 4, 14), "REG-46"),
        (date(2026, 4, 15), "SAMR-121-23"),
    ],
)
def test_the_term_of_mediation_is_that_of_the_day(day: date, article: str) -> None:
    (term,) = (duty for duty in duties_of("regulator", day) if duty.key == "regulator.term")

    assert term.citation.article == article


def test_what_is_stated_as_the_law_was_read_and_the_rest_is_not() -> None:
    for duty in register().every_version():
        assert (duty.basis is Basis.STATUTORY) <= (
            duty.source.startswith("V/") and duty.citation.article is not None
        )
        assert (duty.basis is Basis.POLICY) == (duty.source == "policy")
        assert (duty.basis is Basis.POLICY) <= (duty.citation.instrument is None)


def test_a_recalled_day_of_commencement_says_so() -> None:
    recalled = {duty.citation.article for duty in register().every_version() if duty.date_is_recalled}

    assert {"CRPL-25", "PIPL-23", "FSL-148"} <= recalled
    assert not {"ECL-12", "REG-12", "SAMR-37-8", "SAMR-117-26", "SAMR-121-15", "PYR-7"} & recalled


def test_joining_fees_are_never_called_pyramid_selling() -> None:
    about_fees = [duty for duty in duties_of("agent", MONDAY_IN_NOVEMBER) if duty.topic == "network"]

    assert about_fees
    for duty in about_fees:
        assert duty.missing_when is None
        assert duty.check_when is not None
        assert not any(word in text for text in (*duty.title, *duty.cure) for word in ("传销", "pyramid"))


def test_an_unknown_party_and_an_unknown_claim_are_refused_with_a_sentence() -> None:
    with pytest.raises(UnknownParty, match="“landlord”"):
        duties_of("landlord", MONDAY_IN_NOVEMBER)
    with pytest.raises(UnknownClaim, match="“revenge”"):
        duties_behind("revenge", MONDAY_IN_NOVEMBER)


# --- malformed data -----------------------------------------------------------------------------------------


def data_with(tmp_path: Path, consumer: str) -> Path:
    """The installed data in a folder of their own, with another file for the consumer."""
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / "duties" / "consumer.toml").write_text(consumer, encoding="utf-8")
    return tmp_path / "data"


def test_the_one_duty_is_good(tmp_path: Path) -> None:
    found = load_register(data_with(tmp_path, ONE_DUTY)).duties_of("consumer", MONDAY_IN_NOVEMBER)

    assert [duty.key for duty in found] == ["consumer.true_identity"]


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        (
            'party = "consumer"',
            'party = "landlord"',
            "party is 'landlord'; this file holds the duties of consumer",
        ),
        ('key = "consumer.true', 'key = "true', "key does not begin with consumer"),
        ('topic = "complaints"', 'topic = "weather"', "topic is 'weather'"),
        ('topic = "complaints"', 'topic = ["complaints"]', "topic is not a text"),
        ('basis = "statutory"', 'basis = "custom"', "basis is 'custom'"),
        ('basis = "statutory"\n', "", "basis is missing"),
        ('article = "SAMR-121-10"\n', "", "article is missing"),
        ('article = "SAMR-121-10"', 'article = "art. 10"', "not a key such as"),
        ('source = "V/S121"', 'source = "R/S121"', "needs a source whose text was read"),
        ('source = "V/S121"', 'source = "V/S121 perhaps (date V)"', "needs a source whose text was read"),
        ('claims = ["report_12315"]', 'claims = ["revenge"]', "claims holds 'revenge'"),
        ('kind = "event"', 'kind = "rumour"', "kind is 'rumour'"),
        ('kind = "event", code = "complaint.filed"', 'kind = "event"', "code is missing"),
        ('kind = "event"', 'kind = "external"', "code cannot stand here"),
        ('code = "complaint.filed"', 'code = "Complaint filed"', "code is 'Complaint filed'"),
        ('goods = ["food"]', 'weather = ["rain"]', "nobody is asked about weather"),
        ('goods = ["food"]', 'goods = ["rain"]', "goods holds 'rain'"),
        ('goods = ["food"]', "goods = []", "goods names no answer"),
        ("applies_when = { goods", "applies_to = { goods", "applies_to cannot stand here"),
        ('quotation = "真实身份信息"', f'quotation = "{"真" * 31}"', "quotation is longer than 30"),
        ("in_force_from = 2026-04-15", 'in_force_from = "April"', "in_force_from is 'April'"),
        ('cure = { zh = "写全", en', 'cure = { en = "x", de', "cure needs its zh and its en wording"),
        ("[[duty]]", "[[duties]]", "this file holds [[duty]] entries and nothing else"),
        ("[[duty]]", "[[duty", "this is not TOML"),
    ],
)
def test_a_malformed_entry_stops_the_process_with_a_sentence(
    tmp_path: Path, good: str, bad: str, sentence: str
) -> None:
    assert good in ONE_DUTY
    with pytest.raises(LawDataError) as refused:
        load_register(data_with(tmp_path, ONE_DUTY.replace(good, bad)))

    assert str(refused.value).startswith("consumer.toml")
    assert sentence in str(refused.value)


def test_two_versions_of_a_duty_may_follow_but_not_overlap(tmp_path: Path) -> None:
    follows = ONE_DUTY.replace("in_force_from = 2026-04-15", "in_force_from = 2026-06-01")
    ends = ONE_DUTY.replace(
        "in_force_from = 2026-04-15", "in_force_from = 2026-04-15\nin_force_until = 2026-06-01"
    )

    load_register(data_with(tmp_path / "follows", ends + follows))
    with pytest.raises(LawDataError, match=r"consumer\.toml, entry 2 .*: overlaps with its version of 2026-04-15"):
        load_register(data_with(tmp_path / "overlaps", ONE_DUTY + follows))


def test_a_file_without_a_party_and_a_party_without_a_file_are_refused(tmp_path: Path) -> None:
    folder = data_with(tmp_path, ONE_DUTY)
    (folder / "duties" / "consumer.toml").rename(folder / "duties" / "landlord.toml")

    with pytest.raises(LawDataError, match="consumer, landlord"):
        load_register(folder)


def test_a_question_about_a_figure_needs_a_duty_with_one(tmp_path: Path) -> None:
    folder = data_with(tmp_path, ONE_DUTY)
    sellers = folder / "duties" / "seller.toml"
    sellers.write_text(sellers.read_text("utf-8").replace("threshold_yuan = 100000\n", ""), encoding="utf-8")

    with pytest.raises(LawDataError, match=r"turnover asks by a figure of seller\.registration\.turnover"):
        load_register(folder)
