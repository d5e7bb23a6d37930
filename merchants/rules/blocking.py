"""Keys of which two mentions of one seller share at least one, so that not all are compared with all."""

from collections.abc import Iterable

from merchants.rules.likeness import payee_of, slip_keys
from merchants.rules.matching import STRONG, Picture, mobiles_in, picture

PART = 2  # characters at the beginning or end of a nickname that lead to a longer one


def blocking_keys(handles: Iterable[tuple[str, str]], region: str = "") -> set[str]:
    """Return the keys (to be hashed with a secret) under which one who has these handles is found.

    Handles as (type, value as typed); one slip, decorations of a nickname and masks of a payee are allowed for.
    """
    seen = picture(handles, [region] if region else [])
    return handle_keys(seen) | slip_keys_of(seen) | name_keys(seen)


def handle_keys(seen: Picture) -> set[str]:
    """Return one key for each handle that is seldom shared, and for each number wherever it stands."""
    keys = {f"{kind}:{value}" for kind in STRONG for value in seen.values.get(kind, ())}
    for kind in ("phone", "alipay", "parcel_sender"):
        keys |= {f"number:{number}" for value in seen.values.get(kind, ()) for number in mobiles_in(value)}
    return keys


def slip_keys_of(seen: Picture) -> set[str]:
    """Return the keys under which a handle with one slip is found."""
    return {f"{kind}~{key}" for kind in STRONG for value in seen.values.get(kind, ()) for key in slip_keys(value)}


def name_keys(seen: Picture) -> set[str]:
    """Return the keys of nickname, payee and place: alone where they may be rare, else two together."""
    names = {part for core in seen.values.get("nickname", ()) for part in _parts(core)}
    payees = [payee for value in seen.values.get("payee_name", ()) if (payee := payee_of(value))]
    full = {payee.head for payee in payees if not payee.masked}
    return {f"nickname:{core}" for core in names} | {f"payee:{name}" for name in full if len(name) > 1}


def narrow_keys(key: str, seen: Picture) -> set[str]:
    """Return keys within a key that too many share: together with what else is known."""
    payees = [payee for value in seen.values.get("payee_name", ()) if (payee := payee_of(value))]
    more = {payee.head[:1] for payee in payees} | {(payee.tail or payee.head)[-1:] for payee in payees}
    more |= set(seen.values.get("nickname", ())) if not key.startswith("nickname:") else set()
    more |= {place[:4] for place in seen.values.get("region", ())}
    return {f"{key}+{each}" for each in more if each}


def _parts(core: str) -> set[str]:
    return {core, core[:PART], core[-PART:], core[: PART + 1]} if len(core) > PART else {core}
