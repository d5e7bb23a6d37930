"""Sellers and how buyers name them: mentions with the truth, drawn from a seed, with every trap we know of.

A *seller* has accounts, numbers, names and a place. A *mention* shows some of them, typed by somebody in a hurry.
`Traps` holds the share of each trap; the shares are of sellers or of mentions, as its comments say.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from microguard.jurisdictions.divisions import divisions

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅春燕雪琴云萍凤珍荣秀莲玲海波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以建家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘"
WORDS = (
    "小鹿", "阿梅", "暖阳", "果果", "星辰", "青柠", "糖糖", "月亮", "棉花", "柚子", "麦穗", "清风", "豆豆", "樱花", "海棠", "初夏",
    "木木", "南风", "北岛", "小满", "可可", "布丁", "芒果", "团团", "圆圆", "米粒", "桃桃", "雪梨", "蜜柚", "山茶", "栗子", "奶茶",
    "橙子", "琥珀", "明月", "锦鲤", "锦绣", "芊芊", "佳佳", "悠悠", "暖暖", "甜甜", "彤彤", "晴天", "微风", "向日葵", "蒲公英",
    "薄荷", "茉莉", "百合",
)  # fmt: skip
KINDS = (
    "家", "家的衣橱", "美妆", "女装", "童装", "鞋坊", "茶铺", "小厨", "良品", "生活馆", "花园", "水果", "烘焙", "护肤", "手作",
    "杂货", "渔村", "农场", "箱包", "首饰", "母婴", "零食", "海鲜", "饰品", "家居", "瓷器", "酒庄", "书房", "珠宝", "眼镜",
)  # fmt: skip
COMMON_NAMES = (
    "小红", "客服", "小芳", "静静", "微笑", "阳光", "丽丽", "幸福", "小李", "莉莉", "代购", "晴",
)  # fmt: skip
DECORATIONS = [
    "🦌",
    "🌸",
    "❤",
    "✨",
    "～",
    "★",
    "💄💋",
    "🔥",
    "A",
    "AA",
    "A00",
    "（{city}）",
    "代购",
    "微商",
    "官方",
    "总代",
    "批发",
    "旗舰店",
    "🍀正品",
    "-{city}",
    "2号",
    "客服",
    "|{city}代购",
    "小店",
    "优选店",
    "推荐",
]
SYLLABLES = (
    "xiao", "lu", "mei", "li", "na", "hua", "yan", "hong", "wei", "jie", "fang", "ying", "qing",
    "lin", "tao", "yu", "xin", "dan", "feng", "rui",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traps:
    """Shares of traps. Shares of sellers: common names, second accounts, new numbers, and all that is shared."""

    names_only: float = 0.15  # of mentions: nickname, masked payee and region, nothing else
    typo: float = 0.06  # of handles: one character mistyped, swapped or confused
    noise: float = 0.35  # of handles: full-width, invisible, spaces, capitals, labels
    masked: float = 0.75  # of payee names in mentions
    decorated: float = 0.5  # of nicknames in mentions
    region_missing: float = 0.15
    region_coarse: float = 0.2
    region_wrong: float = 0.03
    common_nickname: float = 0.08
    second_account: float = 0.1
    new_number: float = 0.08
    recycled_number: float = 0.02
    family_phone: float = 0.03
    shared_code: float = 0.08
    counted_ids: float = 0.05  # WeChat IDs that differ from another seller's in the last digit
    twin_names: float = 0.05  # the nickname of another seller


@dataclass(slots=True)
class Seller:
    """The truth about one seller; lists hold the first choice first."""

    handles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    region: str = ""


def batch(sellers: int, seed: int, traps: Traps | None = None) -> tuple[list[dict[str, object]], dict[str, int]]:
    """Return the mentions in mixed order, and the seller of each mention's id."""
    draw = random.Random(seed)
    traps = traps or Traps()
    town = _sellers(sellers, draw, traps)
    lines, truth = [], {}
    for number, seller in enumerate(town):
        for _ in range(draw.randint(3, 6)):
            lines.append((number, _mention(seller, draw, traps)))
    draw.shuffle(lines)
    mentions = []
    for place, (number, mention) in enumerate(lines):
        truth[f"m{place}"] = number
        mentions.append({"mention_id": f"m{place}", **mention})
    return mentions, truth


def as_lines(mentions: Iterable[dict[str, object]]) -> list[bytes]:
    """Return the mentions as lines of the command's input."""
    return [json.dumps(mention, ensure_ascii=False).encode() for mention in mentions]


