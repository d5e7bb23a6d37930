"""A complaint as the rules of law read it, and the way back: one table between our choices and the vocabulary.

Facts that no column of ours holds are told: codes of the vocabulary, given by whoever answered a question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from complaints.states import Channel, ClaimKind, EvidenceKind, PaidBy, Problem
from merchants.states import ProfileState
from microguard.law.vocabulary import LISTS, MORE_CHOICES, MORE_LISTS, MORE_SUMS, UNKNOWN, Facts, read_facts
from microguard.law.words import ANSWERS, NUMBERS

Told = dict[str, Any]

# --- the table: what the buyer chooses, and what it says in the vocabulary -----------------------------------

PROBLEMS: dict[str, dict[str, Any]] = {
    Problem.NOT_DELIVERED: {"problem": ("not_delivered",), "opened_or_used": "not_received"},
    Problem.DEFECT: {"problem": ("quality_defect",)},
    Problem.NOT_AS_DESCRIBED: {"problem": ("not_as_described",)},
    Problem.COUNTERFEIT: {"problem": ("counterfeit",)},
    Problem.REFUND_REFUSED: {"problem": ("refuse_return",)},
    Problem.UNSAFE_FOOD: {"problem": ("unsafe_food",), "goods_category": "food"},
    Problem.SERVICE_NOT_GIVEN: {"problem": ("not_delivered",), "goods_category": "service"},
    Problem.OTHER: {"problem": ("other",)},
}
# The way back, the most pressing first: a complaint has one problem, the vocabulary a list of finer ones.
PROBLEM_OF: dict[str, str] = {
    "unsafe_food": Problem.UNSAFE_FOOD,
    "counterfeit": Problem.COUNTERFEIT,
    "not_delivered": Problem.NOT_DELIVERED,
    "quality_defect": Problem.DEFECT,
    "not_as_described": Problem.NOT_AS_DESCRIBED,
    "false_advertising": Problem.NOT_AS_DESCRIBED,
    "refuse_return": Problem.REFUND_REFUSED,
    "after_sales": Problem.REFUND_REFUSED,
    "deposit": Problem.REFUND_REFUSED,
    "no_label": Problem.OTHER,
    "price": Problem.OTHER,
    "blocked": Problem.OTHER,
    "other": Problem.OTHER,
}
PAID_BY: dict[str, str] = {
    PaidBy.WECHAT_TRANSFER: "wechat_transfer",
    PaidBy.RED_PACKET: "red_packet",
    PaidBy.PAYMENT_CODE: "wechat_pay",
    PaidBy.MINI_SHOP: "wechat_pay",
    PaidBy.ALIPAY: "alipay",
    PaidBy.BANK: "bank",
    PaidBy.CASH_ON_DELIVERY: "cash",
    PaidBy.OTHER: UNKNOWN,
}
# WeChat Pay in a shop is its checkout, elsewhere a code that was scanned: see paid_by_of.
PAID_BY_OF: dict[str, str] = {
    "wechat_transfer": PaidBy.WECHAT_TRANSFER,
    "red_packet": PaidBy.RED_PACKET,
    "wechat_pay": PaidBy.PAYMENT_CODE,
    "alipay": PaidBy.ALIPAY,
    "bank": PaidBy.BANK,
    "cash": PaidBy.CASH_ON_DELIVERY,
}
CHANNELS: dict[str, str] = {channel: channel.lower() for channel in Channel.values}
SHOPS = frozenset({"mini_program", "wechat_shop", "channels_live", "other_platform"})
PAST_THE_CHECKOUT = frozenset({PaidBy.WECHAT_TRANSFER, PaidBy.RED_PACKET, PaidBy.PAYMENT_CODE})
EVIDENCE: dict[str, str] = {
    EvidenceKind.PAYMENT: "transfer_record",
    EvidenceKind.CHAT: "chat",
    EvidenceKind.GOODS: "photos",
    EvidenceKind.PARCEL: "courier",
}
SELLER_KNOWN: dict[str, str] = {ProfileState.CLAIMED: "yes", ProfileState.UNCLAIMED: UNKNOWN}
# Which remedies carry a claim: it has a basis when one of them is shown.
MONEY_BACK = frozenset(
    {
        "refund",
        "return_and_refund",
        "return_no_reason",
        "rescind",
        "void_minor",
        "cancel_prepaid",
        "deposit_return",
    }
)
REMEDIES_OF: dict[str, frozenset[str]] = {
    ClaimKind.REFUND: MONEY_BACK | {"make_up_or_refund", "price_reduction"},
    ClaimKind.RETURN_AND_REFUND: MONEY_BACK | {"repair_or_return"},
    ClaimKind.EXCHANGE: frozenset({"repair_or_return"}),
    ClaimKind.RESEND: frozenset({"performance", "make_up_or_refund"}),
    ClaimKind.REPAIR: frozenset({"repair_or_return"}),
    ClaimKind.COMPENSATION: frozenset(
        {"punitive_3x", "punitive_10x", "punitive_2x_loss", "punitive_promise", "agreed_penalty", "deposit_double"}
        | {"actual_loss", "medical_cost"}
    ),
    ClaimKind.APOLOGY: frozenset(),
    ClaimKind.OTHER: frozenset(),
}
# The claim that a remedy leads to when a complaint is prepared from an assessment.
CLAIM_OF: dict[str, str] = {
    **dict.fromkeys(("refund", "rescind", "void_minor", "cancel_prepaid", "deposit_return"), ClaimKind.REFUND),
    **dict.fromkeys(("make_up_or_refund", "price_reduction"), ClaimKind.REFUND),
    **dict.fromkeys(("return_and_refund", "return_no_reason"), ClaimKind.RETURN_AND_REFUND),
    "repair_or_return": ClaimKind.REPAIR,
    "performance": ClaimKind.RESEND,
    **dict.fromkeys(REMEDIES_OF[ClaimKind.COMPENSATION], ClaimKind.COMPENSATION),
}
NO_WORD_OF_THEIRS: dict[str, str] = {
    EvidenceKind.SELLER: "it names the seller and proves nothing about the deal",
    EvidenceKind.PERFORMANCE: "it proves what was done after the agreement",
    EvidenceKind.OTHER: "nobody knows what it shows",
    ClaimKind.APOLOGY: "no table of remedies knows an apology",
    ClaimKind.OTHER: "its wording is the buyer's own",
}
NO_CHOICE_OF_OURS: dict[str, str] = {
    **dict.fromkeys(("video", "test_report", "label", "promise"), "a file is not sorted so finely; it is told"),
    **dict.fromkeys(("platform_claim", "platform_as_seller"), "it is claimed from the platform, not the seller"),
    "liability_of_account_holder": "it is claimed from the holder of an account, not the seller",
    **dict.fromkeys(("identify_seller", "preserve_evidence"), "it prepares a claim"),
    **dict.fromkeys(("mediation", "court_claim", "report_12315", "criminal_report"), "it is a way to go"),
    "note_rule_version": "it is a note",
}

# --- what is told ----------------------------------------------------------------------------------------------

MORE = frozenset((*MORE_CHOICES, *MORE_LISTS, *MORE_SUMS, "promised_multiple"))
SEVERAL = LISTS.keys() | MORE_LISTS.keys()  # questions with more than one answer, asked last
TELLABLE = tuple(sorted((*ANSWERS, *NUMBERS), key=lambda fact: fact in SEVERAL))
LONGEST_TOLD = 2_000  # characters; all facts of the vocabulary with every answer need fewer
# What a buyer is asked after filing: at most six, those on which this problem turns most.
ASKED_OF_BUYER: dict[str, tuple[str, ...]] = {
    Problem.NOT_DELIVERED: (
        "contact",
        "victims",
        "police",
        "account_holder_differs",
        "deposit_kind",
        "seller_known",
    ),
    Problem.DEFECT: ("defect_when", "test_result", "told_before", "goods_returned", "contact", "seller_repeat"),
    Problem.NOT_AS_DESCRIBED: (
        *("false_claim", "test_result", "told_before", "opened_or_used", "goods_returned", "seller_repeat"),
    ),
    Problem.COUNTERFEIT: (
        *("test_result", "false_claim", "promised_multiple", "victims", "contact", "seller_repeat"),
    ),
    Problem.REFUND_REFUSED: (
        *("days_since_receipt_if_known", "opened_or_used", "made_to_order", "no_return_notice", "goods_returned"),
        "agreed_settlement",
    ),
    Problem.UNSAFE_FOOD: (
        *("label_state", "test_result", "bodily_harm", "licence_missing", "opened_or_used", "seller_repeat"),
    ),
    Problem.SERVICE_NOT_GIVEN: (
        *("deposit_kind", "refunded_cny", "contact", "agreed_settlement", "victims", "seller_known"),
    ),
    Problem.OTHER: ("goods_category", "deposit_kind", "contact", "data_misused", "joining_fee", "recruit_reward"),
}


def facts_of(
    *,
    problem: str,
    paid_by: str,
    channel: str,
    amount_fen: int | None,
    paid_date: date | None = None,
    paid_date_about: bool = False,
    complained_on: date | None = None,
    evidence: Iterable[str] = (),
    seller_state: str = ProfileState.UNCLAIMED,
    told: Mapping[str, Any] | None = None,
    multiple_if_fake: int | None = None,
) -> Facts:
    """Return a complaint as the rules of law read it: our choices by the table, and over them what was told.

    Finer problems are told only as long as they are those of the problem that was chosen. `multiple_if_fake` is
    what the seller had promised on its public page when the deal was made: our record proves it, so it stands
    where nobody told a multiple or a smaller one was told; a larger one that was told may have been promised
    elsewhere. It is for fakes only.
    """
    told = dict(told or {})
    goods = told.get("goods_category") or PROBLEMS.get(problem, {}).get("goods_category", UNKNOWN)
    if "problem" in told and problem_of(told["problem"], goods) != problem:
        del told["problem"]
    flat: dict[str, Any] = {
        "channel": CHANNELS.get(channel, "mini_program" if paid_by == PaidBy.MINI_SHOP else UNKNOWN),
        "paid_by": PAID_BY.get(paid_by, UNKNOWN),
        "price_cny": amount_fen / 100 if amount_fen else None,
        "seller_known": SELLER_KNOWN[seller_state],
        **PROBLEMS.get(problem, {}),
    }
    flat["paid_off_platform"] = _past_the_checkout(flat["channel"], paid_by)
    flat |= told
    if multiple_if_fake and problem == Problem.COUNTERFEIT:
        flat["promised_multiple"] = max(multiple_if_fake, told.get("promised_multiple") or 0)
        told["evidence"] = [*told.get("evidence", ()), "promise"]
    flat["evidence"] = {EVIDENCE[kind]: None for kind in evidence if kind in EVIDENCE}
    flat["evidence"] = [*(flat["evidence"] | dict.fromkeys(told.get("evidence", ())))]
    flat["problem"] = [*flat.get("problem", ())]
    if paid_date:
        flat["purchase_date"] = paid_date.isoformat()[: 7 if paid_date_about else 10]
        if complained_on and complained_on >= paid_date:
            flat["complaint_date"] = complained_on.isoformat()
    return read_facts(published(flat))


def _past_the_checkout(channel: str, paid_by: str) -> str:
    """Tell whether a purchase on a platform was paid past its checkout; elsewhere there is none to pass by."""
    if channel not in SHOPS:
        return UNKNOWN
    return "yes" if paid_by in PAST_THE_CHECKOUT else "no" if paid_by == PaidBy.MINI_SHOP else UNKNOWN


def published(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts in the shape of the vocabulary, in which some stand apart."""
    own = {key: value for key, value in flat.items() if key not in MORE}
    return own | {"more_facts": {key: value for key, value in flat.items() if key in MORE}}


