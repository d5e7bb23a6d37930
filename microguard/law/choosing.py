"""Which routes fit a dispute, the most useful first, each with its reason: a function of what is known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Protocol

from microguard.jurisdictions.rules import WITHOUT_PLATFORM, Competence, Likelihood, Place
from microguard.law.routes import Route, routes_on
from microguard.law.wording import Wording

# What a consumer tried, as the body whose handling of the same dispute may close another route.
BODY_OF_PATH = {
    "12315_mediation": "market_regulator",
    "association": "consumer_association",
    "court": "court",
}


class RouteFacts(Protocol):
    """What is read of the facts, in the vocabulary of `cases.md`; None and "unknown" are "not known"."""

    @property
    def channel(self) -> str | None: ...
    @property
    def seller_known(self) -> str | None: ...
    @property
    def seller_type(self) -> str | None: ...
    @property
    def seller_repeat(self) -> str | None: ...
    @property
    def contact(self) -> str | None: ...
    @property
    def victims(self) -> str | None: ...
    @property
    def police(self) -> str | None: ...
    @property
    def buyer_purpose(self) -> str | None: ...
    @property
    def paths_tried(self) -> tuple[str, ...]: ...
    @property
    def test_result(self) -> str | None: ...
    @property
    def agreed_settlement(self) -> str | None: ...


class Fit(IntEnum):
    """How useful a route is, the most useful lowest."""

    FIRST = 0
    USEFUL = 1
    LATER = 2
    REFUSED = 3  # it will probably not be taken on
    OTHER = 4  # a matter of another kind, named so that nobody looks in vain


@dataclass(frozen=True, slots=True)
class Suggested:
    """One route with how useful it is here and why; `places` are competent for it."""

    route: Route
    fit: Fit
    reason: Wording
    is_ours: bool
    places: tuple[Place, ...]


Judgement = tuple[Fit, str]


def routes_for(facts: RouteFacts, *, competence: Competence, operator: str, on: date) -> list[Suggested]:
    """Return the routes that exist on the day, the most useful first; ours stands before others of its kind."""
    found = []
    for key, route in routes_on(on).items():
        judged = JUDGES[key](facts, route, competence)
        if judged is not None:
            fit, reason = judged
            places = _places(key, competence)
            found.append(Suggested(route, fit, route.reasons[reason], key == operator, places))
    return sorted(found, key=lambda suggested: (suggested.fit, not suggested.is_ours))


def bar_of(operator: str, on: date) -> Wording | None:
    """Return what handling by this operator means for a later complaint to the market regulator."""
    route = routes_on(on).get("market_regulator")
    return route.after_us[operator] if route else None


def _places(key: str, competence: Competence) -> tuple[Place, ...]:
    """Return the places competent for a route."""
    return {
        "market_regulator": competence.complaint,
        "pyramid_tip_off": competence.tip_off,
        "court": competence.court,
    }.get(key, ())


def _is_trade(facts: RouteFacts) -> bool:
    return facts.buyer_purpose == "trade"


def _is_private(facts: RouteFacts) -> bool:
    """Tell whether a private person sold once; who sells repeatedly is a trader (SPC-ONLINE art. 7)."""
    return facts.seller_type == "private_one_off" and facts.seller_repeat != "yes"


def _may_be_private(facts: RouteFacts) -> bool:
    return facts.seller_repeat == "no" and facts.seller_type is None


def _is_out_of_reach(facts: RouteFacts) -> bool:
    return facts.seller_known == "no" or facts.contact == "disappeared"


def _police(facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    if facts.police in ("reported", "case_filed"):
        return Fit.USEFUL, "reported"
    if facts.test_result == "banned_substance":
        return Fit.FIRST, "banned_substance"
    if facts.contact == "disappeared":
        return (Fit.FIRST, "several_gone") if facts.victims == "several" else (Fit.USEFUL, "gone")
    return Fit.LATER, "usual"


def _negotiation(facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    if facts.contact in ("blocked", "disappeared"):
        return Fit.LATER, "gone"
    return (Fit.LATER, "tried") if "negotiation" in facts.paths_tried else (Fit.USEFUL, "usual")


def _platform(facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    if facts.channel in WITHOUT_PLATFORM:
        return Fit.LATER, "no_platform"
    if "platform" in facts.paths_tried:
        return Fit.LATER, "tried"
    return Fit.USEFUL, "name_seller" if facts.seller_known == "no" else "usual"


def _consumer_association(facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    if _is_trade(facts) or _is_private(facts):
        return Fit.REFUSED, "not_consumer"
    if "association" in facts.paths_tried:
        return Fit.LATER, "tried"
    if _may_be_private(facts):
        return Fit.LATER, "once"
    return Fit.USEFUL, "unknown_seller" if _is_out_of_reach(facts) else "usual"


def _market_regulator(facts: RouteFacts, route: Route, _competence: Competence) -> Judgement:
    """Judge by the grounds on which it refuses: Order 121 art. 16(2) and (3), Order 20 art. 15(2) and (3)."""
    if any(BODY_OF_PATH.get(path) in route.refuses_after for path in facts.paths_tried):
        return Fit.REFUSED, "handled"
    if _is_trade(facts):
        return Fit.REFUSED, "not_living"
    if _is_private(facts):
        return Fit.REFUSED, "private"
    if facts.seller_known == "no":
        return Fit.LATER, "unknown_seller"
    return (Fit.LATER, "once") if _may_be_private(facts) else (Fit.USEFUL, "usual")


def _mediation_organisation(facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    return (Fit.LATER, "unknown_seller") if _is_out_of_reach(facts) else (Fit.USEFUL, "usual")


def _payment_order(facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement | None:
    """Offer it only where something was agreed and not kept, by somebody whose name is known."""
    is_open = facts.agreed_settlement == "yes" and facts.seller_known != "no"
    return (Fit.USEFUL, "usual") if is_open else None


def _court(facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    if "court" in facts.paths_tried:
        return Fit.LATER, "sued"
    if facts.seller_known == "no":
        return Fit.LATER, "unknown_seller"
    if _is_trade(facts) or _is_private(facts):
        return Fit.USEFUL, "contract_law"
    tried = {"negotiation", "platform", "association", "12315_mediation"} & set(facts.paths_tried)
    return (Fit.USEFUL, "tried") if tried else (Fit.LATER, "usual")


def _internet_court(facts: RouteFacts, _route: Route, competence: Competence) -> Judgement | None:
    if competence.internet_court.likelihood is not Likelihood.POSSIBLE:
        return None
    return Fit.LATER, "unknown_seller" if facts.seller_known == "no" else "usual"


def _arbitration(_facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    return Fit.LATER, "usual"


def _private_contract(facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    if _is_trade(facts):
        return Fit.FIRST, "trade"
    return (Fit.FIRST, "private") if _is_private(facts) else (Fit.OTHER, "usual")


def _of_another_kind(_facts: RouteFacts, _route: Route, _competence: Competence) -> Judgement:
    return Fit.OTHER, "usual"


JUDGES: dict[str, Callable[[RouteFacts, Route, Competence], Judgement | None]] = {
    "police": _police,
    "private_contract": _private_contract,
    "negotiation": _negotiation,
    "platform": _platform,
    "consumer_association": _consumer_association,
    "market_regulator": _market_regulator,
    "mediation_organisation": _mediation_organisation,
    "payment_order": _payment_order,
    "court": _court,
    "internet_court": _internet_court,
    "arbitration": _arbitration,
    "pyramid_tip_off": _of_another_kind,
    "labour": _of_another_kind,
}
