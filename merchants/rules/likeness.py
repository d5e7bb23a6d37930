"""Forms in which handles are alike though not equal: one slip, a decorated nickname, a masked payee."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from merchants.rules.handles import normal_form, unlabelled
from merchants.rules.places import place_names

SHORTEST_SLIP = 5  # characters; in a shorter handle one other character is another handle
LONGEST_SLIP = 80
SHORTEST_TWO_SLIPS, MOST_SIGNS_IN_TWO_SLIPS = 10, 4
# What sellers hang on their names to say how they sell. What they sell (shoes, cosmetics) tells shops apart.
TRADE = (
    "全国总代理", "一级代理", "官方旗舰店", "品牌总代", "全球代购", "海外代购", "官方旗舰", "官方微信",
    "微信客服", "旗舰店", "专卖店", "专营店", "工作室", "直播间", "总代理", "全球购", "海外购", "代理商",
    "小助手", "批发部", "官方号", "代购", "海淘", "微商", "微店", "总代", "代理", "批发", "零售", "官方",
    "旗舰", "小店", "店铺", "客服", "正品", "优选", "严选", "甄选", "好物", "特卖", "折扣", "工厂", "厂家",
    "直销", "直供", "直播", "商城", "商行", "专卖", "专营", "总店", "分店", "新号", "小号", "大号", "老店",
    "本店", "本人", "主号", "副号", "备用", "总部", "团队", "创始人", "的店", "老板", "货源", "一手", "现货",
    "包邮", "诚信", "接单", "源头", "加盟", "招代理", "招商", "号店", "店", "铺",
)  # fmt: skip
_BRACKETS = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〕]*〕|〖[^〗]*〗|\{[^{}]*\}|<[^<>]*>|《[^》]*》"
)
_SEPARATOR = re.compile(r"[|｜丨/\\\-—–~_·•,，:：+&@#]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_DIGITS = re.compile(r"[0-9]+")
_BEFORE_HAN = re.compile(r"^[a-z0-9]+(?=[\u3400-\u9fff]{2})")
_AFTER_HAN = re.compile(r"(?<=[\u3400-\u9fff]{2})[a-z0-9]+$")


@dataclass(frozen=True, slots=True)
class Payee:
    """A name on a payment slip: what is legible before and behind the masked part."""

    head: str
    tail: str
    masked: bool

    @property
    def legible(self) -> int:
        """How many characters can be read; one more if nothing is masked."""
        return len(self.head) + len(self.tail) + (not self.masked)


@lru_cache(maxsize=200_000)
def nickname_core(value: str) -> str:
    """Return what stays of a nickname without decoration, place and words of trade.

    "A小鹿家", "小鹿家🦌", "小鹿家代购" and "小鹿家（广州）" all have the core "小鹿家". A nickname that
    consists of such words only keeps them: "客服" is a (common) name.
    """
    text = unlabelled(value)
    outside = _BRACKETS.sub("", text)
    parts = [_letters(part) for part in _SEPARATOR.split(outside)]
    parts = [part for part in parts if part] or [_letters(text)]
    cores = [_without_trade(part) for part in parts]
    whole = [core for core, part in zip(cores, parts, strict=True) if core not in TRADE and len(core) > 1]
    if len(whole) > 1 and not any(_HAN.search(core) for core in whole):
        return "".join(whole)  # "lucky-deer" is one name
    with_han = [core for core in whole if _HAN.search(core)]
    return (with_han or whole or cores)[0]


def _letters(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LN" and sign != "丨")


def _without_trade(text: str) -> str:
    previous = None
    while text != previous:
        previous = text
        text = _AFTER_HAN.sub("", _BEFORE_HAN.sub("", text))
        text = _without_one_word(text)
    return text


def _without_one_word(text: str) -> str:
    for word in TRADE:
        if len(text) >= len(word) + 2:
            if text.endswith(word):
                return text.removesuffix(word)
            if len(word) > 1 and text.startswith(word):
                return text.removeprefix(word)
    for size in (4, 3, 2):
        if len(text) >= size + 2:
            if text[-size:] in place_names():
                return text[:-size]
            if text[:size] in place_names():
                return text[size:]
    return text


_MASK = re.compile(
    r"[*＊※○●〇□■_?？×✱∗]+|(?<=[\u4e00-\u9fff])[xX]+|^[xX]+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])某+"
)


@lru_cache(maxsize=200_000)
def payee_of(value: str) -> Payee | None:
    """Return what is legible of a payee's name, or None when nothing is."""
    text = unlabelled(value)
    inside = re.search(r"\(([^()]*[*＊※○●][^()]*)\)", text)  # WeChat shows "小鹿家(*红)"
    text = inside[1] if inside else _BRACKETS.sub("", text) or text
    text = re.sub(r"^(?:转账给|付款给|收款人|收款方|户名)", "", text) or text
    text = re.sub(r"^(.)(?:先生|女士|小姐)$", r"\1*", text)  # a surname without more is a mask, too
    text = re.sub(r"(?:先生|女士|小姐)$", "", text) or text
    parts = _MASK.sub("*", text).split("*")
    head, tail, masked = parts[0], parts[-1], len(parts) > 1
    if not masked:
        return Payee(text, "", masked=False) if text else None
    return Payee(head, tail, masked=True) if head or tail else None


