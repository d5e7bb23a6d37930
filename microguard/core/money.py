"""Money: integer fen inside, yuan with two decimals on screen."""

import re

MOST_FEN = 100_000_000  # a larger price is a slip of the finger
_FORM = re.compile(r"[0-9]{1,18}(\.[0-9]{1,2})?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def parse_yuan(text: str) -> int | None:
    """Return the fen meant by what a person typed, or None when it is no amount of at most two decimals.

    Accepts 1280, 1,280.5, ￥1280, ¥ 1280 元 and full-width digits.
    """
    plain = text.strip().translate(_FULL_WIDTH).strip("¥￥元 ").replace(",", "").replace(" ", "")
    if not _FORM.fullmatch(plain):
        return None
    yuan, _, cents = plain.partition(".")
    return int(yuan) * 100 + int(cents.ljust(2, "0") or 0)


def yuan(fen: int) -> str:
    """Return the amount as it is shown: ¥1,280.00."""
    return f"¥{fen // 100:,}.{fen % 100:02d}"
