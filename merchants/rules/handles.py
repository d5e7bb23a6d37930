"""Handles compared: the normal form of each type, and the keyed hash of it."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from opencc import OpenCC

from merchants.states import HandleType
from microguard.core import normal_forms
from microguard.core.encryption import keyed_hash

_LABEL = re.compile(
    r"^(?:微信号码|微信号|微信|加微信|卫星号|薇信|vx号|vx|wx|v信|wechatid|wechat|weixin|手机号码|手机号|手机|联系电话|电话号码|电话|"
    r"tel|mobile|phone|支付宝账号|支付宝账户|支付宝号|支付宝|alipay|银行卡号|银行卡|银行账号|卡号|账号|帐号|收款人姓名|收款人|收款方|"
    r"收款账户|收款|户名|姓名|店铺名称|店铺名|店铺链接|店铺|店名|链接|网址|群名称|群名|微信群|群聊|群|直播间|直播|寄件人|发件人|"
    r"寄件|昵称|网名|名称|id)[:：=]"
)
_LABEL_ALONE = re.compile(  # before a number or a Latin name a Chinese label needs no colon
    r"^(?:微信号码|微信号|加微信|微信|手机号码|手机号|手机|联系电话|电话号码|电话|支付宝账号|支付宝号|支付宝|银行卡号|银行卡|卡号|账号)[-—]?(?=[a-z0-9_+(])"
)
_AROUND = "。，,;；!！?？、.\"'“”‘’`<>《》「」【】[]{}()@#*~…"
_MOBILE_WITHIN = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_NUMBER_SIGNS = re.compile(r"[-‐‑‒–—―−_.·•()/]")
_MOBILE_ABROAD = re.compile(r"(?:\+|00)?86(1[3-9][0-9]{9})")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:/{1,3}")
_LOOKS_LIKE_LINK = re.compile(r"^(?:[a-z][a-z0-9+.-]*:/|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#]|$))")
# What names the shop in the query of a link: where one of these stands, nothing else counts.
_NAMES_THE_SHOP = {
    *("id", "shopid", "shop_id", "shop", "storeid", "store_id", "store", "sellerid", "seller_id", "seller"),
    *("userid", "user_id", "uid", "__biz", "biz", "mid", "merchantid", "merchant_id", "kdt_id", "appid", "sn"),
    *("itemid", "item_id", "goods_id", "goodsid", "u", "s"),
}
# What tells how somebody came there.
_TRACKING = re.compile(
    r"^(?:utm.*|spm.*|scm.*|pvid|from.*|share.*|track.*|ref.*|source.*|src|channel.*|scene|time.*|ts?|_t|is.*|wx.*|click.*|"
    r".*clid|session.*|token|sign|nsukey|cps.*|ad|visitor.*|abtest|ut_.*|suid|lang|v|ver.*|r|rnd|random|nonce|entry)$"
)
# A label that only white space parts from the WeChat ID, or nothing from one that WeChat gave out itself.
_SPACED_LABEL = re.compile(r"^\s*(?:vx|wx|v|wechat|weixin)\s+(?=\S{5,}\s*$)", re.I)
_LABEL_OF_GIVEN = re.compile(r"^(?:vx|wx|v|wechat|weixin)(?=wxid_)")
_ID_WITHIN = re.compile(r"(?<![a-z0-9_.@-])[a-z][a-z0-9_-]{5,19}(?![a-z0-9_.@-])")
_HAN = re.compile(r"[\u3400-\u9fff]")
SHORTEST_TOKEN = 8  # characters of a payment code; a shorter end of an address is the name of a page


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=200_000)
def simplified(text: str) -> str:
    """Return the text with traditional characters made simplified ones; it is its own simplified form."""
    previous = None
    while text != previous and _HAN.search(text):
        previous, text = text, _converter().convert(text)
    return text


def unlabelled(text: str) -> str:
    """Return the text in NFKC, small letters and simplified characters, without space, invisible signs, labels."""
    previous, text = None, simplified(normal_forms.handle(text))
    while text != previous:  # "微信号：vx：…" carries two labels
        previous, text = text, simplified(normal_forms.handle(_LABEL.sub("", text)))
    return text


def _bare(text: str) -> str:
    """Return an account without its label, with or without colon, and without the signs around it."""
    previous, text = None, unlabelled(text)
    while text != previous:
        previous, text = text, unlabelled(_LABEL_ALONE.sub("", text.strip(_AROUND) or text))
    return text


def _wechat_id(value: str) -> str:
    """Return the one WeChat ID in a text, which holds no Chinese sign and no colon; other text as it is."""
    form = _LABEL_OF_GIVEN.sub("", _bare(_SPACED_LABEL.sub("", unicodedata.normalize("NFKC", value))))
    within = set(_ID_WITHIN.findall(form)) if not form.isascii() or ":" in form else set()
    return within.pop() if len(within) == 1 else form


def _phone(value: str) -> str:
    """Return the digits of a number, or the one mobile number in a text; other text may be no number at all."""
    number = normal_forms.phone(_bare(value))
    digits = _NUMBER_SIGNS.sub("", number)
    if re.fullmatch(r"\+?[0-9]+", digits, re.ASCII):
        number = digits
    abroad = _MOBILE_ABROAD.fullmatch(number)
    if abroad:
        return abroad[1]
    within = set(_MOBILE_WITHIN.findall(_NUMBER_SIGNS.sub("", number)))
    return within.pop() if len(within) == 1 else number


def _account(value: str) -> str:
    """Return a bank account or an Alipay account; a number loses the gaps in which it is printed."""
    account = _bare(value)
    digits = re.sub(r"^(?:\+?86)(?=1[3-9][0-9]{9}$)", "", _NUMBER_SIGNS.sub("", account))
    return digits if re.fullmatch(r"[0-9*]+", digits, re.ASCII) else account


def _link(value: str) -> str:
    """Return host, path and the parameters that name a shop; without scheme, www., fragment and tracking.

    A name of a shop instead of a link stays as it is.
    """
    text = unlabelled(value)
    if not _LOOKS_LIKE_LINK.match(text):
        return text
    address, _, fragment = _SCHEME.sub("", text).partition("#")
    place, _, query = address.partition("?")
    host, slash, path = place.partition("/")
    host = re.sub(r"^(?:www|m|wap)\.|:(?:80|443)$", "", host)
    if not path and fragment.startswith(("/", "!/")):  # a page of a one-page application
        path, _, of_fragment = fragment.lstrip("!/").partition("?")
        slash, query = "/", query or of_fragment
    path = re.sub(r"/+(?:index\.(?:html?|php))?$", "", slash + path)
    pairs = sorted({pair for pair in query.split("&") if pair})
    named = [pair for pair in pairs if pair.partition("=")[0] in _NAMES_THE_SHOP]
    named = named or [pair for pair in pairs if not _TRACKING.match(pair.partition("=")[0])]
    return host + path + ("?" + "&".join(named) if named else "")


def _payment_code(value: str) -> str:
    """Return the token of a payment code; what follows a question mark differs with every picture of it."""
    text = unlabelled(value)
    if text.startswith("wxp:"):
        return "wxp://" + text.removeprefix("wxp:").lstrip("/")
    if not _LOOKS_LIKE_LINK.match(text):
        return text
    address = re.split(r"[?#]", _SCHEME.sub("", text), maxsplit=1)[0].rstrip("/")
    has_token = "/" in address and len(address.rpartition("/")[2]) >= SHORTEST_TOKEN
    return address if has_token else _SCHEME.sub("", text).partition("#")[0]


_FORMS: dict[str, Callable[[str], str]] = {
    HandleType.WECHAT_ID: _wechat_id,
    HandleType.PHONE: _phone,
    HandleType.BANK_ACCOUNT: _account,
    HandleType.ALIPAY: _account,
    HandleType.SHOP_LINK: _link,
    HandleType.PAYMENT_QR: _payment_code,
}


def normal_form(kind: str, value: str) -> str:
    """Return the comparable form of a handle of this type; it is its own normal form."""
    form = _FORMS.get(kind, unlabelled)
    previous = None
    while value != previous:
        previous, value = value, form(value)
    return value


def handle_hash(kind: str, value: str) -> str:
    """Return the keyed hash by which the handle is found again."""
    return keyed_hash(f"handle:{kind}", normal_form(kind, value))
