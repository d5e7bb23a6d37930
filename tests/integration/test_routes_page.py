"""The routes side by side, as a visitor reads them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from microguard.deadlines.legislation import OPERATORS
from tests.clock import MONDAY_MORNING
from tests.integration.test_public_pages import close_cases
from tests.people import Office


@pytest.fixture(autouse=True)
def _on_monday(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.OPERATOR = "consumer_association"
    clock_at(MONDAY_MORNING)


def rows(page: Any) -> dict[str, Any]:
    return {row.key: row for row in page.context["routes"]["rows"]}


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("address", ["/routes/", "/en/routes/"])
def test_every_operator_has_the_page_in_both_languages(
    operator: str, address: str, client: Client, settings: Any, db: None
) -> None:
    settings.OPERATOR = operator

    page = client.get(address)

    assert page.status_code == 200
    assert [key for key, row in rows(page).items() if row.ours] == [operator]
    assert page.context["routes"]["bar"] in page.text


def test_the_lengths_come_from_the_law(client: Client, db: None) -> None:
    page = client.get("/en/routes/")

    lengths = {key: [term.length for term in row.terms] for key, row in rows(page).items()}
    assert lengths["market_regulator"] == ["7 working days", "60 days"]
    assert lengths["negotiation"] == ["15 days"]
    assert lengths["court"] == ["2 months"]
    assert lengths["consumer_association"] == []


def test_our_own_terms_are_told_as_our_own(client: Client, db: None) -> None:
    ours = rows(client.get("/en/routes/"))["consumer_association"].ours

    assert [term.length for term in ours.terms] == ["7 working days", "60 days"]


def test_statutory_terms_are_not_told_as_our_own(client: Client, settings: Any, db: None) -> None:
    settings.OPERATOR = "market_regulator"

    assert rows(client.get("/en/routes/"))["market_regulator"].ours.terms == ()


def test_our_median_is_shown_only_from_enough_cases(client: Client, office: Office) -> None:
    close_cases(office, 29)
    before = client.get("/en/routes/")
    close_cases(office, 1)
    after = client.get("/en/routes/")

    assert "Median days" not in before.text
    ours = rows(after)["consumer_association"].ours
    assert (ours.days, ours.cases) == ("9 days", "in 30 cases")
    assert "9 days" in after.text


def test_choices_put_the_routes_in_order_and_name_the_places(client: Client, db: None) -> None:
    page = client.get(
        "/en/routes/?channel=other_platform&division=110108&seller_division=420100&published=yes&signs=trade"
    )

    found = rows(page)
    assert next(iter(found)) == "private_contract"
    assert [place.name for place in found["market_regulator"].places] == ["湖北省 武汉市", ""]
    assert [place.name for place in found["internet_court"].places] == ["北京市 海淀区"]
    assert "For: Another platform · 北京市 海淀区 · the seller in 湖北省 武汉市" in page.text


def test_signs_of_a_crime_come_first(client: Client, db: None) -> None:
    page = client.get("/en/routes/?signs=gone&signs=several")

    assert next(iter(rows(page))) == "police"
    assert 'href="tel:96110"' in page.text


@pytest.mark.parametrize(
    "query", ["channel=MOMENTS", "division=999999", "seller_division=%00", "published=maybe", "signs=x", "tried=x"]
)
def test_a_bent_choice_is_said_and_the_routes_stay(query: str, client: Client, db: None) -> None:
    page = client.get(f"/en/routes/?{query}")

    assert page.status_code == 422
    assert "consumer_association" in rows(page)
    assert "Put this right to go on" in page.text


def test_the_page_asks_for_the_figures_once(client: Client, db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):  # the figures; the clock stands still in this test
        client.get("/routes/")
