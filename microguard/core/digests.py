"""Fingerprints: canonical JSON of facts and SHA-256 of streamed bytes."""

import hashlib
import json
from typing import Any

_SPELLING = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(facts: Any) -> bytes:
    """Return the one JSON spelling of the facts: sorted keys, no spaces, UTF-8."""
    return _SPELLING.encode(facts).encode()


def digest_of(facts: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(facts)).hexdigest()