def precision_and_recall(truth: dict[str, int], found: dict[str, object]) -> tuple[float, float]:
    """Return the share of proposed pairs that are true, and of true pairs that are proposed."""

    def pairs(groups: Iterable[object]) -> int:
        return sum(size * (size - 1) // 2 for size in Counter(groups).values())

    both = pairs((truth[mention], found[mention]) for mention in truth)
    proposed, true = pairs(found.values()), pairs(truth.values())
    return (both / proposed if proposed else 1.0), (both / true if true else 1.0)


def _sellers(count: int, draw: random.Random, traps: Traps) -> list[Seller]:
    cities = [code for code, division in divisions().items() if division.province]
    weights = [1 / (1 + place % 40) for place in range(len(cities))]
    gatherings = ("团购群", "福利群", "姐妹群")
    groups = [f"{draw.choice(WORDS)}{draw.choice(gatherings)}{n}" for n in range(max(3, count // 25))]
    rooms = [f"{draw.choice(WORDS)}直播{n}" for n in range(max(2, count // 60))]
    town: list[Seller] = []
    for _ in range(count):
        seller = Seller(region=draw.choices(cities, weights)[0])
        _give_names(seller, town, draw, traps)
        _give_accounts(seller, town, draw, traps)
        for kind, share, places in (("group", 0.4, groups), ("live_room", 0.2, rooms)):
            if draw.random() < share:
                seller.handles[kind].append(draw.choice(places))
        _share(seller, town, draw, traps)
        town.append(seller)
    return town


def _give_names(seller: Seller, town: list[Seller], draw: random.Random, traps: Traps) -> None:
    nickname = draw.choice(WORDS) + draw.choice(("", draw.choice(WORDS))) + draw.choice(KINDS)
    if draw.random() < traps.common_nickname:
        nickname = draw.choice(COMMON_NAMES)
    elif town and draw.random() < traps.twin_names:
        nickname = draw.choice(town).handles["nickname"][0]
    seller.handles["nickname"].append(nickname)
    given = "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2, 2))))
    seller.handles["payee_name"].append(draw.choice(SURNAMES[:60]) + given)


def _give_accounts(seller: Seller, town: list[Seller], draw: random.Random, traps: Traps) -> None:
    known = seller.handles
    known["wechat_id"].append(_wechat_id(draw))
    if town and draw.random() < traps.counted_ids:
        other = draw.choice(town).handles["wechat_id"][0]
        known["wechat_id"] = [other[:-1] + str(draw.randint(0, 9))]
    if draw.random() < traps.second_account:
        known["wechat_id"].append(_wechat_id(draw))
    known["phone"].append(_mobile(draw))
    if draw.random() < traps.new_number:
        known["phone"].append(_mobile(draw))
    token = "abcdefghijkmnpqrstuvwxyzABCDEFGH23456789_-"
    known["payment_qr"].append("wxp://f2f0" + "".join(draw.choices(token, k=26)))
    number, sender = known["phone"][0], known["payee_name"][0]
    more = (
        ("payment_qr", 0.3, "https://qr.alipay.com/fkx" + "".join(draw.choices(token[:20], k=15))),
        ("shop_link", 0.3, f"weidian.com/?userid={draw.randint(10**8, 10**10)}"),
        ("alipay", 0.2, draw.choice((number, _wechat_id(draw) + "@163.com"))),
        ("bank_account", 0.1, "6222" + "".join(draw.choices("0123456789", k=15))),
        ("parcel_sender", 0.3, draw.choice((sender, known["nickname"][0] + "仓库", sender + number))),
    )
    for kind, share, value in more:
        if draw.random() < share:
            known[kind].append(value)


def _share(seller: Seller, town: list[Seller], draw: random.Random, traps: Traps) -> None:
    """Let some sellers use what belongs to another."""
    if len(town) < 2:
        return
    if draw.random() < traps.shared_code:
        supplier = draw.choice(town[: max(2, len(town) // 30)])
        seller.handles["payment_qr"] = supplier.handles["payment_qr"][:1] + seller.handles["payment_qr"]
        if draw.random() < 0.5:  # the slip then shows the supplier's name
            seller.handles["payee_name"] = supplier.handles["payee_name"][:1] + seller.handles["payee_name"]
    if draw.random() < traps.family_phone:
        kin = draw.choice(town)
        seller.handles["phone"], seller.region = kin.handles["phone"][:1], kin.region
        seller.handles["payee_name"] = [kin.handles["payee_name"][0][0] + draw.choice(GIVEN) + draw.choice(GIVEN)]
    if draw.random() < traps.recycled_number:
        seller.handles["phone"].append(draw.choice(town).handles["phone"][0])


def _mobile(draw: random.Random) -> str:
    return draw.choice(("138", "139", "150", "186", "177", "199")) + "".join(draw.choices("0123456789", k=8))


def _wechat_id(draw: random.Random) -> str:
    shape = draw.random()
    if shape < 0.2:
        return "wxid_" + "".join(draw.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=14))
    word = "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4)))
    return word + draw.choice(("", "_", "-")) + str(draw.randint(0, 99999 if shape < 0.7 else 999))


def _mention(seller: Seller, draw: random.Random, traps: Traps) -> dict[str, object]:
    if draw.random() < traps.names_only:
        wanted = {"nickname", "payee_name"}
    else:
        often = {"wechat_id": 0.6, "phone": 0.4, "nickname": 0.6, "payee_name": 0.45, "payment_qr": 0.35, "shop_link": 0.4, "alipay": 0.4,
                 "bank_account": 0.4, "group": 0.3, "live_room": 0.3, "parcel_sender": 0.3}  # fmt: skip
        wanted = {kind for kind in often if seller.handles.get(kind) and draw.random() < often[kind]}
        if not wanted & {"wechat_id", "phone", "payment_qr", "alipay"}:
            wanted.add(draw.choice(("wechat_id", "wechat_id", "phone")))
    handles = []
    for kind in sorted(wanted):
        values = seller.handles[kind]
        value = values[0] if draw.random() < 0.7 else draw.choice(values)
        handles.append({"type": kind, "value": _typed(kind, value, seller.region, draw, traps)})
    draw.shuffle(handles)
    region = _region(seller.region, draw, traps)
    return {"handles": handles, "region": region} if region else {"handles": handles}


def _typed(kind: str, value: str, region: str, draw: random.Random, traps: Traps) -> str:
    if kind == "nickname" and draw.random() < traps.decorated:
        value = _decorated(value, region, draw)
    if kind == "payee_name" and draw.random() < traps.masked:
        value = _masked(value, draw)
    if kind in ("wechat_id", "phone") and draw.random() < traps.typo:
        value = _slip(value, draw)
    return _noisy(kind, value, draw) if draw.random() < traps.noise else value


def _decorated(name: str, region: str, draw: random.Random) -> str:
    city = divisions()[region].name.removesuffix("市")
    mark = draw.choice(DECORATIONS).format(city=city)
    return mark + name if mark[0] == "A" or draw.random() < 0.15 else name + mark


def _masked(name: str, draw: random.Random) -> str:
    star = draw.choice("**＊")
    ways = [star + name[1:], star * (len(name) - 1) + name[-1], name[0] + star * (len(name) - 1)]
    if len(name) > 2:
        ways.append(name[0] + star + name[-1])
    return draw.choices(ways, [4, 3, 1, 2][: len(ways)])[0]


def _slip(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text))
    confusable = [place for place, sign in enumerate(text) if sign in "0o1l_-"]
    if confusable and draw.random() < 0.4 and not text.isdigit():
        at = draw.choice(confusable)
        return text[:at] + {"0": "o", "o": "0", "1": "l", "l": "1", "_": "-", "-": "_"}[text[at]] + text[at + 1 :]
    way = draw.randrange(3)
    if way == 0 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if way == 1 and not text.isdigit():
        return text[:at] + text[at + 1 :]
    return (
        text[:at]
        + draw.choice("0123456789" if text[at].isdigit() else "abcdefghijklmnopqrstuvwxyz")
        + text[at + 1 :]
    )


def _noisy(kind: str, text: str, draw: random.Random) -> str:
    labels = {
        "wechat_id": ("微信号：", "微信:", "VX：", "wechat: "),
        "phone": ("手机号：", "电话:"),
        "nickname": ("昵称：",),
        "payee_name": ("收款人：",),
    }
    way = draw.randrange(5)
    if kind == "phone":
        text = draw.choice(
            (
                "+86 " + text,
                "+86-" + text,
                "86" + text,
                f"{text[:3]}-{text[3:7]}-{text[7:]}",
                f"{text[:3]} {text[3:7]} {text[7:]}",
            )
        )
    if kind == "shop_link":
        return (
            draw.choice(("https://www.", "http://", "HTTPS://"))
            + text.replace("weidian", "WeiDian")
            + "&spm=a1z10&utm_source=wx"
        )
    if kind == "payment_qr":
        return text + ("?t=1690000000" if text.startswith("https") else " ")
    if way == 0:
        return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" and sign != "*" else sign for sign in text)
    if way == 1:
        at = draw.randrange(len(text) + 1)
        return text[:at] + draw.choice("\u200b\u200d \u3000\ufeff") + text[at:]
    if way == 2 and kind != "payee_name":
        return text.upper() if draw.random() < 0.5 else text.capitalize()
    return draw.choice(labels.get(kind, ("",))) + text


def _region(code: str, draw: random.Random, traps: Traps) -> str:
    if draw.random() < traps.region_missing:
        return ""
    if draw.random() < traps.region_wrong:
        code = draw.choice([each for each, division in divisions().items() if division.province])
    if draw.random() < traps.region_coarse:
        code = code[:2] + "0000"
    if draw.random() < 0.5:
        return code
    division = divisions()[code]
    province = divisions()[division.province].name if division.province else ""
    return draw.choice((province + division.name, division.name.removesuffix("市") if province else division.name))
