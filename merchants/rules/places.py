"""Where a seller is said to be: a code or a name, as the leading digits of a division code."""

import re
from functools import cache, lru_cache

from merchants.rules.handles import simplified
from microguard.core import normal_forms
from microguard.jurisdictions.divisions import divisions, scope_of

_KIND = re.compile(
    r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|(?:[\u4e00-\u9fff]{1,3}族)+自治[州县]|省|市|地区|盟|区|县)$"
)
_CODE = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?![0-9])")
SHORTEST_NAME = 2


@cache
def _names() -> tuple[dict[str, str], dict[str, dict[str, str]], dict[str, str | None]]:
    """Return the names of provinces, of the places within each, and of places that only one province has."""
    provinces: dict[str, str] = {}
    within: dict[str, dict[str, str]] = {}
    anywhere: dict[str, str | None] = {}
    for code, division in divisions().items():
        short = _KIND.sub("", division.name)
        for name in {division.name, short} if len(short) >= SHORTEST_NAME else {division.name}:
            if not division.province:
                provinces[name] = code
                continue
            within.setdefault(division.province, {})[name] = code
            is_district = not code.endswith("00")  # 朝阳 alone is the city, unless it says 朝阳区
            if is_district and name != division.name:
                continue
            anywhere[name] = None if name in anywhere else code
    return provinces, within, anywhere


def _longest(names: dict[str, str], text: str) -> str | None:
    found = [name for name in names if name in text]
    return names[max(found, key=lambda name: (len(name), name))] if found else None


@lru_cache(maxsize=20_000)
def place_of(text: str) -> str:
    """Return the leading 2, 4 or 6 digits of the division that the text names, or "" when it names none.

    "440100", "广东省广州市", "广州" and "广东 广州 白云区" are all "4401"; "广东" is "44". A name that several
    provinces have is no place, unless its province stands before it.
    """
    text = simplified(normal_forms.plain(text))
    code = _CODE.search(text)
    if code:
        return scope_of(code[0])
    provinces, within, anywhere = _names()
    starting = {name: code for name, code in provinces.items() if text.startswith(name)}
    province = _longest(starting, text)
    if province:
        name = max((name for name in starting), key=len)
        inner = _longest(within.get(province, {}), text[len(name) :])
        return scope_of(inner or province)
    known = {name: code for name, code in anywhere.items() if code}
    return scope_of(_longest(known, text) or _longest(provinces, text) or "") if text else ""


@cache
def place_names() -> frozenset[str]:
    """Return the short names of provinces and cities, as sellers put them behind their nickname."""
    provinces, _within, anywhere = _names()
    return frozenset(_KIND.sub("", name) for name in (*provinces, *anywhere)) - {""}
