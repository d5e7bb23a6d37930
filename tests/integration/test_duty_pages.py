"""The duty register and the checklist as anybody reads them, in both languages, without a query."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from microguard.core.clock import CHINA
from microguard.law.checklist import questions
from microguard.law.duties import duties_behind, duties_of, register
from tests.clock import MONDAY_MORNING

TODAY = date(2026, 11, 23)
PARTIES = tuple(register().parties)
FOOD_SELLER = urlencode(
    {
        "goods": "food",
        "place": "chat",
        "registered": "no",
        "turnover": "below",
        "chain": "none",
        "prepayment": "no",
        "custom": "no",
        "publishes": "none",
    }
)


@pytest.fixture(autouse=True)
def _on_monday(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_MORNING)


# --- the register -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("party", PARTIES)
def test_every_party_has_a_page_of_all_its_duties(party: str, language: str, client: Client) -> None:
    page = client.get(f"{language}/duties/{party}/").text

    for duty in duties_of(party, TODAY):
        assert f'id="{duty.key}"' in page
    assert page.count("<article") == len(duties_of(party, TODAY))
    assert f"{register().parties[party].name.in_language(language.strip('/'))}" in page


def test_a_duty_tells_its_article_its_day_what_shows_it_and_how_to_put_it_right(client: Client) -> None:
    page = client.get("/en/duties/seller/").text

    (article,) = re.findall(r'<article[^>]*id="seller\.returns\.no_reason">(.*?)</article>', page, re.DOTALL)
    assert "Consumer Rights Protection Law art. 25" in article
    assert "2014-03-15" in article
    assert "(date not checked)" in article
    assert "The case holds how the seller answered the wish to return" in article
    assert "Say where to send returns" in article


def test_a_hint_and_a_policy_are_not_shown_as_the_law(client: Client) -> None:
    page = client.get("/en/duties/seller/").text

    shown = re.findall(r'<article[^>]*id="([^"]+)">(.*?)</article>', page, re.DOTALL)
    tags = {key: re.findall(r'class="tag[^"]*">([^<]+)<', text) for key, text in shown}
    assert tags["seller.earnest_money"] == ["a hint, text not checked"]
    assert tags["seller.answer"] == ["our policy"]
    assert tags["seller.truth"] == ["the law"]


def test_a_claim_leads_to_the_one_duty_it_rests_on(client: Client) -> None:
    for duty in duties_behind("return_no_reason", TODAY):
        address, _, anchor = duty.url.partition("#")
        assert f'id="{anchor}"' in client.get(address).text


def test_the_index_counts_the_duties_of_each_party(client: Client) -> None:
    lines = client.get("/duties/").context["lines"]

    assert [(line.party.key, line.number) for line in lines] == [
        (party, len(duties_of(party, TODAY))) for party in PARTIES
    ]
    assert all(0 < line.by_law <= line.number for line in lines)


def test_an_unknown_party_is_not_found(client: Client, db: None) -> None:
    assert client.get("/duties/landlord/").status_code == 404


def test_the_duties_are_those_of_today(client: Client, clock_at: Callable[[datetime], None]) -> None:
    clock_at(datetime(2026, 4, 14, 12, 0, tzinfo=CHINA))
    before = client.get("/en/duties/regulator/").text
    clock_at(datetime(2026, 4, 15, 12, 0, tzinfo=CHINA))
    since = client.get("/en/duties/regulator/").text

    assert "Tell a named informant within five working days" in before
    assert "Tell a named informant within five working days" not in since


@pytest.mark.parametrize("address", ["/rules/", "/governance/"])
def test_rules_and_remedies_lead_to_the_register(address: str, client: Client, db: None) -> None:
    assert 'href="/duties/"' in client.get(address).text


# --- the checklist ------------------------------------------------------------------------------------------


def test_the_checklist_asks_eight_questions_and_takes_the_figure_from_the_law(client: Client) -> None:
    page = client.get("/en/m/checklist/")

    assert (page.status_code, page.text.count("<fieldset")) == (200, 8)
    assert "100,000 yuan" in page.text
    assert "errors-title" not in page.text


@pytest.mark.parametrize(
    ("language", "heading"), [("", "按您的回答，还缺：4 项"), ("/en", "Missing by your answers: 4")]
)
def test_an_unregistered_food_seller_reads_what_is_missing_first(
    language: str, heading: str, client: Client
) -> None:
    page = client.get(f"{language}/m/checklist/?{FOOD_SELLER}")

    assert page.status_code == 200
    assert heading in page.text
    places = [page.text.index(f'id="{standing}"') for standing in ("missing", "check", "keep")]
    assert places == sorted(places)
    (missing, *_others) = page.context["groups"]
    for duty in missing.duties:
        cure = duty.cure.in_language(language.strip("/"))
        assert escape(cure) in page.text[places[0] : places[1]]
        assert f'href="{language}/duties/{duty.party}/#{duty.key}"' in page.text


def test_joining_fees_are_facts_to_be_checked_and_no_finding(client: Client) -> None:
    page = client.get(f"/en/m/checklist/?{FOOD_SELLER.replace('chain=none', 'chain=fees')}").text

    checked = page[page.index('id="check"') : page.index('id="keep"')]
    assert checked.count("Regulations on the Prohibition of Pyramid Selling art. ") == 5
    assert "is pyramid selling" not in page
    assert 'id="missing"' in page


def test_missing_answers_are_asked_for_and_the_given_ones_kept(client: Client) -> None:
    page = client.get("/en/m/checklist/?goods=food&goods=cosmetics&registered=yes")

    assert page.status_code == 422
    assert page.text.count("Answer “") == 2 * 6  # in the summary and at the question
    checked = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page.text)
    assert checked == [("goods", "food"), ("goods", "cosmetics"), ("registered", "yes")]


@pytest.mark.parametrize(
    "garbage",
    ["place=moon", "place=%00", "place=" + "x" * 3000, "place=<script>alert(1)</script>", "goods=&place="],
)
def test_garbage_is_refused_with_a_sentence_and_the_good_answers_kept(garbage: str, client: Client) -> None:
    page = client.get(f"/en/m/checklist/?{FOOD_SELLER.replace('place=chat', garbage)}")

    assert page.status_code == 422
    assert "“Where”" in page.text
    assert "<script>alert" not in page.text
    assert re.search(r'name="registered" value="no"[^>]* checked', page.text)


def test_what_is_not_asked_is_ignored(client: Client) -> None:
    assert client.get("/m/checklist/?utm_source=moments").status_code == 200


def test_nothing_is_stored(client: Client, db: None) -> None:
    answer = client.get(f"/m/checklist/?{FOOD_SELLER}")

    assert not answer.cookies
    assert client.post("/m/checklist/", {}).status_code in {404, 405}


def test_every_answer_can_be_given_alone(client: Client) -> None:
    for question in questions():
        for choice in question.choices:
            facts: dict[str, Any] = dict(pair.split("=") for pair in FOOD_SELLER.split("&"))
            address = f"/m/checklist/?{urlencode(facts | {question.key: choice.key})}"
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/duties/", "/duties/seller/", "/duties/regulator/", "/m/checklist/", f"/m/checklist/?{FOOD_SELLER}"],
)
def test_the_pages_ask_the_database_nothing(
    address: str, client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get(address).status_code == 200
