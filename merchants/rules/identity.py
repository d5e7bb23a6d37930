"""Identifiers checked: credit codes (GB 32100-2015) and resident IDs (GB 11643-1999).

The check characters are those of python-stdnum. Its `validate` is not used: it refuses codes of authorities that
begin with a letter (such as Y1 or N2), residence permits and division codes that its own table does not hold, and
it takes birth dates that have not come yet.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from microguard.core import normal_forms

LENGTH = 18
FULL_AGE = 18  # years; Civil Code art. 17
CODE_SIGNS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")  # no I, O, S, V, Z
DIVISION = range(2, 8)  # positions, from zero, of the six digits that name the place of registration
_LABEL = re.compile(
    r"^(?:统一社会信用代码|社会信用代码|信用代码|营业执照号码|营业执照号|营业执照|身份证号码|身份证号|身份证|creditcode|id)[:：]?",
    re.I,
)
_BETWEEN = re.compile(r"[-‐‑‒–—―−·.]")


class FaultKind(StrEnum):
    """What is wrong with an identifier."""

    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"
    DATE = "date"
    MINOR = "minor"


@dataclass(frozen=True)
class Fault:
    """What is wrong, at which character (from one; 0 where none can be named), and how many there are."""

    kind: FaultKind
    place: int
    length: int


def compact(text: str) -> str:
    """Return an identifier as it is compared: NFKC, capitals, no label, gaps, dashes and invisible signs."""
    previous, text = None, normal_forms.plain(text).upper()
    while text != previous:
        previous, text = text, normal_forms.plain(_BETWEEN.sub("", _LABEL.sub("", text))).upper()
    return text


def credit_code_fault(text: str) -> Fault | None:
    """Return the first fault of a unified social credit code; None when it can be one.

    A wrong check character says that some character was mistyped; the last is named, which alone depends on all.
    """
    code = compact(text)
    for place, sign in enumerate(code[:LENGTH]):
        if sign not in CODE_SIGNS or (place in DIVISION and not sign.isdigit()):
            return Fault(FaultKind.CHARACTER, place + 1, len(code))
    if len(code) != LENGTH:
        return Fault(FaultKind.LENGTH, min(len(code), LENGTH) + 1, len(code))
    if uscc.calc_check_digit(code[:-1]) != code[-1]:
        return Fault(FaultKind.CHECK, LENGTH, LENGTH)
    return None


def resident_id_fault(text: str, *, on: date) -> Fault | None:
    """Return the first fault of a resident ID or residence permit as that of an adult on this day, else None."""
    number = compact(text)
    for place, sign in enumerate(number[:LENGTH]):
        if not (sign in "0123456789" or (place == LENGTH - 1 and sign == "X")):
            return Fault(FaultKind.CHARACTER, place + 1, len(number))
    if len(number) != LENGTH:
        return Fault(FaultKind.LENGTH, 0, len(number))
    born = birth_date(number)
    if born is None or born > on:
        return Fault(FaultKind.DATE, 7, LENGTH)
    if ric.calc_check_digit(number) != number[-1]:
        return Fault(FaultKind.CHECK, LENGTH, LENGTH)
    if age_on(born, on) < FULL_AGE:
        return Fault(FaultKind.MINOR, 0, LENGTH)
    return None


def birth_date(number: str) -> date | None:
    """Return the date in characters 7 to 14 of a resident ID, None when there is no such day."""
    try:
        born: date = ric.get_birth_date(number)
    except (ValidationError, ValueError):
        return None
    return born


def age_on(born: date, on: date) -> int:
    """Return the full years of age; who was born on 29 February grows older on 1 March of other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
