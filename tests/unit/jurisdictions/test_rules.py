"""Who is competent: worked examples, and what holds for every combination of facts."""

from datetime import date
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microguard.jurisdictions import wording
from microguard.jurisdictions.rules import (
    CHANNELS,
    IN_PLATFORM,
    ORDERS,
    Answer,
    Competence,
    Condition,
    Deal,
    Likelihood,
    NoRuleKnown,
    Place,
    Reason,
    Seat,
    competent,
)
from microguard.law.reading import ARTICLE

MONDAY = date(2026, 11, 23)
LAST_OF_ORDER_20, FIRST_OF_ORDER_121 = date(2026, 4, 14), date(2026, 4, 15)
SHENZHEN, GUANGZHOU, HANGZHOU, WUHAN, HAIDIAN = "440300", "440100", "330100", "420100", "110108"
ZHEJIANG = "330000"
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def seats(places: tuple[Place, ...]) -> list[tuple[str, str | None]]:
    return [(place.seat.value, place.division) for place in places]


# --- worked examples ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deal", "on", "expected", "article"),
    [
        # Chen of Wuhan sells in Moments: where he is domiciled, and nowhere else.
        (Deal("moments", seller=WUHAN), MONDAY, [("domicile", WUHAN)], "SAMR-121-13"),
        (Deal("group", seller=WUHAN, platform=SHENZHEN), MONDAY, [("domicile", WUHAN)], "SAMR-121-13"),
        (Deal("private_chat"), MONDAY, [("domicile", None)], "SAMR-121-13"),
        (Deal("own_website", seller=WUHAN), MONDAY, [("domicile", WUHAN)], "SAMR-121-13"),
        # A shop on a platform: the address published there, or the platform's domicile.
        (
            Deal("other_platform", WUHAN, HANGZHOU, YES),
            MONDAY,
            [("published", WUHAN), ("platform", HANGZHOU)],
            "SAMR-121-13",
        ),
        (Deal("wechat_shop", WUHAN, SHENZHEN, NO), MONDAY, [("platform", SHENZHEN)], "SAMR-121-13"),
        (
            Deal("mini_program", None, SHENZHEN),
            MONDAY,
            [("published", None), ("platform", SHENZHEN)],
            "SAMR-121-13",
        ),
        # Under Order 20 an unpublished address did not matter.
        (
            Deal("wechat_shop", WUHAN, SHENZHEN, NO),
            LAST_OF_ORDER_20,
            [("business", WUHAN), ("platform", SHENZHEN)],
            "SAMR-20-12",
        ),
        (Deal("wechat_shop", WUHAN, SHENZHEN, NO), FIRST_OF_ORDER_121, [("platform", SHENZHEN)], "SAMR-121-13"),
        (Deal("moments", WUHAN), LAST_OF_ORDER_20, [("domicile", WUHAN)], "SAMR-20-12"),
        # About the platform itself.
        (
            Deal("wechat_shop", WUHAN, SHENZHEN, YES, against_platform=True),
            MONDAY,
            [("platform", SHENZHEN)],
            "SAMR-121-13",
        ),
        # Nobody knows where the deal was made.
        (Deal(None, seller=WUHAN), MONDAY, [("seller", WUHAN), ("platform", None)], "SAMR-121-13"),
    ],
)
def test_the_regulator_for_a_complaint(
    deal: Deal, on: date, expected: list[tuple[str, str | None]], article: str
) -> None:
    competence = competent(deal, on=on)

    assert seats(competence.complaint) == expected
    assert {place.articles[0] for place in competence.complaint} == {article}


def test_a_published_address_on_another_platform_is_certain_for_both_places() -> None:
    competence = competent(Deal("other_platform", WUHAN, HANGZHOU, YES), on=MONDAY)

    assert [place.is_certain for place in competence.complaint] == [True, True]
    assert (competence.first_recipient, competence.dispute) == ("SAMR-121-14", "SAMR-121-33")


def test_an_address_that_nobody_looked_for_is_a_condition_and_the_platform_is_not() -> None:
    published, platform = competent(Deal("other_platform", WUHAN, HANGZHOU), on=MONDAY).complaint

    assert published.conditions == (Condition.IF_PUBLISHED,)
    assert platform.is_certain


def test_a_seller_in_moments_is_our_reading_and_cites_the_domicile_of_a_person() -> None:
    (place,) = competent(Deal("moments", WUHAN), on=MONDAY).complaint

    assert place.reason is Reason.OTHER_NETWORK_SERVICE
    assert place.articles == ("SAMR-121-13", "CC-25")
    assert place.conditions == (Condition.CHECK_ADDRESS, Condition.OUR_READING)