def payees_agree(one: Payee, other: Payee) -> list[tuple[str, str]] | None:
    """Return the places ("first" or "last", character) that both show alike, or None if they contradict.

    How many characters a mask stands for is not known: banks and WeChat mask differently.
    """
    if not one.masked and not other.masked:
        return _places(one.head) if one.head == other.head else None
    if not one.masked:
        one, other = other, one
    if not other.masked:
        name = other.head
        fits = name.startswith(one.head) and name.endswith(one.tail) and len(name) > len(one.head) + len(one.tail)
        return _places(one.head, one.tail) if fits else None
    heads = min(len(one.head), len(other.head))
    tails = min(len(one.tail), len(other.tail))
    if one.head[:heads] != other.head[:heads] or (tails and one.tail[-tails:] != other.tail[-tails:]):
        return None
    return _places(one.head[:heads], one.tail[-tails:] if tails else "")


def _places(head: str, tail: str = "") -> list[tuple[str, str]]:
    """Return each character with the statistics that it is rare by: surnames are first, given names are not."""
    found = [("first" if place == 0 else "last", sign) for place, sign in enumerate(head)]
    return found + [("last", sign) for sign in tail]


_LABEL_GROWN_ON = re.compile(r"^(?:vx|wx|weixin|wechat)(?=[a-z0-9_-]{5,}$)")  # or a part of the handle: not known
_FOLD = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "-": "_", ".": "_", "2": "z", "5": "s", "8": "b", "9": "g", "q": "g"}
)


@lru_cache(maxsize=400_000)
def folded(form: str) -> str:
    """Return a handle with the characters that people mistake for one another made one."""
    return form.translate(_FOLD)


def _seen_from_afar(text: str) -> str:
    """Return a folded handle with the pairs of letters that look like one made one."""
    return text.replace("rn", "m").replace("vv", "w")


def slip_keys(form: str) -> set[str]:
    """Return keys of which two handles share one if a single slip lies between them."""
    if not SHORTEST_SLIP <= len(form) <= LONGEST_SLIP:
        return set()
    text = folded(form)
    bare = folded(_LABEL_GROWN_ON.sub("", form))
    return {text, bare, _seen_from_afar(text), *(text[:place] + text[place + 1 :] for place in range(len(text)))}


@lru_cache(maxsize=400_000)
def slip_between(one: str, other: str) -> str:
    """Return which slip makes one normal form the other, or "" for none.

    "confused" (0 and o, 1 and l, _ and -, a label before it), "letter" (another, a missing or two swapped signs),
    "digit", where the signs are digits: numbers in handles are often counted, so that a neighbour's handle looks
    like a slip; or "two" of them in a long handle, not in its digits alone.
    """
    if one == other or not SHORTEST_SLIP <= min(len(one), len(other)) <= LONGEST_SLIP:
        return ""
    if _seen_from_afar(folded(one)) == _seen_from_afar(folded(other)):
        return "confused"
    if one == _LABEL_GROWN_ON.sub("", other) or other == _LABEL_GROWN_ON.sub("", one):
        return "confused"
    differing = _signs_of_slip(one, other) if abs(len(one) - len(other)) <= 1 else ""
    if differing:
        return "digit" if differing.isdigit() else "letter"
    return "two" if _are_two_slips_apart(one, other) else ""


def _are_two_slips_apart(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST_TWO_SLIPS or len({*one} ^ {*other}) > MOST_SIGNS_IN_TWO_SLIPS:
        return False
    letters, other_letters = _DIGITS.sub("", one), _DIGITS.sub("", other)
    is_counted = letters == other_letters != ""  # xiaolu_1001 and xiaolu_1023
    return not is_counted and _within(one, other, 2)


def _within(one: str, other: str, slips: int) -> bool:
    """Tell whether so many slips at most make one text the other."""
    shortest = min(len(one), len(other))
    start = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    one, other = one[start:], other[start:]
    if abs(len(one) - len(other)) > slips:
        return False
    if not one or not other:
        return True
    ways = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if one[:2] == other[1::-1]:
        ways.append((one[2:], other[2:]))
    return slips > 0 and any(_within(*way, slips - 1) for way in ways)


def _signs_of_slip(one: str, other: str) -> str:
    """Return the signs in which the texts differ by one slip, or "" when more lies between them."""
    if len(one) > len(other):
        one, other = other, one
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    rest, longer = one[start:], other[start:]
    if len(one) < len(other):
        return longer[0] if rest == longer[1:] else ""
    if rest[1:] == longer[1:]:
        return rest[0] + longer[0]
    swapped = len(rest) > 1 and rest[0] == longer[1] and rest[1] == longer[0] and rest[2:] == longer[2:]
    return rest[:2] if swapped else ""


def names_are_near(one: str, other: str) -> bool:
    """Tell whether one core holds the other at its beginning or end, or is one slip from it.

    Another character in a short Chinese name is another word ("shoes" for "tea"), not a slip.
    """
    short, long = sorted((one, other), key=len)
    if len(short) >= (2 if _HAN.search(short) else 4) and (long.startswith(short) or long.endswith(short)):
        return True
    if len(short) < 5 or len(long) - len(short) > 1:
        return False
    return bool(_signs_of_slip(one, other))


def names_may_be_one(one: str, other: str) -> bool:
    """Tell whether two cores share enough that nothing follows from their difference."""
    return len(set(one) & set(other)) * 2 >= min(len(set(one)), len(set(other))) and bool(set(one) & set(other))


def form_of(kind: str, value: str) -> str:
    """Return the form in which the engine compares a handle of this type."""
    return nickname_core(value) if kind == "nickname" else normal_form(kind, value)
