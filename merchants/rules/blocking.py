"""Keys of which two mentions of one seller share at least one, so that not all are compared with all."""

from collections.abc import Iterable

from merchants.rules.likeness import payee_of, slip_keys
from merchants.rules.pictures import Picture, masked, mobiles_in, picture
from merchants.rules.weights import STRONG

SHORTEST_PART = 2  # characters at the beginning or end of a nickname that may be the nickname without decoration


def blocking_keys(handles: Iterable[tuple[str, str]], region: str = "") -> set[str]:
    """Return the keys (to be hashed with a secret) under which one who has these handles is found.

    Handles as (type, value as typed); one slip, decorations of a nickname and masks of a payee are allowed for.
    A masked payee leads to somebody only together with a place.
    """
    seen = picture(handles, [region] if region else [])
    parts = {f"nickname:{part}" for core in seen.values.get("nickname", ()) for part in parts_of(core)}
    return handle_keys(seen) | slip_keys_of(seen) | name_keys(seen) | parts | _payee_keys(seen)


def handle_keys(seen: Picture) -> set[str]:
    """Return one key for each handle that is seldom shared, and for each number wherever it stands."""
    keys = {f"{kind}:{value}" for kind in STRONG for value in seen.values.get(kind, ())}
    for kind in ("phone", "alipay", "parcel_sender"):
        numbers = {number for value in seen.values.get(kind, ()) for number in mobiles_in(value)}
        keys |= {f"number:{each}" for number in numbers for each in (number, masked(number))}
    return keys | {f"number:{each}" for each in seen.values.get("masked_phone", ())}


def slip_keys_of(seen: Picture) -> set[str]:
    """Return the keys under which a handle with one slip is found."""
    return {f"{kind}~{key}" for kind in STRONG for value in seen.values.get(kind, ()) for key in slip_keys(value)}


def name_keys(seen: Picture) -> set[str]:
    """Return the keys of nickname and of a payee of whom two characters are legible."""
    keys = {f"nickname:{core}" for core in seen.values.get("nickname", ())}
    for value in seen.values.get("payee_name", ()):
        payee = payee_of(value)
        if payee is None:
            continue
        last = payee.tail if payee.masked else payee.head
        if payee.head and last:
            keys.add(f"payee:{payee.head[0]}*{last[-1]}")
        if len(last) >= SHORTEST_PART:
            keys.add(f"payee:*{last[-2:]}")
    return keys


def narrow_keys(key: str, seen: Picture) -> set[str]:
    """Return keys within a key that too many share: together with what else is known."""
    payees = [payee for value in seen.values.get("payee_name", ()) if (payee := payee_of(value))]
    more = {payee.head[:1] for payee in payees} | {(payee.tail or payee.head)[-1:] for payee in payees}
    more |= set(seen.values.get("nickname", ())) if not key.startswith("nickname:") else set()
    more |= {place[:4] for place in seen.values.get("region", ())}
    return {f"{key}+{each}" for each in more if each}


def parts_of(core: str) -> set[str]:
    """Return the beginnings and ends of a nickname's core, the core itself left out."""
    sizes = range(SHORTEST_PART, len(core))
    return {core[:size] for size in sizes} | {core[-size:] for size in sizes}


def _payee_keys(seen: Picture) -> set[str]:
    payees = [payee for value in seen.values.get("payee_name", ()) if (payee := payee_of(value))]
    signs = {("first", payee.head[0]) for payee in payees if payee.head}
    signs |= {("last", (payee.tail or payee.head)[-1]) for payee in payees if payee.tail or not payee.masked}
    places = {place[:4] for place in seen.values.get("region", ()) if len(place) >= 4}
    return {f"payee:{at}:{sign}+{place}" for at, sign in signs for place in places}