def test_a_seller_known_by_a_handle_has_to_be_identified_first() -> None:
    competence = competent(Deal("group", receipt=SHENZHEN), on=MONDAY)

    assert competence.seller_unknown
    assert Condition.IDENTIFY_SELLER in competence.complaint[0].conditions


@pytest.mark.parametrize(
    ("deal", "on", "expected", "article"),
    [
        (Deal("moments", WUHAN), MONDAY, [("domicile", WUHAN)], "SAMR-121-29"),
        (
            Deal("wechat_shop", WUHAN, SHENZHEN),
            MONDAY,
            [("business", WUHAN), ("platform", SHENZHEN)],
            "SAMR-121-29",
        ),
        (Deal(), MONDAY, [("conduct", None)], "SAMR-121-29"),
        (Deal(), LAST_OF_ORDER_20, [("conduct", None)], "SAMR-20-25"),
        (
            Deal("moments", WUHAN, problem=("false_advertising",)),
            MONDAY,
            [("domicile", WUHAN), ("advertiser", WUHAN)],
            "SAMR-121-29",
        ),
        (
            Deal("moments", platform=SHENZHEN, against_platform=True),
            MONDAY,
            [("platform", SHENZHEN)],
            "SAMR-121-29",
        ),
    ],
)
def test_the_regulator_for_a_tip_off(
    deal: Deal, on: date, expected: list[tuple[str, str | None]], article: str
) -> None:
    places = competent(deal, on=on).tip_off

    assert seats(places) == expected
    assert {place.articles[0] for place in places} == {article}


def test_the_platforms_place_handles_a_tip_off_only_if_it_is_told_first() -> None:
    _seller, platform = competent(Deal("other_platform", WUHAN, HANGZHOU), on=MONDAY).tip_off

    assert platform.conditions == (Condition.IF_FIRST,)


def test_the_court_is_where_goods_were_received_or_where_the_seller_lives() -> None:
    places = competent(Deal("moments", WUHAN, receipt=SHENZHEN), on=MONDAY).court

    assert seats(places) == [("receipt", SHENZHEN), ("defendant", WUHAN)]
    assert places[0].conditions == (Condition.IF_DELIVERED,)


def test_a_suit_against_the_platform_goes_to_its_domicile_only() -> None:
    deal = Deal("wechat_shop", WUHAN, SHENZHEN, receipt=HANGZHOU, against_platform=True)

    assert seats(competent(deal, on=MONDAY).court) == [("platform", SHENZHEN)]


@pytest.mark.parametrize(
    ("deal", "on", "likelihood", "places"),
    [
        (Deal("other_platform", WUHAN, receipt=HAIDIAN), MONDAY, Likelihood.POSSIBLE, [HAIDIAN]),
        (Deal("other_platform", GUANGZHOU, receipt=HANGZHOU), MONDAY, Likelihood.POSSIBLE, [HANGZHOU, GUANGZHOU]),
        (Deal("other_platform", WUHAN, receipt=SHENZHEN), MONDAY, Likelihood.NO, []),
        (Deal("other_platform", None, receipt=SHENZHEN), MONDAY, Likelihood.POSSIBLE, []),
        (Deal("other_platform", ZHEJIANG, receipt=SHENZHEN), MONDAY, Likelihood.POSSIBLE, []),
        (Deal("moments", HANGZHOU, receipt=HANGZHOU), MONDAY, Likelihood.PROBABLY_NOT, []),
        (Deal("other_platform", HANGZHOU), date(2025, 11, 1), Likelihood.POSSIBLE, [HANGZHOU]),
        (Deal("other_platform", HANGZHOU), date(2025, 10, 31), Likelihood.NOT_KNOWN, []),
    ],
)
def test_the_internet_court(deal: Deal, on: date, likelihood: Likelihood, places: list[str]) -> None:
    court = competent(deal, on=on).internet_court

    assert court.likelihood is likelihood
    assert [place.division for place in court.places] == places


def test_an_internet_court_hears_the_contract_and_not_product_liability() -> None:
    court = competent(Deal("other_platform", HANGZHOU), on=MONDAY).internet_court

    assert Condition.CONTRACT_ONLY in court.conditions


def test_before_the_first_order_nothing_is_said() -> None:
    with pytest.raises(NoRuleKnown, match="2019-12-31"):
        competent(Deal("moments"), on=date(2019, 12, 31))


