"""Two more towns of sellers, written apart from `registry_generator` and from one another: what one forgets is here.

*Parcels*: what buyers copy from parcels, slips and screenshots: masked numbers, traditional characters, two slips.
*Agents*: chains whose agents use their supplier's code, account and payee's name, and call themselves by one brand.
"""

import random
from collections.abc import Callable

Handles = list[tuple[str, str]]
Lines = list[tuple[int, Handles, str]]  # seller, handles, region
Batch = tuple[list[dict[str, object]], dict[str, int]]

LETTERS, DIGITS = "abcdefghjkmnpqrstuvwxyz", "0123456789"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅春燕雪琴云萍凤珍荣秀莲玲海"
TRADITIONAL = str.maketrans(
    "丽兰静鱼宝妆鲜乐爱云饰护肤红张陈刘杨艳华凤莲龙", "麗蘭靜魚寶妝鮮樂愛雲飾護膚紅張陳劉楊艷華鳳蓮龍"
)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TOWNS = {"4403": "广东省深圳市", "4401": "广东省广州市", "3301": "浙江省杭州市", "3505": "福建省泉州市", "3702": "山东省青岛市", "5101": "四川省成都市", "4301": "湖南省长沙市", "6101": "陕西省西安市"}  # fmt: skip


def parcels(sellers: int, seed: int) -> Batch:
    """Return mentions in mixed order, and the seller of each mention's id."""
    draw = random.Random(seed)
    first = (
        "小美",
        "丽丽",
        "雨荷",
        "鱼乐",
        "星辰",
        "兰心",
        "静雅",
        "宝贝",
        "云朵",
        "红袖",
        "艳阳",
        "凤来",
        "莲蓬",
        "龙泉",
    )
    then = (
        "美妆",
        "饰品",
        "护肤",
        "海鲜",
        "女装",
        "花店",
        "茶社",
        "甜品",
        "鞋柜",
        "家居",
        "文具",
        "童装",
        "果园",
        "瓷器",
    )
    town = [
        {
            "wechat_id": draw.choice(("wxid_", "")) + _some(draw, LETTERS, 9) + _some(draw, DIGITS, 3),
            "phone": "1" + draw.choice("35789") + _some(draw, DIGITS, 9),
            "nickname": draw.choice(first) + draw.choice(first) + draw.choice(then),
            "payee_name": draw.choice(SURNAMES) + _some(draw, GIVEN, draw.choice((1, 2, 2))),
            "payment_qr": "wxp://f2f0" + _some(draw, LETTERS + DIGITS, 24),
            "region": draw.choice(list(TOWNS)),
        }
        for _ in range(sellers)
    ]
    for _ in range(sellers // 40):
        supplier, *agents = draw.sample(town, draw.randint(2, 9))
        for agent in agents:
            agent["payment_qr"] = supplier["payment_qr"]

    def handles(seller: dict[str, str]) -> Handles:
        name, number = seller["payee_name"], seller["phone"]
        masked_name = draw.choice(("*" + name[1:], name[0] + "*" * (len(name) - 1), name[0] + "先生"))
        masked_number = f"{number[:3]}****{number[-4:]}"
        nickname = draw.choice(("{}", "{}🌸🌸", "{}·正品", "{}丨代购")).format(seller["nickname"])
        nickname = nickname.translate(TRADITIONAL) if draw.random() < 0.15 else nickname
        if draw.random() < 0.1:
            return [("nickname", nickname), ("payee_name", masked_name)]
        sender = draw.choice((f"{name[0]}** {masked_number}", f"{name} {number}", masked_number))
        shown = [
            ("wechat_id", _mistyped(draw, seller["wechat_id"])),
            ("phone", masked_number if draw.random() < 0.1 else _mistyped(draw, number)),
            ("nickname", nickname),
            ("payee_name", masked_name if draw.random() < 0.6 else name),
            ("payment_qr", seller["payment_qr"]),
            ("parcel_sender", sender),
        ]
        return draw.sample(shown, draw.randint(2, 4))

    return _batch(draw, town, handles)


def agents(sellers: int, seed: int) -> Batch:
    """Return mentions in mixed order, and the seller of each mention's id."""
    draw = random.Random(seed)
    brands = (
        "蔻丽",
        "芙妍",
        "思薇娅",
        "俏十岁",
        "泉立方",
        "摩能",
        "可莱丝",
        "植美村",
        "纤维派",
        "乔雅登",
        "樱语",
        "凝肌",
    )
    people = (
        "小艾",
        "晓琳",
        "朵朵",
        "静怡",
        "西西",
        "露露",
        "萌萌",
        "欣欣",
        "圆子",
        "柒柒",
        "泡泡",
        "豆豆妈",
        "婉儿",
        "乔乔",
        "米朵",
        "雯雯",
    )
    roles = ("总代", "一级代理", "官方代理", "授权代理", "招商", "特约")
    town: list[dict[str, str]] = []
    while len(town) < sellers:
        brand = draw.choice(brands) + draw.choice(("", "面膜", "美妆", "护肤", "酵素"))
        chain = draw.randint(2, 20) if draw.random() < 0.35 else 1
        supplier: dict[str, str] = {}
        for _ in range(min(chain, sellers - len(town))):
            person = draw.choice(people)
            in_chain = (brand + draw.choice(roles), brand + person, f"{person}💋{brand}")
            own = tuple(person + kind for kind in ("的店", "日用", "服饰馆", "生活馆", "手作"))
            seller = {
                "wechat_id": _some(draw, LETTERS, 7) + draw.choice(("_", "")) + str(draw.randint(10, 9999)),
                "phone": draw.choice(("130", "152", "173", "188")) + _some(draw, DIGITS, 8),
                "nickname": draw.choice(in_chain if chain > 1 else own),
                "payee_name": draw.choice(SURNAMES) + _some(draw, GIVEN, draw.choice((1, 2, 2))),
                "payment_qr": "wxp://f2f0" + _some(draw, LETTERS + DIGITS, 26),
                "region": draw.choice(list(TOWNS)),
            }
            supplier = supplier or seller
            seller["code"], seller["paid_to"] = supplier["payment_qr"], supplier["payee_name"]
            town.append(seller)
    for _ in range(sellers // 33):
        one, kin = draw.sample(town, 2)
        kin["phone"], kin["region"] = one["phone"], one["region"]

    def handles(seller: dict[str, str]) -> Handles:
        by_supplier = draw.random() < 0.4
        name = seller["paid_to" if by_supplier else "payee_name"]
        nickname = draw.choice(("{}", "{}", "{}🌹", "A{}", "🌟{}【代购】")).format(seller["nickname"])
        masked_name = draw.choice(("*" + name[1:], "*" * (len(name) - 1) + name[-1]))
        if draw.random() < 0.12:
            return [("nickname", nickname), ("payee_name", masked_name)]
        typed = draw.choice(("{}", "{}", "微信号：{}", "vx {}", "薇❤:{}")).format(seller["wechat_id"])
        shown = [
            ("wechat_id", typed.upper() if draw.random() < 0.1 else typed),
            ("phone", draw.choice(("", "86", "+86 ")) + seller["phone"]),
            ("nickname", nickname),
            ("payee_name", masked_name if draw.random() < 0.8 else name),
            ("payment_qr", seller["code" if by_supplier else "payment_qr"]),
        ]
        kept = draw.sample(shown, draw.randint(2, 4))
        return kept if {kind for kind, _value in kept} & {"wechat_id", "phone"} else [*kept, shown[0]]

    return _batch(draw, town, handles)


def _batch(draw: random.Random, town: list[dict[str, str]], handles: Callable[[dict[str, str]], Handles]) -> Batch:
    """Return three to six mentions of each seller, whose region some leave out and some name, some by its code."""
    lines: Lines = []
    for number, seller in enumerate(town):
        code, name = seller["region"], TOWNS[seller["region"]]
        for _ in range(draw.randint(3, 6)):
            shown = handles(seller)
            is_named = {kind for kind, _value in shown} <= {"nickname", "payee_name"}
            region = draw.choice((code + "00", name, name[3:], name[3:-1]))
            lines.append((number, shown, region if is_named or draw.random() < 0.6 else ""))
    draw.shuffle(lines)
    mentions, truth = [], {}
    for place, (number, shown, region) in enumerate(lines):
        found = [{"type": kind, "value": value} for kind, value in shown]
        mentions.append({"mention_id": f"m{place}", "handles": found, "region": region})
        truth[f"m{place}"] = number
    return mentions, truth


def _some(draw: random.Random, signs: str, size: int) -> str:
    return "".join(draw.choices(signs, k=size))


def _mistyped(draw: random.Random, text: str) -> str:
    """Return the text as somebody typed it: mostly well, else with one slip or two, in full width or spaced."""
    for _ in range(draw.choices((0, 1, 2), (88, 8, 4))[0]):
        at = draw.randrange(1, len(text) - 1)
        sign = draw.choice(DIGITS if text[at].isdigit() else LETTERS)
        text = draw.choice((text[:at] + text[at + 1 :], text[:at] + sign + text[at + 1 :]))
    way = draw.random()
    if way < 0.1:
        return text.translate(FULL_WIDTH)
    return draw.choice(("\u200b", " ")).join(text) if way < 0.2 else text
