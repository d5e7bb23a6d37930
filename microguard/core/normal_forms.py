"""Normal forms of what people type to name somebody: phone numbers and handles.

The keyed hash is taken over the normal form, so that "微信号： Shoes_2026 " and "shoes_2026" are the same.
"""

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\s]")
_PREFIX = re.compile(
    r"^(微信号码|微信号|微信|wechatid|wechat|weixin|手机号码|手机号|手机|电话|店铺名|店铺|昵称)[:：]", re.I
)


def plain(text: str) -> str:
    """Return the text in NFKC, without invisible characters and without white space."""
    previous = None
    while text != previous:  # what is left after taking signs out may combine anew
        previous, text = text, _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return text


def phone(text: str) -> str:
    """Return the digits of a mobile number without +86, spaces and dashes; other signs stay visible."""
    compact = plain(text).replace("-", "")
    return re.sub(r"^(\+|00)86", "", compact)


def handle(text: str) -> str:
    """Return the comparable form of a handle: no label before it, no spaces, small letters."""
    return _PREFIX.sub("", plain(text)).casefold()


def is_mobile(number: str) -> bool:
    """Tell whether the normal form is a mainland mobile number (11 digits, first 1, second 3 to 9)."""
    return re.fullmatch(r"1[3-9][0-9]{9}", number) is not None


def is_usual_wechat_id(text: str) -> bool:
    """Tell whether the normal form looks like a WeChat ID: a letter, then 5 to 29 letters, digits, _ or -."""
    return re.fullmatch(r"[a-z][\w-]{5,29}", text, re.ASCII) is not None
