"""The keyed hashes under which a handle is found although it was typed or masked otherwise."""

from merchants.rules.handles import normal_form
from microguard.core.encryption import keyed_hash

HALF = 32  # of the 64 hexadecimal digits: enough that two keys never meet by chance


def key_hashes(kind: str, value: str) -> set[str]:
    """Return the hashes of all keys of this handle; two handles that share one may be of one seller."""
    return {keyed_hash("handle key", f"{kind}:{normal_form(kind, value)}")[:HALF]}
