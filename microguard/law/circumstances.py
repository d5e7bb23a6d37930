"""From the facts of one dispute to the few circumstances that decide: each has a small, closed set of values.

Decision tables speak of circumstances and of answers only, so that every row of every table can be checked
against all values that can occur.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from microguard.law.vocabulary import CHOICES, MORE_CHOICES, UNKNOWN, Facts

YES, NO = "yes", "no"
GOODS = {
    "food": "food",
    "health_food": "health_food",
    "drug": "drug",
    "cosmetics": "cosmetics",
    "live_plant_animal": "live",
    "digital": "digital",
    "service": "service",
    "custom_made": "custom",
    "second_hand": "second_hand",
    UNKNOWN: UNKNOWN,
}
WITH_PLATFORM = frozenset({"mini_program", "wechat_shop", "channels_live", "other_platform"})
WITHOUT_PLATFORM = frozenset({"moments", "group", "private_chat"})
# A false statement about one of these goes to what was bought; one about quality is often a matter of opinion.
HARD_FALSEHOODS = frozenset(
    {"identity_of_goods", "origin", "effect_or_cure", "price_or_discount", "stock_or_delivery", "qualification"}
)
CLAIMED = frozenset({"yes", "alleged", "suspected"})


class Numbers(NamedTuple):
    """The numbers of the law that sort facts into circumstances, as they hold on the day of the assessment."""

    return_days: int
    limitation_years: int


class Circumstance(NamedTuple):
    """One thing that decides: its values, and how it is told from the facts."""

    values: tuple[str, ...]
    tell: Callable[[Facts, Numbers, date], str]


def _as_told(field: str, values: tuple[str, ...]) -> Circumstance:
    return Circumstance(values, lambda facts, _numbers, _on: getattr(facts, field))


def _whether(holds: Callable[[Facts], bool]) -> Circumstance:
    return Circumstance((YES, NO), lambda facts, _numbers, _on: YES if holds(facts) else NO)


def _problem(name: str) -> Circumstance:
    return _whether(lambda facts: name in facts.problem)


def _on_platform(facts: Facts) -> str:
    if facts.channel in WITH_PLATFORM:
        return YES
    return NO if facts.channel in WITHOUT_PLATFORM else UNKNOWN


def _window(facts: Facts, numbers: Numbers, _on: date) -> str:
    """Tell whether the days of the return without reason have passed when the buyer complained."""
    days = facts.days_since_receipt
    if days is None and facts.received_date and facts.complaint_date:
        earliest = (facts.complaint_date.first - facts.received_date.last).days
        latest = (facts.complaint_date.last - facts.received_date.first).days
        if earliest > numbers.return_days:
            return "after"
        days = latest if latest <= numbers.return_days else None
    if days is None:
        return UNKNOWN
    return "within" if days <= numbers.return_days else "after"


def _limitation(facts: Facts, numbers: Numbers, on: date) -> str:
    """Tell whether the limitation period may have run out by the complaint, its year's end, or the day asked."""
    asked = facts.complaint_date.last if facts.complaint_date else date(facts.year, 12, 31) if facts.year else on
    known = facts.received_date.last if facts.received_date else facts.latest_purchase
    if known is None:
        return UNKNOWN
    return YES if known + timedelta(days=366 * numbers.limitation_years) < asked else NO


def _falsehood(facts: Facts) -> str:
    claims = set(facts.false_claim)
    if claims & HARD_FALSEHOODS:
        return "hard"
    if "quality_grade" in claims:
        return "grade"
    return "none" if "none" in claims else UNKNOWN


def _harmed(facts: Facts) -> str:
    if facts.bodily_harm in ("alleged", "suspected"):
        return "alleged"
    return facts.bodily_harm


def _knew(facts: Facts) -> str:
    if facts.buyer_knew_at_purchase in ("alleged", "suspected"):
        return "alleged"
    return facts.buyer_knew_at_purchase


def _contact(facts: Facts) -> str:
    return "blocked" if facts.contact == UNKNOWN and "blocked" in facts.problem else facts.contact


