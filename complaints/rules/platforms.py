"""Where a deal was made when the buyer did not say: what was paid by and how the seller is known tell it."""

WECHAT_PAYMENTS = frozenset({"WECHAT_TRANSFER", "RED_PACKET"})
WECHAT_HANDLES = frozenset({"wechat_id"})


def deal_place(channel: str, paid_by: str, handle_types: frozenset[str]) -> str:
    """Return the code of the place: the buyer's own answer, else a private chat for WeChat's means, else ""."""
    if channel:
        return channel
    if paid_by in WECHAT_PAYMENTS or handle_types & WECHAT_HANDLES:
        return "PRIVATE_CHAT"
    return "MINI_PROGRAM" if paid_by == "MINI_SHOP" else ""