def test_a_channel_of_another_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="'MOMENTS' is no channel"):
        competent(Deal("MOMENTS"), on=MONDAY)


# --- what holds for every combination -----------------------------------------------------------------------

MANY = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
CODES = st.sampled_from([None, SHENZHEN, GUANGZHOU, HANGZHOU, WUHAN, HAIDIAN, ZHEJIANG])
DEALS = st.builds(
    Deal,
    channel=st.sampled_from([None, *CHANNELS]),
    seller=CODES,
    platform=CODES,
    address_published=st.sampled_from(Answer),
    receipt=CODES,
    problem=st.lists(
        st.sampled_from(["not_delivered", "false_advertising", "unsafe_food", "counterfeit"]), unique=True
    ).map(tuple),
    against_platform=st.booleans(),
)
DAYS = st.dates(ORDERS[0].since, date(2030, 12, 31))


def all_places(competence: Competence) -> list[Place]:
    court = competence.internet_court
    return [*competence.complaint, *competence.tip_off, *competence.court, *court.places]


@MANY
@given(DEALS, DAYS)
def test_every_combination_has_an_answer_with_a_reason_and_an_article(deal: Deal, on: date) -> None:
    competence = competent(deal, on=on)

    assert all([competence.complaint, competence.tip_off, competence.court])
    for place in all_places(competence):
        assert place.articles
        assert all(ARTICLE.fullmatch(article) for article in place.articles)
        words = wording.place_words(place)
        assert all([words.seat, words.why, words.provision])
    assert ARTICLE.fullmatch(competence.internet_court.article)
    assert wording.internet_court_words(competence.internet_court).provision


@MANY
@given(DEALS, DAYS)
def test_no_division_is_named_that_was_not_given_for_that_party(deal: Deal, on: date) -> None:
    competence = competent(deal, on=on)

    given_for = {Seat.PLATFORM: deal.platform, Seat.RECEIPT: deal.receipt, Seat.CONDUCT: None}
    for place in all_places(competence):
        assert place.division == given_for.get(place.seat, deal.seller)


@MANY
@given(DEALS, DAYS)
def test_what_is_unknown_is_never_certain(deal: Deal, on: date) -> None:
    for place in all_places(competent(deal, on=on)):
        if place.division is None:
            assert not place.is_certain
        if deal.channel is None and not deal.against_platform:
            assert not place.is_certain
        if place.seat is Seat.PUBLISHED and deal.address_published is not YES:
            assert not place.is_certain


@MANY
@given(DEALS, st.dates(FIRST_OF_ORDER_121, date(2030, 12, 31)))
def test_an_address_that_is_not_published_counts_for_nothing_in_a_platforms_shop(deal: Deal, on: date) -> None:
    places = competent(deal, on=on).complaint

    if deal.channel in IN_PLATFORM and deal.address_published is NO:
        assert [place.seat for place in places] == [Seat.PLATFORM]


@MANY
@given(DEALS, DAYS)
def test_the_articles_are_those_of_the_order_of_the_day(deal: Deal, on: date) -> None:
    competence = competent(deal, on=on)
    keys = chain(*(place.articles for place in (*competence.complaint, *competence.tip_off)))

    order = "SAMR-20-" if on < FIRST_OF_ORDER_121 else "SAMR-121-"
    assert {key.startswith(order) for key in keys if key.startswith("SAMR")} == {True}
    assert competence.first_recipient.startswith(order)


@MANY
@given(DEALS, DAYS)
def test_an_internet_court_is_never_promised(deal: Deal, on: date) -> None:
    court = competent(deal, on=on).internet_court

    if court.likelihood is Likelihood.POSSIBLE:
        assert Condition.CONTRACT_ONLY in court.conditions
        assert court.places or Condition.IF_IN_CITIES in court.conditions
    else:
        assert court.places == ()


# --- words --------------------------------------------------------------------------------------------------


def test_everything_the_rules_may_say_has_words() -> None:
    assert wording.SEATS.keys() == set(Seat)
    assert wording.REASONS.keys() == set(Reason)
    assert wording.CONDITIONS.keys() == set(Condition)
    assert wording.INTERNET_COURT_TITLES.keys() == set(Likelihood)


def test_articles_that_follow_each_other_are_told_as_one_span() -> None:
    order = ORDERS[1]

    assert "29–32" in wording.provision_words(order.tip_off)
    assert "13" in wording.provision_words((order.venue, "CC-25"))
