"""The keyed hashes under which a handle is found although it was typed or masked otherwise."""

from collections.abc import Iterable

from merchants.rules.blocking import blocking_keys, name_keys, narrow_keys
from merchants.rules.pictures import picture
from microguard.core.encryption import keyed_hash

HALF = 32  # of the 64 hexadecimal digits: enough that two keys never meet by chance
Handles = Iterable[tuple[str, str]]  # type, value as typed


def hashed(key: str) -> str:
    """Return what is stored of a key: without our secret it tells nothing."""
    return keyed_hash("handle key", key)[:HALF]


def keys_of(kind: str, value: str, beside: Handles = ()) -> set[str]:
    """Return the keys of one handle, of a nickname also together with what else is known of the seller.

    Two handles that share a key may be of one seller; a nickname alone may be that of thousands.
    """
    keys = blocking_keys([(kind, value)])
    if kind != "nickname":
        return keys
    everything = picture([(kind, value), *beside])
    return keys.union(*(narrow_keys(name, everything) for name in name_keys(picture([(kind, value)]))))


def key_hashes(kind: str, value: str, beside: Handles = ()) -> set[str]:
    """Return the hashes of the keys of one handle."""
    return {hashed(key) for key in keys_of(kind, value, beside)}
