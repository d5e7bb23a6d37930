"""Which routes fit, in what order and why: cases, and what holds for all facts."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microguard.jurisdictions.rules import CHANNELS, Deal, competent
from microguard.law.choosing import Fit, Suggested, bar_of, routes_for
from microguard.law.routes import OPERATORS, REASONS, routes_on

MONDAY = date(2026, 11, 23)
LAST_OF_ORDER_20, FIRST_OF_ORDER_121 = date(2026, 4, 14), date(2026, 4, 15)


@dataclass(frozen=True)
class Told:
    """The facts that the choice of routes reads."""

    channel: str | None = None
    seller_known: str | None = None
    seller_type: str | None = None
    seller_repeat: str | None = None
    contact: str | None = None
    victims: str | None = None
    police: str | None = None
    buyer_purpose: str | None = None
    paths_tried: tuple[str, ...] = ()
    test_result: str | None = None
    agreed_settlement: str | None = None


def chosen(told: Told, operator: str = "consumer_association", on: date = MONDAY) -> dict[str, Suggested]:
    competence = competent(Deal(told.channel), on=on)
    found = routes_for(told, competence=competence, operator=operator, on=on)
    return {one.route.key: one for one in found}


def judged(told: Told, key: str, on: date = MONDAY) -> tuple[Fit, str]:
    one = chosen(told, on=on)[key]
    (reason,) = [name for name, wording in one.route.reasons.items() if wording == one.reason]
    return one.fit, reason


def test_with_nothing_told_ours_comes_first_and_matters_of_another_kind_last() -> None:
    keys = list(chosen(Told()))

    assert keys[0] == "consumer_association"
    assert keys[-3:] == ["private_contract", "pyramid_tip_off", "labour"]


@pytest.mark.parametrize(
    ("told", "key", "fit", "reason"),
    [
        # Signs of a crime: several buyers and a seller who is gone, or a banned substance.
        (Told(victims="several", contact="disappeared"), "police", Fit.FIRST, "several_gone"),
        (Told(test_result="banned_substance"), "police", Fit.FIRST, "banned_substance"),
        (Told(contact="disappeared"), "police", Fit.USEFUL, "gone"),
        (Told(victims="several", contact="reachable"), "police", Fit.LATER, "usual"),
        (Told(test_result="not_genuine"), "police", Fit.LATER, "usual"),
        (Told(victims="several", contact="disappeared", police="case_filed"), "police", Fit.USEFUL, "reported"),
        # Not a consumer dispute.
        (Told(buyer_purpose="trade"), "private_contract", Fit.FIRST, "trade"),
        (Told(buyer_purpose="trade"), "market_regulator", Fit.REFUSED, "not_living"),
        (Told(buyer_purpose="trade"), "consumer_association", Fit.REFUSED, "not_consumer"),
        (Told(buyer_purpose="trade"), "court", Fit.USEFUL, "contract_law"),
        (Told(seller_type="private_one_off"), "private_contract", Fit.FIRST, "private"),
        (Told(seller_type="private_one_off"), "market_regulator", Fit.REFUSED, "private"),
        (Told(seller_type="private_one_off", seller_repeat="yes"), "market_regulator", Fit.USEFUL, "usual"),
        (Told(seller_repeat="no"), "market_regulator", Fit.LATER, "once"),
        # The seller is known by a handle only.
        (Told(seller_known="no"), "market_regulator", Fit.LATER, "unknown_seller"),
        (Told(seller_known="no"), "court", Fit.LATER, "unknown_seller"),
        (Told(seller_known="no", channel="wechat_shop"), "platform", Fit.USEFUL, "name_seller"),
        (Told(seller_known="no", channel="moments"), "platform", Fit.LATER, "no_platform"),
        # What was tried.
        (Told(paths_tried=("negotiation",)), "negotiation", Fit.LATER, "tried"),
        (Told(paths_tried=("negotiation",)), "court", Fit.USEFUL, "tried"),
        (Told(paths_tried=("court",)), "court", Fit.LATER, "sued"),
        (Told(contact="blocked"), "negotiation", Fit.LATER, "gone"),
        (Told(contact="disappeared"), "mediation_organisation", Fit.LATER, "unknown_seller"),
    ],
)
def test_a_route_is_judged_with_its_reason(told: Told, key: str, fit: Fit, reason: str) -> None:
    assert judged(told, key) == (fit, reason)


@pytest.mark.parametrize("path", ["association", "12315_mediation", "court"])
@pytest.mark.parametrize("on", [LAST_OF_ORDER_20, FIRST_OF_ORDER_121])
def test_12315_may_refuse_what_another_body_handled(path: str, on: date) -> None:
    assert judged(Told(paths_tried=(path,)), "market_regulator", on) == (Fit.REFUSED, "handled")


@pytest.mark.parametrize("path", ["negotiation", "platform"])
def test_talks_and_the_platform_bar_nothing(path: str) -> None:
    assert judged(Told(paths_tried=(path,)), "market_regulator") == (Fit.USEFUL, "usual")


def test_a_payment_order_is_offered_only_for_what_was_agreed_by_a_known_seller() -> None:
    assert "payment_order" not in chosen(Told())
    assert chosen(Told(agreed_settlement="yes"))["payment_order"].fit is Fit.USEFUL
    assert "payment_order" not in chosen(Told(agreed_settlement="yes", seller_known="no"))


def test_no_internet_court_is_offered_for_a_private_deal() -> None:
    assert "internet_court" not in chosen(Told("moments"))
    assert "internet_court" in chosen(Told("other_platform"))


def test_the_regulator_and_the_court_come_with_their_places() -> None:
    found = chosen(Told("moments"))

    assert [place.seat for place in found["market_regulator"].places] == ["domicile"]
    assert [place.seat for place in found["court"].places] == ["receipt", "defendant"]
    assert found["negotiation"].places == ()


@pytest.mark.parametrize("operator", OPERATORS)
def test_exactly_the_operators_own_route_is_ours(operator: str) -> None:
    assert [key for key, one in chosen(Told(), operator).items() if one.is_ours] == [operator]


def test_an_association_says_that_12315_may_refuse_after_it() -> None:
    bar = bar_of("consumer_association", MONDAY)

    assert bar is not None
    assert "12315 may refuse it (Order 121, art. 16(2))" in bar.en


def test_a_mediation_organisation_warned_of_a_bar_until_order_121() -> None:
    before, after = bar_of("mediation_organisation", LAST_OF_ORDER_20), bar_of("mediation_organisation", MONDAY)

    assert before is not None
    assert after is not None
    assert "12315 may refuse it" in before.en
    assert "does not keep you from 12315 later" in after.en


def test_a_regulator_says_that_filing_here_is_a_pre_registration() -> None:
    bar = bar_of("market_regulator", MONDAY)

    assert bar is not None
    assert "预登记" in bar.zh


# --- what holds for all facts -------------------------------------------------------------------------------

MANY = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
UNSURE = st.sampled_from([None, "unknown", "yes", "no"])
TOLD = st.builds(
    Told,
    channel=st.sampled_from([None, *CHANNELS]),
    seller_known=UNSURE,
    seller_type=st.sampled_from([None, "individual_unregistered", "company", "private_one_off"]),
    seller_repeat=UNSURE,
    contact=st.sampled_from([None, "reachable", "blocked", "disappeared", "unknown"]),
    victims=st.sampled_from([None, "one", "several", "unknown"]),
    police=st.sampled_from([None, "none", "reported", "case_filed", "unknown"]),
    buyer_purpose=st.sampled_from([None, "living", "trade", "unknown"]),
    paths_tried=st.lists(
        st.sampled_from(["negotiation", "12315_mediation", "association", "platform", "court"]), unique=True
    ).map(tuple),
    test_result=st.sampled_from([None, "none", "banned_substance", "not_genuine", "unknown"]),
    agreed_settlement=UNSURE,
)
DAYS = st.dates(date(2024, 7, 1), date(2030, 12, 31))


@MANY
@given(TOLD, st.sampled_from(OPERATORS), DAYS)
def test_some_way_is_always_open_and_each_is_there_once(told: Told, operator: str, on: date) -> None:
    competence = competent(Deal(told.channel), on=on)
    found = routes_for(told, competence=competence, operator=operator, on=on)
    keys = [one.route.key for one in found]

    assert len(keys) == len(set(keys))
    assert found[0].fit < Fit.REFUSED
    assert [one.fit for one in found] == sorted(one.fit for one in found)
    assert set(keys) >= set(routes_on(on)) - {"payment_order", "internet_court"}


@MANY
@given(TOLD, DAYS)
def test_only_facts_close_a_route_never_the_lack_of_them(told: Told, on: date) -> None:
    nothing_tells = (
        told.buyer_purpose != "trade"
        and told.seller_type != "private_one_off"
        and not set(told.paths_tried) & {"court", "association", "12315_mediation"}
    )
    refused = [key for key, one in chosen(told, on=on).items() if one.fit is Fit.REFUSED]

    assert bool(refused) != nothing_tells or (told.seller_repeat == "yes" and not refused)


@MANY
@given(TOLD)
def test_every_reason_is_one_that_the_route_has_worded(told: Told) -> None:
    for key, one in chosen(told).items():
        assert one.reason in one.route.reasons.values()
        assert one.route.reasons.keys() == REASONS[key]
