"""Home, figures, rules and the five remedies, as anybody reads them; and the switch to large print."""

import re
from collections.abc import Callable
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from disputes.actions.outcome import close_dispute
from microguard.core.clock import CHINA, day_of, now
from microguard.deadlines.legislation import OPERATORS, in_force, legislation
from microguard.deadlines.wording import length_of, rule_lines
from tests.cases import an_open_dispute
from tests.clock import A_DAY, MONDAY_MORNING
from tests.people import Office

OCTOBER_12 = datetime(2026, 10, 12, 10, 0, tzinfo=CHINA)
PUBLIC_PAGES = (
    "/",
    "/help/",
    "/track/",
    "/stats/",
    "/rules/",
    "/governance/",
    "/routes/",
    "/file/",
    "/accounts/login/",
)


@pytest.fixture(autouse=True)
def _on_monday(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.OPERATOR = "consumer_association"
    clock_at(MONDAY_MORNING)


def close_cases(office: Office, number: int, outcome: str = "PERFORMED") -> None:
    for _ in range(number):
        dispute = an_open_dispute(officer=office.li, at=OCTOBER_12)
        close_dispute(
            dispute_id=dispute.pk,
            outcome=outcome,
            note="电话里说好了",
            recovered_fen=6_400,
            by=office.li,
            at=OCTOBER_12 + 9 * A_DAY,
        )


class Reader(HTMLParser):
    """Collects the links of a page."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")


def links(page: Any) -> list[str]:
    return Reader(page).links


# --- home ---------------------------------------------------------------------------------------------------


def test_home_leads_to_filing_first_then_to_a_case_then_to_checking_a_link(client: Client, db: None) -> None:
    ways = [link for link in links(client.get("/")) if link in {"/file/", "/track/", "/help/#real"}]

    assert ways[1:] == ["/file/", "/track/", "/help/#real"]  # the first is the header's
    assert {"/stats/", "/rules/", "/governance/"} <= set(links(client.get("/")))


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize(("language", "address"), [("zh-hans", "/"), ("en", "/en/")])
def test_home_takes_its_days_from_the_law(
    operator: str, language: str, address: str, client: Client, db: None, settings: Any
) -> None:
    settings.OPERATOR = operator

    page = client.get(address).text

    with translation.override(language):
        for rule in ("complaint.acceptance", "respondent.answer", "negotiation.term", "mediation.term"):
            assert length_of(in_force(rule, operator, date(2026, 11, 23))) in page


def test_home_tells_no_numbers_of_29_closed_cases(client: Client, office: Office) -> None:
    close_cases(office, 29)

    assert client.get("/").context["numbers"] == []
    assert "/stats/#closed" not in links(client.get("/"))


def test_home_tells_three_numbers_of_30_closed_cases(client: Client, office: Office) -> None:
    close_cases(office, 27)
    close_cases(office, 3, outcome="NO_AGREEMENT")

    page = client.get("/en/")

    assert [(number.value, number.detail) for number in page.context["numbers"]] == [
        ("30", ""),
        ("90%", "27 / 30"),
        ("9 days", "in 30 cases"),
    ]
    assert [link for link in links(page) if "/stats/#" in link] == [
        "/en/stats/#closed",
        "/en/stats/#resolved",
        "/en/stats/#days-to-close",
    ]


# --- figures, rules, remedies -------------------------------------------------------------------------------


def test_each_figure_stands_at_its_own_place_with_period_and_meaning(client: Client, office: Office) -> None:
    close_cases(office, 30)

    page = client.get("/en/stats/")

    for figure in page.context["figures"]:
        assert f'<tr id="{figure.key}">' in page.text
        assert figure.definition in page.text
    assert page.text.count('<span class="num">2025-11-24</span>') == 7  # all but what is overdue now
    assert "¥1,920.00" in page.text


def test_figures_of_few_cases_are_withheld(client: Client, office: Office) -> None:
    close_cases(office, 4)

    lines = {figure.key: figure.value for figure in client.get("/en/stats/").context["figures"]}

    assert lines["filed"] == lines["closed"] == lines["resolved"] == "fewer than 5"
    assert lines["recovered"] == lines["days-to-close"] == "–"


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_rules_are_those_in_force_today_for_our_operator(
    operator: str, client: Client, db: None, settings: Any
) -> None:
    settings.OPERATOR = operator
    in_force_today = legislation().clocks_of(operator, date(2026, 11, 23))

    page = client.get("/en/rules/").text

    told = re.findall(r"<code[^>]*>([^<]+)</code>", page)
    assert sorted(told) == sorted(version.id for version in in_force_today)
    assert page.count(">our policy<") == sum(not version.statutory for version in in_force_today)
    for version in in_force_today:
        assert not version.statutory or version.citation.provision.en in page


def test_the_rules_of_another_day_are_other_rules(client: Client, clock_at: Any, settings: Any, db: None) -> None:
    settings.OPERATOR = "market_regulator"
    clock_at(datetime(2026, 4, 14, 12, 0, tzinfo=CHINA))
    before = client.get("/en/rules/").text
    clock_at(datetime(2026, 4, 15, 12, 0, tzinfo=CHINA))
    since = client.get("/en/rules/").text

    old, new = (f'<code class="small">complaint.acceptance@{day}/' for day in ("2020-01-01", "2026-04-15"))
    assert (old in before, new in before) == (True, False)
    assert (old in since, new in since) == (False, True)
    assert "2020-01-01 to 2026-04-14" in since


def test_the_five_remedies_each_have_a_figure_its_definition_and_a_way_on(client: Client, office: Office) -> None:
    close_cases(office, 30)

    page = client.get("/governance/")

    assert [(remedy.definition_url, remedy.url) for remedy in page.context["remedies"]] == [
        ("/rules/", "/duties/"),
        ("/stats/#resolved", "/stats/"),
        ("/stats/#decided-in-time", "/reg/"),
        ("/stats/#answered-in-time", "/help/#link"),
        ("/stats/#filed", "/sellers/"),
    ]
    in_force = str(len(rule_lines(project.OPERATOR, day_of(now()))))
    assert [remedy.figure.value for remedy in page.context["remedies"]] == [in_force, "100%", "100%", "0", "30"]
    stats = client.get("/stats/").text
    for remedy in page.context["remedies"][1:]:
        assert f'id="{remedy.definition_url.partition("#")[2]}"' in stats


@pytest.mark.parametrize("address", ["/stats/", "/rules/", "/governance/"])
def test_the_foot_of_every_page_leads_to_what_is_public(address: str, client: Client, db: None) -> None:
    assert address in links(client.get("/track/"))


@pytest.mark.parametrize(
    ("address", "queries"), [("/", 1), ("/rules/", 0), ("/stats/", 4), ("/governance/", 4)]
)  # the clock is set by the test: outside it asks once more
def test_a_page_asks_the_same_of_three_cases_as_of_none(
    address: str, queries: int, client: Client, office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    close_cases(office, 3)

    with django_assert_num_queries(queries):
        client.get(address)


# --- large print --------------------------------------------------------------------------------------------


def body_of(page: Any) -> list[str]:
    return re.search(r'<body class="([^"]*)"', page.text).group(1).split()


def test_the_switch_enlarges_every_public_page_until_it_is_turned_back(client: Client, db: None) -> None:
    client.post("/care/", {"mode": "care", "next": "/help/"})
    assert [address for address in PUBLIC_PAGES if "care" not in body_of(client.get(address))] == []

    client.post("/care/", {"mode": "normal", "next": "/help/"})
    assert [address for address in PUBLIC_PAGES if "care" in body_of(client.get(address))] == []


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_the_switch_in_the_head_leads_back_to_the_same_page(address: str, client: Client, db: None) -> None:
    page = client.get(f"{address}?a=1")

    assert 'action="/care/"' in page.text
    assert f'name="next" value="{address}?a=1"' in page.text
    assert client.post("/care/", {"mode": "care", "next": address}).headers["Location"] == address


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "", "\\\\x"]
)
def test_the_switch_leads_nowhere_else(elsewhere: str, client: Client, db: None) -> None:
    assert client.post("/care/", {"mode": "care", "next": elsewhere}).headers["Location"] == reverse("home")


def test_the_switch_is_kept_for_a_year_and_out_of_the_reach_of_scripts(client: Client, db: None) -> None:
    cookie = client.post("/care/", {"mode": "care"}).cookies["mg_mode"]

    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (365 * 24 * 3600, True, "Lax")


def test_a_made_up_mode_is_no_large_print(client: Client, db: None) -> None:
    client.cookies["mg_mode"] = 'x" onload="alert(1)'

    assert "care" not in body_of(client.get("/"))
    assert "onload" not in client.get("/").text


def test_the_switch_needs_no_token_so_pages_that_do_not_exist_look_all_the_same(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)

    assert browser.post("/care/", {"mode": "care"}).status_code == 302
    assert "csrfmiddlewaretoken" not in browser.get("/c/MG-0000-0000/").text


def test_in_large_print_home_has_four_ways_and_a_warning(client: Client, db: None) -> None:
    client.cookies["mg_mode"] = "care"

    page = client.get("/")

    assert re.findall(r'class="task[^"]*" href="([^"]+)"', page.text) == [
        "/file/",
        "/sellers/",
        "/track/",
        f"tel:{project.HELP_PHONE}",
    ]
    assert "打电话帮我填" in page.text
    assert "tel:96110" in links(page)
    assert "怎么办理" not in page.text


def test_the_desk_has_no_large_print(office: Office, settings: Any) -> None:
    settings.DEMO = True  # no second factor asked
    browser = Client()
    browser.force_login(office.li_officer, backend="django.contrib.auth.backends.ModelBackend")
    browser.cookies["mg_mode"] = "care"

    assert 'action="/care/"' not in browser.get("/desk/").text