def _label(facts: Facts) -> str:
    return "none" if facts.label_state == UNKNOWN and "no_label" in facts.problem else facts.label_state


def _made_to_order(facts: Facts) -> str:
    return YES if facts.made_to_order == UNKNOWN and facts.goods_category == "custom_made" else facts.made_to_order


def _refunded(facts: Facts) -> str:
    if not facts.refunded_fen:
        return "none"
    return "all" if facts.price_fen and facts.refunded_fen >= facts.price_fen else "part"


def _simple(values: tuple[str, ...], tell: Callable[[Facts], str]) -> Circumstance:
    return Circumstance(values, lambda facts, _numbers, _on: tell(facts))


CIRCUMSTANCES: dict[str, Circumstance] = {
    **{
        field: _as_told(field, CHOICES[field])
        for field in ("channel", "seller_known", "seller_repeat", "seller_type", "opened_or_used")
    },
    **{
        field: _as_told(field, MORE_CHOICES[field])
        for field in (
            *("test_result", "food_shown", "told_before", "no_return_notice", "seller_role", "buyer_age"),
            *("buyer_purpose", "victims", "police", "goods_returned", "deposit_kind", "paid_off_platform"),
            *("platform_named_seller", "account_holder_differs", "licence_missing", "agreed_settlement"),
            *("defect_when", "joining_fee", "recruit_reward", "data_misused"),
        )
    },
    "goods": _simple(
        (
            "food",
            "health_food",
            "drug",
            "cosmetics",
            "live",
            "digital",
            "service",
            "custom",
            "second_hand",
            "ordinary",
            UNKNOWN,
        ),
        lambda facts: GOODS.get(facts.goods_category, "ordinary"),
    ),
    "on_platform": _simple((YES, NO, UNKNOWN), _on_platform),
    "window": Circumstance(("within", "after", UNKNOWN), _window),
    "too_late": Circumstance((YES, NO, UNKNOWN), _limitation),
    "harmed": _simple((*("yes", "no", UNKNOWN), "alleged"), _harmed),
    "knew": _simple((*("yes", "no", UNKNOWN), "alleged"), _knew),
    "claimant_doubted": _whether(lambda facts: facts.professional_claimant in CLAIMED),
    "contact": _simple(MORE_CHOICES["contact"], _contact),
    "label": _simple(MORE_CHOICES["label_state"], _label),
    "made_to_order": _simple((YES, NO, UNKNOWN), _made_to_order),
    "falsehood": _simple(("hard", "grade", "none", UNKNOWN), _falsehood),
    "effect_claimed": _whether(lambda facts: "effect_or_cure" in facts.false_claim),
    "promise": _whether(lambda facts: "promise" in facts.evidence),
    "multiple_promised": _whether(lambda facts: facts.promised_multiple is not None),
    "platform_asked": _whether(lambda facts: "platform" in facts.paths_tried),
    "penalty_agreed": _whether(lambda facts: bool(facts.agreed_penalty_fen)),
    "other_loss": _whether(lambda facts: bool(facts.other_loss_fen)),
    "refunded": _simple(("none", "part", "all"), _refunded),
    "short_delivery": _whether(
        lambda facts: "not_delivered" in facts.problem and facts.opened_or_used == "partly"
    ),
    "nothing_wrong_named": _whether(lambda facts: set(facts.problem) <= {"other"}),
    "undelivered": _problem("not_delivered"),
    "fake": _problem("counterfeit"),
    "falsely_advertised": _problem("false_advertising"),
    "defect": _problem("quality_defect"),
    "unsafe": _problem("unsafe_food"),
    "misdescribed": _problem("not_as_described"),
    "return_refused": _problem("refuse_return"),
    "about_deposit": _problem("deposit"),
    "after_sales": _problem("after_sales"),
    "about_price": _problem("price"),
}


def circumstances_of(facts: Facts, numbers: Numbers, on: date) -> dict[str, str]:
    """Return the value of every circumstance."""
    return {name: circumstance.tell(facts, numbers, on) for name, circumstance in CIRCUMSTANCES.items()}
