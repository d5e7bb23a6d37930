"""Whether what a seller says of its registration fits together: "fits" or "to be checked, because …".

It is no verdict: nobody is told to have broken a law. Source: E-Commerce Law art. 10 and 12, Order 37 art. 8
(all shops of one seller are summed; what needs a licence is registered whatever it turns over).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Because(StrEnum):
    """Why a person should look again."""

    NOTHING_STATED = "nothing_stated"
    OVER_THE_LINE = "over_the_line"
    NO_TURNOVER_STATED = "no_turnover_stated"
    LICENSED_IS_REGISTERED = "licensed_is_registered"
    LICENCE_MISSING = "licence_missing"
    LICENCE_RUN_OUT = "licence_run_out"
    CHANGED_SINCE = "changed_since"


@dataclass(frozen=True)
class OwnWord:
    """What a seller says of itself now.

    `turnovers` are (calendar year, fen) of each shop, `licences` the last day of each licence, None where it names
    none; `is_sporadic` says that it trades unregistered as sporadic trade in small amounts, `has_changed` that
    something stated has changed or ended since.
    """

    is_registered: bool = False
    is_exempt: bool = False
    is_sporadic: bool = False
    needs_licence: bool = False
    licences: tuple[date | None, ...] = ()
    turnovers: tuple[tuple[int, int], ...] = ()
    has_changed: bool = False


def to_be_checked(said: OwnWord, *, line_fen: int | None, on: date) -> tuple[Because, ...]:
    """Return why a person should look again, nothing when what the seller says fits.

    `line_fen` is the yearly turnover up to which sporadic trade is exempt, None while no such line is in force.
    This calendar year and the one before it count.
    """
    reasons = []
    if not said.is_registered and not said.is_exempt:
        reasons.append(Because.NOTHING_STATED)
    if said.is_sporadic:
        counted = [pair for pair in said.turnovers if on.year - 1 <= pair[0] <= on.year]
        if not counted:
            reasons.append(Because.NO_TURNOVER_STATED)
        elif line_fen is not None and max(in_years(counted).values()) > line_fen:
            reasons.append(Because.OVER_THE_LINE)
    if said.is_exempt and (said.needs_licence or said.licences):
        reasons.append(Because.LICENSED_IS_REGISTERED)
    if said.needs_licence and not said.licences:
        reasons.append(Because.LICENCE_MISSING)
    if any(last_day is not None and last_day < on for last_day in said.licences):
        reasons.append(Because.LICENCE_RUN_OUT)
    if said.has_changed:
        reasons.append(Because.CHANGED_SINCE)
    return tuple(reasons)


def in_years(turnovers: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the fen of each calendar year, summed over all shops."""
    sums: dict[int, int] = {}
    for year, fen in turnovers:
        sums[year] = sums.get(year, 0) + fen
    return sums
