"""Public case numbers: MG-XXXX-XXXX, seven random characters and a check character.

The alphabet is Crockford's without Z: 31 is prime, so a weighted sum modulo 31 finds every single
wrong character and every swap of two neighbours. A case number is no secret and shows nothing alone.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
HOW_MANY = len(ALPHABET) ** 7
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _check(body: str) -> str:
    return ALPHABET[sum(weight * ALPHABET.index(char) for weight, char in enumerate(body, start=1)) % 31]


def case_number() -> str:
    """Return a fresh random case number."""
    return numbered(secrets.randbelow(HOW_MANY))


def numbered(place: int) -> str:
    """Return the case number at this place (from 0, below HOW_MANY) among all there can be."""
    body = ""
    for _ in range(7):
        place, digit = divmod(place, len(ALPHABET))
        body += ALPHABET[digit]
    return _spell(body + _check(body))


def read_case_number(text: str) -> str | None:
    """Return the case number meant by the text, or None when it cannot be one.

    Small letters, spaces, missing dashes and the look-alikes O, I, L are read as meant.
    """
    compact = "".join(char for char in text.upper() if char.isalnum()).translate(_READ_AS)
    if len(compact) == 10:  # a number without its MG may begin with these letters itself
        compact = compact.removeprefix("MG")
    if len(compact) != 8 or any(char not in ALPHABET for char in compact):
        return None
    return _spell(compact) if _check(compact[:7]) == compact[7] else None


def _spell(eight: str) -> str:
    return f"MG-{eight[:4]}-{eight[4:]}"
