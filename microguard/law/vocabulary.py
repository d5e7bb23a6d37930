"""The facts from which rights are told: their names, the values each may have, and how they are read.

The names are those of the published vocabulary, so that facts written down elsewhere can be assessed as they are.
Anything may be missing; "don't know" and no answer are the same.
"""

import math
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal

UNKNOWN = "unknown"
YES_NO = ("yes", "no", UNKNOWN)
LONGEST_TEXT = 5_000  # characters of a free text; nothing is read from it
LARGEST_SUM = 100_000_000_000  # fen; a larger price is a slip of the finger

# One value each.
CHOICES: dict[str, tuple[str, ...]] = {
    "channel": (
        *("moments", "group", "private_chat", "mini_program", "channels_live", "wechat_shop", "other_platform"),
        UNKNOWN,
    ),
    "seller_known": YES_NO,
    "seller_repeat": YES_NO,
    "seller_type": ("individual_unregistered", "individual_business", "company", "private_one_off", UNKNOWN),
    "goods_category": (
        *("food", "health_food", "drug", "cosmetics", "apparel", "electronics", "luxury", "jewellery", "baby"),
        *("service", "custom_made", "second_hand", "live_plant_animal", "digital", "other", UNKNOWN),
    ),
    "paid_by": ("wechat_transfer", "red_packet", "wechat_pay", "alipay", "bank", "cash", UNKNOWN),
    "opened_or_used": ("unopened", "opened", "used", "partly", "not_received", UNKNOWN),
    "bodily_harm": ("yes", "no", UNKNOWN, "alleged", "suspected"),
    "professional_claimant": ("yes", "no", UNKNOWN, "alleged", "suspected"),
    "buyer_knew_at_purchase": ("yes", "no", UNKNOWN, "alleged", "suspected"),
}
# Several values each.
LISTS: dict[str, tuple[str, ...]] = {
    "problem": (
        *("not_delivered", "counterfeit", "false_advertising", "quality_defect", "unsafe_food", "no_label"),
        *("not_as_described", "refuse_return", "blocked", "deposit", "after_sales", "price", "other"),
    ),
    "evidence": ("chat", "transfer_record", "courier", "photos", "video", "test_report", "label", "promise"),
    "paths_tried": ("negotiation", "12315_mediation", "association", "platform", "court"),
}
# What a wizard asks besides, one question each.
MORE_CHOICES: dict[str, tuple[str, ...]] = {
    "test_result": (
        *("none", "banned_substance", "not_genuine", "below_standard", "other_defect", "no_fault"),
        UNKNOWN,
    ),
    "label_state": ("full", "flaw", "foreign_only", "none", UNKNOWN),
    "food_shown": YES_NO,
    "made_to_order": YES_NO,
    "told_before": YES_NO,
    "no_return_notice": ("confirmed_at_purchase", "only_on_page", "none", UNKNOWN),
    "seller_role": ("stock", "agency", "supplier_ships", UNKNOWN),
    "buyer_age": ("adult", "from_8", "under_8", UNKNOWN),
    "buyer_purpose": ("living", "trade", UNKNOWN),
    "contact": ("reachable", "blocked", "disappeared", UNKNOWN),
    "victims": ("one", "several", UNKNOWN),
    "police": ("none", "reported", "case_filed", UNKNOWN),
    "goods_returned": ("yes", "no", "nothing_to_return", UNKNOWN),
    "deposit_kind": ("earnest", "advance", "none", UNKNOWN),
    "paid_off_platform": YES_NO,
    "platform_named_seller": ("yes", "no", "not_asked", UNKNOWN),
    "account_holder_differs": YES_NO,
    "licence_missing": YES_NO,
    "agreed_settlement": YES_NO,
    "defect_when": ("at_delivery", "within_6_months", "later", UNKNOWN),
    # Ours. A fee to become an agent and pay for bringing in others are a clue that is passed on, never a finding.
    "joining_fee": YES_NO,
    "recruit_reward": YES_NO,
    "data_misused": YES_NO,
}
MORE_LISTS: dict[str, tuple[str, ...]] = {
    "false_claim": (
        *("identity_of_goods", "origin", "effect_or_cure", "quality_grade", "price_or_discount"),
        *("stock_or_delivery", "qualification", "none", UNKNOWN),
    ),
}
SUMS = ("price_cny",)
MORE_SUMS = ("refunded_cny", "other_loss_cny", "agreed_penalty_cny")
DAYS = ("purchase_date", "received_date", "complaint_date")
FREE = ("id", "goods", "facts", "region")
NUMBERS = ("days_since_receipt_if_known", "year")
KNOWN_FIELDS = frozenset((*CHOICES, *LISTS, *SUMS, *DAYS, *FREE, *NUMBERS, "more_facts"))
KNOWN_MORE = frozenset((*MORE_CHOICES, *MORE_LISTS, *MORE_SUMS, "promised_multiple"))
DAY_OR_MONTH = re.compile(r"\d{4}-\d{2}(-\d{2})?")


