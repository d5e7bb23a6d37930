"""Fingerprints: canonical JSON of facts and SHA-256 of streamed bytes."""

import hashlib
import json
from typing import Any


def canonical(facts: Any) -> bytes:
    """Return the one JSON spelling of the facts: sorted keys, no spaces, UTF-8."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(facts: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(facts)).hexdigest()
