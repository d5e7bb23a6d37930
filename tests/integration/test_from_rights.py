"""From one's rights to a complaint: answers come along, what was written before is asked about and never lost."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from complaints.actions.filing import StepAnswers, save_step
from complaints.models import Complaint
from complaints.states import State
from tests.cases import a_draft, a_filed_complaint
from tests.clock import MONDAY_NOON
from tests.people import ZHANG_PHONE
from tests.visitors import ANSWERS, a_browser

ADDRESS = "/en/file/from-rights/"
# Bought from the leader of a group, food, without a label, paid by Alipay.
SAUSAGE = {
    "where": "group",
    "goods": "eat",
    "kind": "food",
    "eaten": "label",
    "label": "without",
    "pay": "alipay",
    "price": "68",
}
COLUMNS = ("problem", "paid_by", "channel", "amount_fen", "told_facts")


@pytest.fixture(autouse=True)
def _monday_noon(db: None, clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


def link(**params: str) -> str:
    return f"{ADDRESS}?{urlencode(params)}"


def held(draft: Complaint) -> dict[str, Any]:
    draft = Complaint.by_pk(draft.pk)
    return {field.attname: getattr(draft, field.attname) for field in Complaint._meta.concrete_fields} | {
        "claims": sorted(draft.claims.values_list("kind", "amount_fen", "as_law_sets")),
        "mentions": [mention.value for mention in draft.mentions.all()],
    }


def test_a_complaint_begins_with_what_was_found_out() -> None:
    browser = a_browser()

    answer = browser.get(link(**SAUSAGE))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/file/seller/")
    draft = Complaint.objects.get()
    assert [getattr(draft, name) for name in COLUMNS] == [
        "OTHER",
        "ALIPAY",
        "GROUP",
        6_800,
        {"problem": ["no_label"], "label_state": "none", "seller_repeat": "yes", "goods_category": "food"},
    ]
    # Food without a label from somebody who sells again and again: money back and the multiple of the law are preselected.
    assert sorted(draft.claims.values_list("kind", "amount_fen", "as_law_sets")) == [
        ("COMPENSATION", None, True),
        ("REFUND", 6_800, False),
    ]
    assert browser.get("/en/file/problem/").context["form"].initial["problem"] == "OTHER"
    assert browser.get("/en/file/deal/").context["form"].initial["amount_fen"] == 6_800


def test_what_was_found_out_is_filed_and_told_to_the_rules() -> None:
    browser = a_browser(phone=ZHANG_PHONE)
    browser.get(link(**SAUSAGE))
    for slug in ("seller", "deal", "problem", "want", "you", "check"):
        given = ANSWERS[slug] | ({"problem": "UNSAFE_FOOD"} if slug == "problem" else {})
        browser.post(f"/en/file/{slug}/", {name: value for name, value in given.items() if name != "code"})

    complaint = Complaint.objects.get(state=State.FILED)

    assert complaint.told_facts["label_state"] == "none"
    assert set(complaint.rights.values_list("right", flat=True)) >= {"safety", "knowledge"}


def test_a_draft_that_says_something_else_is_asked_about_and_stays_as_it_is() -> None:
    draft = a_draft()  # shoes, 128 yuan, by transfer
    before = held(draft)

    page = a_browser(draft=draft).get(link(**SAUSAGE))

    assert page.status_code == 200
    assert [(change["old"], change["new"]) for change in page.context["changes"]] == [
        ("Bad quality or broken", "Something else"),
        ("WeChat transfer", "Alipay"),
        ("¥128.00", "¥68.00"),
        ("Money back", "Compensation · Money back"),
    ]
    assert held(draft) == before


@pytest.mark.parametrize(("pressed", "keeps"), [("keep", True), ("use", False)])
def test_the_answer_decides_and_everything_else_stays_in_any_case(pressed: str, keeps: bool) -> None:
    draft = a_draft()
    save_step(draft_key=draft.draft_key, answers=StepAnswers({"told_facts": {"contact": "blocked"}}))
    before, browser = held(draft), a_browser(draft=draft)

    answer = browser.post(link(**SAUSAGE), {pressed: "1"})

    after = held(draft)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/file/seller/")
    assert Complaint.objects.count() == 1
    changed = {name for name in before if before[name] != after[name]}
    assert changed == (set() if keeps else {"problem", "paid_by", "channel", "amount_fen", "told_facts", "claims"})
    assert after["told_facts"]["contact"] == "blocked"


def test_a_draft_that_says_the_same_or_nothing_goes_on_without_a_question() -> None:
    browser = a_browser()
    browser.post("/en/file/seller/", ANSWERS["seller"])

    first, again = browser.get(link(**SAUSAGE)), browser.get(link(**SAUSAGE))

    assert [first.status_code, again.status_code] == [302, 302]
    draft = Complaint.objects.get()
    assert [mention.value for mention in draft.mentions.all()] == ["shoes_2026"]


def test_after_filing_a_new_complaint_begins() -> None:
    filed = a_filed_complaint()
    before = held(filed)

    a_browser(draft=filed).get(link(**SAUSAGE))

    assert Complaint.objects.filter(state=State.DRAFT).count() == 1
    assert held(filed) == before


@pytest.mark.parametrize(
    "params",
    [
        {"where": "murder"},
        {"where": "<script>alert(1)</script>"},
        {"where": "\x00"},
        {"where": "group", "goods": "x" * 5_000},
        {"no_such": "1", "facts": "我叫张三，电话13800000001"},
        {"price": "-1"},
        {"price": "1e400"},
        {"price": "nan"},
        {"price": "zwölf"},
        {"price": "99999999999999"},
    ],
    ids=str,
)
def test_what_the_questions_do_not_know_is_not_read_and_changes_nothing(params: dict[str, str]) -> None:
    draft = a_draft()
    before = held(draft)

    with_draft = a_browser(draft=draft).get(link(**params))
    without = a_browser().get(link(**params))

    assert [with_draft.status_code, without.status_code] == [302, 302]
    after = held(draft)
    assert {name: after[name] for name in before if name not in ("told_facts", "channel")} == {
        name: before[name] for name in before if name not in ("told_facts", "channel")
    }
    begun = Complaint.objects.exclude(pk=draft.pk).get()
    assert (begun.problem, begun.amount_fen) == ("", None)
    assert "张三" not in str(begun.told_facts)


def test_no_facts_at_all_begin_an_empty_complaint() -> None:
    answer = a_browser().get(ADDRESS)

    assert answer.status_code == 302
    assert Complaint.objects.get().problem == ""


def test_a_price_that_no_complaint_may_have_is_left_open() -> None:
    a_browser().get(link(**SAUSAGE | {"price": "20000000"}))

    assert Complaint.objects.get().amount_fen is None