class BadFacts(Refusal):
    """The facts cannot be read: a value is unknown, negative, or contradicts another."""

    code = "bad_facts"


class Span(NamedTuple):
    """A day, or a month of which the day is not known."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Facts:
    """One dispute as its buyer tells it. Sums are in fen; "unknown" where nothing was said."""

    id: str = ""
    channel: str = UNKNOWN
    seller_known: str = UNKNOWN
    seller_repeat: str = UNKNOWN
    seller_type: str = UNKNOWN
    goods_category: str = UNKNOWN
    paid_by: str = UNKNOWN
    opened_or_used: str = UNKNOWN
    bodily_harm: str = UNKNOWN
    professional_claimant: str = UNKNOWN
    buyer_knew_at_purchase: str = UNKNOWN
    problem: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    paths_tried: tuple[str, ...] = ()
    price_fen: int | None = None
    purchase_date: Span | None = None
    received_date: Span | None = None
    complaint_date: Span | None = None
    year: int | None = None
    days_since_receipt: int | None = None
    test_result: str = UNKNOWN
    label_state: str = UNKNOWN
    food_shown: str = UNKNOWN
    made_to_order: str = UNKNOWN
    told_before: str = UNKNOWN
    no_return_notice: str = UNKNOWN
    seller_role: str = UNKNOWN
    buyer_age: str = UNKNOWN
    buyer_purpose: str = UNKNOWN
    contact: str = UNKNOWN
    victims: str = UNKNOWN
    police: str = UNKNOWN
    goods_returned: str = UNKNOWN
    deposit_kind: str = UNKNOWN
    paid_off_platform: str = UNKNOWN
    platform_named_seller: str = UNKNOWN
    account_holder_differs: str = UNKNOWN
    licence_missing: str = UNKNOWN
    agreed_settlement: str = UNKNOWN
    defect_when: str = UNKNOWN
    joining_fee: str = UNKNOWN
    recruit_reward: str = UNKNOWN
    data_misused: str = UNKNOWN
    false_claim: tuple[str, ...] = ()
    refunded_fen: int | None = None
    other_loss_fen: int | None = None
    agreed_penalty_fen: int | None = None
    promised_multiple: float | None = None
    unread: tuple[str, ...] = ()  # names in the input that are no facts of ours

    @property
    def latest_purchase(self) -> date | None:
        """The last day on which it can have been bought, from the date or the year; None when not known."""
        if self.purchase_date:
            return self.purchase_date.last
        return date(self.year, 12, 31) if self.year else None


FACT_NAMES = frozenset(field.name for field in fields(Facts))


def read_facts(content: Any) -> Facts:
    """Return the facts that an object of the published vocabulary holds.

    :raises BadFacts: with one sentence that names the field
    """
    if not isinstance(content, Mapping):
        raise BadFacts(_("The facts are not a JSON object."), code="bad_json")
    more = content.get("more_facts")
    if more is None:
        more = {}
    if not isinstance(more, Mapping):
        raise BadFacts(_("The field “{field}” is not an object."), field="more_facts")
    values: dict[str, Any] = {"id": _text(content, "id")}
    for field in ("goods", "facts", "region"):
        _text(content, field)
    for source, choices in ((content, CHOICES), (more, MORE_CHOICES)):
        values |= {field: _choice(source, field, among) for field, among in choices.items()}
    for source, lists in ((content, LISTS), (more, MORE_LISTS)):
        values |= {field: _several(source, field, among) for field, among in lists.items()}
    for source, sums in ((content, SUMS), (more, MORE_SUMS)):
        values |= {field.removesuffix("_cny") + "_fen": _fen(source, field) for field in sums}
    values |= {field: _span(content, field) for field in DAYS}
    values["year"] = _whole(content, "year", 1949, 2200)
    values["days_since_receipt"] = _whole(content, "days_since_receipt_if_known", 0, 36_500)
    values["promised_multiple"] = _multiple(more)
    values["unread"] = tuple(sorted(map(str, (set(content) - KNOWN_FIELDS) | (set(more) - KNOWN_MORE))))
    facts = Facts(**values)
    _check_order(facts)
    return facts


def _bad(sentence: Any, field: str, **more: Any) -> BadFacts:
    return BadFacts(sentence, field=field, **more)


def _text(source: Mapping[str, Any], field: str) -> str:
    value = source.get(field)
    if value is None:
        return ""
    if field == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise _bad(_("The field “{field}” is not a text of at most {most} characters."), field, most=LONGEST_TEXT)
    return value


def _choice(source: Mapping[str, Any], field: str, among: tuple[str, ...]) -> str:
    value = source.get(field)
    if value is None:
        return UNKNOWN
    if not isinstance(value, str) or value not in among:
        raise _not_among(field, value, among)
    return value


def _several(source: Mapping[str, Any], field: str, among: tuple[str, ...]) -> tuple[str, ...]:
    value = source.get(field)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _bad(_("The field “{field}” is not a list."), field)
    for item in value:
        if not isinstance(item, str) or item not in among:
            raise _not_among(field, item, among)
    return tuple(dict.fromkeys(value))


def _not_among(field: str, value: Any, among: tuple[str, ...]) -> BadFacts:
    return _bad(
        _("The field “{field}” is “{value}”; it can be: {among}."),
        field,
        value=str(value)[:60],
        among=", ".join(among),
    )


def _number(source: Mapping[str, Any], field: str) -> int | float | None:
    value = source.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _bad(_("The field “{field}” is not a number."), field)
    if value < 0:
        raise _bad(_("The field “{field}” is below zero."), field)
    return value


def _fen(source: Mapping[str, Any], field: str) -> int | None:
    value = _number(source, field)
    if value is None:
        return None
    if value * 100 > LARGEST_SUM:
        raise _bad(_("The field “{field}” is too large."), field)
    return round(value * 100)


def _whole(source: Mapping[str, Any], field: str, least: int, most: int) -> int | None:
    value = _number(source, field)
    if value is None:
        return None
    if value != int(value) or not least <= value <= most:
        raise _bad(
            _("The field “{field}” is not a whole number from {least} to {most}."), field, least=least, most=most
        )
    return int(value)


def _multiple(more: Mapping[str, Any]) -> float | None:
    value = _number(more, "promised_multiple")
    if value is not None and value > 1_000:
        raise _bad(_("The field “{field}” is too large."), "promised_multiple")
    return float(value) if value else None


def _span(source: Mapping[str, Any], field: str) -> Span | None:
    value = source.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or not DAY_OR_MONTH.fullmatch(value):
        raise _bad(_("The field “{field}” is not a day such as 2026-04-15 or a month such as 2026-04."), field)
    try:
        if len(value) == len("2026-04"):
            year, month = int(value[:4]), int(value[5:])
            return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        day = date.fromisoformat(value)
    except ValueError as error:
        raise _bad(_("The field “{field}” names a day that does not exist."), field) from error
    return Span(day, day)


def _check_order(facts: Facts) -> None:
    """Refuse goods that came before they were bought, and a complaint before the purchase."""
    known = [(field, getattr(facts, field)) for field in DAYS if getattr(facts, field)]
    for (earlier, before), (later, after) in combinations(known, 2):
        if after.last < before.first:
            raise BadFacts(_("“{later}” lies before “{earlier}”."), code="bad_order", later=later, earlier=earlier)
