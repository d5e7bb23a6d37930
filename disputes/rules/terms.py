"""Amounts and instants of what is agreed: pure arithmetic."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

SHORTEST_PAYMENT_DAYS, LONGEST_PAYMENT_DAYS = 1, 60
REFLECTION = timedelta(hours=24)


@dataclass(frozen=True)
class Terms:
    """What is offered or agreed: fen, days for payment, whether the goods go back, and a note."""

    amount_fen: int
    pay_within_days: int
    goods_returned: bool = False
    note: str = ""


def payment_due(agreed_at: datetime, days: int) -> datetime:
    """Return the exclusive end of the last day for payment: midnight after `days` days from the agreement.

    `agreed_at` must be in local time; the day of the agreement does not count.
    """
    last_day = agreed_at.date() + timedelta(days=days)
    return datetime.combine(last_day + timedelta(days=1), time.min, agreed_at.tzinfo)


def may_accept(made_at: datetime, at: datetime, *, waived: bool) -> bool:
    """Tell whether a party may accept a proposal now: after a day's reflection, or if it waives that on record."""
    return waived or at >= made_at + REFLECTION