# --- the way back ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """What a complaint can be begun with: our choices (none is ""), and what only the vocabulary can say."""

    problem: str
    paid_by: str
    channel: str
    amount_fen: int | None
    told: Told


def prepared(facts: Facts) -> Prepared:
    """Return the answers with which a complaint about these facts begins."""
    problem = problem_of(facts.problem, facts.goods_category)
    implied = PROBLEMS.get(problem, {})
    told = {key: value for key in TELLABLE if (value := _told(facts, key)) is not None}
    return Prepared(
        problem,
        paid_by_of(facts.paid_by, facts.channel),
        channel_of(facts.channel),
        facts.price_fen or None,
        {key: value for key, value in told.items() if implied.get(key) not in (value, tuple_of(value))},
    )


def tuple_of(value: Any) -> Any:
    """Return a list as the table writes it."""
    return tuple(value) if isinstance(value, list) else value


def _told(facts: Facts, key: str) -> Any:
    """Return the answer to a question; None where the facts hold none."""
    if key.endswith("_cny"):
        fen = getattr(facts, key.removesuffix("_cny") + "_fen")
        return None if fen is None else fen / 100
    value = getattr(facts, key.removesuffix("_if_known"))
    if isinstance(value, tuple):
        return list(value) or None
    return None if value == UNKNOWN else value


