"""Normal forms and likeness of handles: however a seller is named, it is found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchants.rules.blocking import blocking_keys
from merchants.rules.handles import normal_form
from merchants.rules.likeness import nickname_core, payee_of, payees_agree, slip_between
from merchants.rules.places import place_of
from merchants.states import HandleType

TYPED = st.text(
    st.sampled_from("aZ09_-+86:：*＊小鹿家红张（）()🦌\u200b\u3000 /?&=.#微信号手机vx") | st.characters(),
    max_size=24,
)


@given(st.sampled_from(HandleType.values), TYPED)
def test_a_normal_form_is_its_own_normal_form(kind: str, value: str) -> None:
    form = normal_form(kind, value)

    assert normal_form(kind, form) == form


@given(TYPED)
def test_the_core_of_a_core_is_the_core(value: str) -> None:
    core = nickname_core(value)

    assert nickname_core(core) == core


@pytest.mark.parametrize(
    ("kind", "typed", "form"),
    [
        ("wechat_id", "微信号： Xiao\u200bLu_88 ", "xiaolu_88"),
        ("wechat_id", "ＶＸ：ｘｉａｏｌｕ", "xiaolu"),
        ("wechat_id", "薇❤：XiaoLu_88", "xiaolu_88"),
        ("wechat_id", "VX xiaolu_88", "xiaolu_88"),
        ("wechat_id", "VXwxid_8v0si0p1n2ypwd", "wxid_8v0si0p1n2ypwd"),
        ("wechat_id", "x i a o l u _ 8 8", "xiaolu_88"),
        ("wechat_id", "小鹿", "小鹿"),
        ("wechat_id", "8", "8"),
        ("nickname", "蘭心寶貝屋", "兰心宝贝屋"),
        ("wechat_id", "-_-", "-_-"),
        ("phone", "手机号：+86 138-0013-8000", "13800138000"),
        ("phone", "(86) 138.0013.8000", "13800138000"),
        ("phone", "0086－１３８００１３８０００", "13800138000"),
        ("phone", "021-6543 2100", "02165432100"),
        ("phone", "问客服", "问客服"),
        ("phone", "13800138000（微信同号）", "13800138000"),
        ("phone", "电话13800138000", "13800138000"),
        ("wechat_id", "微信号xiaolu_88。", "xiaolu_88"),
        ("wechat_id", "“xiaolu-88”", "xiaolu-88"),
        ("wechat_id", "_xiaolu_", "_xiaolu_"),
        ("alipay", "支付宝：138 0013 8000", "13800138000"),
        ("alipay", "Deer@163.com", "deer@163.com"),
        ("shop_link", "https://mall.example.cn/s?seller_key=77&from=wx", "mall.example.cn/s?seller_key=77"),
        ("payment_qr", "https://pay.example.cn/qr?code=A77&b=1", "pay.example.cn/qr?code=a77&b=1"),
        ("bank_account", "卡号：6222 0200 1234 5678 901", "6222020012345678901"),
        ("shop_link", "HTTPS://www.WeiDian.com/?userid=42&spm=a1.2&utm_source=wx#top", "weidian.com?userid=42"),
        ("shop_link", "http://weidian.com?userid=42", "weidian.com?userid=42"),
        ("shop_link", "小鹿家的店", "小鹿家的店"),
        ("payment_qr", "https://qr.alipay.com/fkx012ABC?t=1690000000", "qr.alipay.com/fkx012abc"),
        ("payment_qr", "HTTPS://QR.ALIPAY.COM/FKX012ABC", "qr.alipay.com/fkx012abc"),
        ("payment_qr", "wxp://f2f0Ab-_9", "wxp://f2f0ab-_9"),
    ],
)
def test_a_handle_however_it_is_typed(kind: str, typed: str, form: str) -> None:
    assert normal_form(kind, typed) == form


@pytest.mark.parametrize(
    "nickname",
    ["小鹿家", "小鹿家🦌", "小鹿家代购", "A小鹿家", "AAA小鹿家", "A00小鹿家", "小鹿家（广州）", "🌸小鹿家🌸", "小鹿家-广州代购",
     "小 鹿 家", "昵称：小鹿家", "小鹿家2号店", "官方小鹿家旗舰店", "【正品】小鹿家", "「小鹿家」", "小鹿家｜总代"],
)  # fmt: skip
def test_a_decorated_nickname_keeps_its_core(nickname: str) -> None:
    assert nickname_core(nickname) == "小鹿家"


@pytest.mark.parametrize(
    ("nickname", "core"), [("客服", "客服"), ("小红", "小红"), ("A", "a"), ("🦌", ""), ("lucky-deer", "luckydeer")]
)
def test_a_nickname_without_more_is_kept(nickname: str, core: str) -> None:
    assert nickname_core(nickname) == core


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("*小红", "张小红", [("last", "小"), ("last", "红")]),
        ("**红", "收款人：张小红", [("last", "红")]),
        ("张*", "张红", [("first", "张")]),
        ("张*红", "张小红", [("first", "张"), ("last", "红")]),
        ("张*", "**红", []),
        ("小鹿家(**红)", "张小红", [("last", "红")]),
        ("张某某", "张小红", [("first", "张")]),
        ("转账给*小红", "张小红", [("last", "小"), ("last", "红")]),
        ("＊红", "*丽", None),
        ("张*红", "李小红", None),
        ("张小红", "张小丽", None),
        ("张*红", "张红", None),
    ],
)
def test_masked_payees(one: str, other: str, agree: list[tuple[str, str]] | None) -> None:
    left, right = payee_of(one), payee_of(other)
    assert left is not None
    assert right is not None

    assert payees_agree(left, right) == agree
    assert payees_agree(right, left) == agree


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("xiaolu_88", "xiaolu-88", "confused"),
        ("xiaolu10", "xiaolulo", "confused"),
        ("morning8", "moming8", "confused"),
        ("xiaolu88", "xiaoul88", "letter"),
        ("xiaolu88", "xiaolu8", "digit"),
        ("xiaolu88", "xialu88", "letter"),
        ("xiaolu88", "xiaolu87", "digit"),
        ("xiaolu88", "xiaolu88", ""),
        ("xiaolu88", "xiaoma88", ""),
        ("abc1", "abc2", ""),
    ],
)
def test_one_slip_of_the_finger(one: str, other: str, slip: str) -> None:
    assert slip_between(one, other) == slip_between(other, one) == slip


@given(st.from_regex(r"[a-z][a-z0-9_]{6,18}", fullmatch=True), st.data())
def test_a_slip_is_found_by_a_key(handle: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(handle) - 1))
    typed = handle[:at] + data.draw(st.sampled_from(("", "x", "7", "_"))) + handle[at + 1 :]

    assert blocking_keys([("wechat_id", handle)]) & blocking_keys([("wechat_id", typed)])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("440100", "4401"), ("广东省广州市", "4401"), ("广州", "4401"), ("广东 广州 白云区", "4401"), ("广东", "44"),
        ("440000", "44"), ("440106", "440106"), ("北京市朝阳区", "110105"), ("辽宁朝阳", "2113"), ("海外", ""),
        ("", ""), ("吉林省吉林市", "2202"), ("吉林", "22"), ("内蒙古", "15"),
    ],
)  # fmt: skip
def test_where_a_seller_is_said_to_be(text: str, place: str) -> None:
    assert place_of(text) == place


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("phone", "13800138000")], [("phone", "+86 138-0013-8001")]),
        ([("phone", "13800138000")], [("alipay", "138 0013 8000")]),
        ([("phone", "13800138000")], [("parcel_sender", "张小红 13800138000")]),
        ([("nickname", "小鹿家🦌")], [("nickname", "A小鹿家代购")]),
        ([("nickname", "小鹿家")], [("nickname", "小鹿家衣橱")]),
    ],
)
def test_what_may_be_one_seller_shares_a_key(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    assert blocking_keys(one) & blocking_keys(other)
