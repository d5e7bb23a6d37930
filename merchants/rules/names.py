"""The name by which a public page calls a seller who has not published one: of what buyers know, with stars."""

import re
from collections.abc import Iterable

from merchants.states import HandleType
from microguard.core import masking

# In the order in which they name a shop best. A phone, an account or a person's name is never among them.
SHOWN = (HandleType.NICKNAME, HandleType.WECHAT_ID)
_DIGITS = re.compile(r"[0-9０-９][0-9０-９ -]{2,}[0-9０-９]")


def masked_name(handles: Iterable[tuple[str, str]]) -> str:
    """Return the first shop name or WeChat ID among the handles (type, value) with stars, or ""."""
    known = list(handles)
    for shown in SHOWN:
        for kind, value in known:
            if kind == shown and value.strip():
                return masked_handle(kind, value.strip())
    return ""


def masked_handle(kind: str, value: str) -> str:
    """Return one handle with stars: 小李家鞋铺 -> 小*家鞋铺, 张三丰 -> 张**, shoes_2026 -> sh***6.

    A name of up to three signs may be a person's and shows its first; numbers within a name show nothing.
    """
    if kind == HandleType.WECHAT_ID or value.isascii():
        return "***" if value.isdecimal() else masking.handle(value)
    name = _DIGITS.sub("*", value)
    return f"{name[0]}*{name[2:]}" if len(name) > 3 else masking.name(name)