def problem_of(problems: Iterable[str], goods: str = UNKNOWN) -> str:
    """Return our one problem for a list of the vocabulary, "" for none."""
    present = set(problems)
    first = next((PROBLEM_OF[problem] for problem in PROBLEM_OF if problem in present), "")
    return Problem.SERVICE_NOT_GIVEN if first == Problem.NOT_DELIVERED and goods == "service" else first


def paid_by_of(paid_by: str, channel: str) -> str:
    """Return our word for a way of paying, "" where it is not known."""
    if paid_by == "wechat_pay" and channel in SHOPS:
        return PaidBy.MINI_SHOP
    return PAID_BY_OF.get(paid_by, "")


def channel_of(channel: str) -> str:
    """Return our word for the place of the deal, "" where it is not known."""
    return next((ours for ours, theirs in CHANNELS.items() if theirs == channel), "")


def claims_of(remedies: Iterable[str]) -> list[str]:
    """Return the claims to which these remedies lead; who gets the money back asks for no repair beside it."""
    kinds = dict.fromkeys(CLAIM_OF[remedy] for remedy in remedies if remedy in CLAIM_OF)
    if ClaimKind.RETURN_AND_REFUND in kinds:
        kinds.pop(ClaimKind.REFUND, None)
    if kinds.keys() & {ClaimKind.REFUND, ClaimKind.RETURN_AND_REFUND}:
        kinds = {kind: None for kind in kinds if kind not in (ClaimKind.REPAIR, ClaimKind.RESEND)}
    return list(kinds)
