"""Administrative divisions (GB/T 2260 codes) as data: provinces, and the cities or districts in them."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "divisions.csv"


@dataclass(frozen=True)
class Division:
    """One division: six-digit code, Chinese name, code of its province ("" for a province itself)."""

    code: str
    name: str
    province: str


@lru_cache(maxsize=1)
def divisions() -> dict[str, Division]:
    """Return all divisions by code, provinces before their cities."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Division(row["code"], row["name"], row["province"]) for row in csv.DictReader(file)}


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the cities grouped by province, as a select draws them; a province without cities is its own."""
    known = divisions()
    groups = []
    for province in (division for division in known.values() if not division.province):
        cities = [(city.code, city.name) for city in known.values() if city.province == province.code]
        groups.append((province.name, cities or [(province.code, province.name)]))
    return groups


def full_name(code: str) -> str:
    """Return province and city of a code, or "" for an unknown one."""
    division = divisions().get(code)
    if division is None:
        return ""
    province = divisions().get(division.province)
    return f"{province.name} {division.name}" if province else division.name


def scope_of(code: str) -> str:
    """Return the prefix that all codes inside the division share: 440000 -> 44, 440300 -> 4403."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code
