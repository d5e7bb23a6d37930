"""A seller says who it is, and an officer looks at what proves it: facts with history, one code at one seller."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from merchants.actions.claiming import begin_claim
from merchants.actions.identity import (
    Licensed,
    NothingToCheck,
    OddFact,
    Registered,
    check_identity,
    state_exemption,
    state_licence,
    state_registration,
    state_turnover,
)
from merchants.actions.linking import merge_profiles
from merchants.actions.ownership import NotOwner, end_cooling, release_profile
from merchants.models import Licence, Merchant, Registration, Turnover
from merchants.selectors import profiles_of
from merchants.selectors.identity import level_of, line_fen, reasons_to_check
from microguard.accounts.actors import Actor
from microguard.accounts.policies import NotAllowed
from microguard.core.reasons import ReasonMissing
from microguard.deadlines.actions import due, lapse_next
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.cases import a_seller
from tests.clock import MONDAY_MORNING
from tests.people import CHEN_PHONE, LIN_PHONE, Office, chen, lin

CODE, OTHER_CODE = "91440300708461136T", "91350100M000100Y43"
ADULT, CHILD = "11010519491231002X", "110105201501010017"
OWNED = MONDAY_MORNING + timedelta(days=8)
LATER = OWNED + timedelta(days=1)
SEEN = "营业执照照片，和国家企业信用信息公示系统一致。"


def owned(phone: str, by: Actor, name: str) -> Merchant:
    """A shop that whoever has this phone owns since the end of the cooling period."""
    shop = a_seller(("wechat_id", name), ("phone", phone))
    claim = begin_claim(
        merchant_id=shop.pk, proof="PHONE", phone=phone, language="zh-hans", by=by, at=MONDAY_MORNING
    )
    end_cooling(claim_id=claim.pk, at=OWNED)
    return shop


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Refusals are read in Chinese here."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def shop(office: Office) -> Merchant:
    """Chen's shop."""
    return owned(CHEN_PHONE, chen(), "shoes_2026")


def registered(
    shop: Merchant, code: str = CODE, *, by: Actor | None = None, at: datetime = OWNED, **told: Any
) -> Any:
    facts = {"name": "小李鞋店", "legal_form": "SOLE_TRADER", "needs_licence": False, **told}
    person = facts.pop("resident_id", "")
    return state_registration(
        merchant_id=shop.pk, told=Registered(code, **facts), resident_id=person, by=by or chen(), at=at
    )


def exempt(shop: Merchant, resident_id: str = ADULT, *, exemption: str = "SPORADIC", at: datetime = LATER) -> Any:
    return state_exemption(
        merchant_id=shop.pk, exemption=exemption, needs_licence=False, resident_id=resident_id, by=chen(), at=at
    )


def checked(shop: Merchant, office: Office, level: str, *, at: datetime = LATER, **told: Any) -> Any:
    facts = {"looked_at": SEEN, "looked_date": at.date(), **told}
    return check_identity(merchant_id=shop.pk, level=level, by=office.li, at=at, **facts)


def level(shop: Merchant) -> str:
    return str(level_of(profiles_of(shop.pk)))


def test_a_new_statement_ends_the_old_one_and_overwrites_nothing(shop: Merchant) -> None:
    first = registered(shop, " 统一社会信用代码：９１４４０３００７０８４６１１３６ｔ ")
    second = exempt(shop)

    first.refresh_from_db()
    assert (first.code, first.name, first.ended_at) == (CODE, "小李鞋店", LATER)
    assert (second.exemption, second.ended_at) == ("SPORADIC", None)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (CODE[:-1] + "X", "统一社会信用代码应是18位，第18位不对。"),
        ("9144O300708461136T", "统一社会信用代码应是18位，第5位不对。"),
        (CODE[:-1], "统一社会信用代码应是18位，您填了17位。"),
        ("", "统一社会信用代码应是18位，您填了0位。"),
    ],
)
def test_a_credit_code_is_refused_with_the_character_that_is_wrong(
    shop: Merchant, code: str, sentence: str
) -> None:
    with pytest.raises(OddFact) as refused:
        registered(shop, code)

    assert (refused.value.code, refused.value.message) == ("credit_code", sentence)
    assert not Registration.objects.exists()


def test_one_credit_code_is_current_at_one_seller_and_the_refusal_names_nobody(shop: Merchant) -> None:
    registered(shop)
    lins = owned(LIN_PHONE, lin(), "lins_shoes")

    with pytest.raises(OddFact) as refused:
        registered(lins, by=lin())
    assert refused.value.message.startswith("另一个卖家档案已经填了这个信用代码。")

    registered(shop, OTHER_CODE, at=LATER)
    assert registered(lins, by=lin(), at=LATER).ended_at is None  # the code is free again


def test_nobody_but_the_owner_says_who_the_seller_is(shop: Merchant, office: Office) -> None:
    for stranger in (lin(), office.li):
        with pytest.raises(NotAllowed):
            registered(shop, by=stranger)
        with pytest.raises(NotAllowed):
            state_turnover(merchant_id=shop.pk, year=2026, shop="鞋", amount_fen=1, by=stranger, at=OWNED)

    assert not Registration.objects.exists()
    assert not Turnover.objects.exists()


def test_the_id_number_of_an_adult_is_checked_and_not_kept(shop: Merchant) -> None:
    fact = exempt(shop)

    assert fact.has_checked_person
    assert registered(shop).has_checked_person is False
    assert registered(shop, resident_id=ADULT).has_checked_person
    assert ADULT not in str(Registration.objects.values_list()) + str(Event.objects.values_list())


@pytest.mark.parametrize(
    ("number", "begins"),
    [
        (CHILD, "这个号码的主人还没满18岁。"),
        (ADULT[:-1] + "1", "身份证号应是18位，第18位不对。"),
        ("110105194913310021", "身份证号第7位到第14位不是出生日期。"),
        ("", "身份证号应是18位，您填了0位。"),
    ],
)
def test_an_odd_id_number_or_that_of_a_minor_is_refused(shop: Merchant, number: str, begins: str) -> None:
    with pytest.raises(OddFact) as refused:
        exempt(shop, number)

    assert refused.value.code == "resident_id"
    assert refused.value.message.startswith(begins)


def test_the_same_licence_is_stated_anew_and_another_stands_beside_it(shop: Merchant) -> None:
    def stated(number: str, until: date) -> Licence:
        told = Licensed("FOOD", number, "小李食品店", until)
        return state_licence(merchant_id=shop.pk, told=told, by=chen(), at=OWNED)

    first = stated("JY1 440300 123456", date(2027, 1, 1))
    stated("JY1440300123456", date(2032, 1, 1))
    stated("JY1440300999999", date(2027, 1, 1))

    first.refresh_from_db()
    assert first.ended_at == OWNED
    assert Licence.objects.filter(ended_at__isnull=True).count() == 2
    with pytest.raises(OddFact, match="已经过期"):
        stated("JY1440300123456", date(2026, 11, 1))


def test_all_shops_are_summed_against_the_line_of_the_law(shop: Merchant) -> None:
    exempt(shop)

    def turnover(name: str, yuan: int) -> None:
        state_turnover(merchant_id=shop.pk, year=2026, shop=name, amount_fen=yuan * 100, by=chen(), at=LATER)

    turnover("微信小店", 60_000)
    turnover("朋友圈", 90_000)
    assert reasons_to_check([shop.pk], on=LATER.date()) == ("over_the_line",)
    turnover(" 朋友圈 ", 40_000)  # a slip put right: the first word on this shop ends
    assert reasons_to_check([shop.pk], on=LATER.date()) == ()
    assert (line_fen(LATER.date()), line_fen(date(2021, 4, 30))) == (10_000_000, None)
    assert Turnover.objects.count() == 3


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"year": 2027}, "year"),
        ({"year": 2020}, "year"),
        ({"shop": " 鞋 "}, "shop"),
        ({"amount_fen": -1}, "amount_fen"),
        ({"amount_fen": 10**13}, "amount_fen"),
    ],
)
def test_an_odd_turnover_is_refused_by_its_field(shop: Merchant, told: dict[str, Any], field: str) -> None:
    with pytest.raises(OddFact) as refused:
        state_turnover(
            merchant_id=shop.pk, by=chen(), at=OWNED, **{"year": 2026, "shop": "鞋店", "amount_fen": 1, **told}
        )

    assert refused.value.code == field


def test_the_level_is_the_highest_proof_in_force(shop: Merchant, office: Office) -> None:
    assert (level(a_seller(("wechat_id", "nobodys"))), level(shop)) == ("NOTHING", "CONTACT")
    registered(shop)
    checked(shop, office, "REGISTER")
    checked(shop, office, "DOCUMENTS")

    assert level(shop) == "REGISTER"
    exempt(shop)  # what was checked has ended, and its proof with it
    assert level(shop) == "CONTACT"
    checked(shop, office, "DOCUMENTS")
    assert level(shop) == "DOCUMENTS"
    release_profile(merchant_id=shop.pk, by=chen(), at=LATER)
    assert level(shop) == "NOTHING"


def test_half_a_year_after_a_check_the_officers_are_asked_to_look_again(shop: Merchant, office: Office) -> None:
    registered(shop)
    checked(shop, office, "DOCUMENTS")
    checked(shop, office, "REGISTER", at=LATER + timedelta(days=30))

    ends = due("identity.check_again", shop)

    assert ends == datetime.fromisoformat("2027-07-02T00:00:00+08:00")
    while lapse_next(at=ends):
        continue
    assert [event.chain for event in Event.objects.filter(name="identity.check_again.lapsed")] == [shop.chain]
    while deliver_next(at=ends):
        continue
    told = Dispatch.objects.get(notice__startswith="identity.check_again.lapsed")
    assert f"/desk/merchants/merchant/{shop.pk}/change/" in told.body
    assert (told.address, level(shop)) == ("li_officer@office.invalid", "REGISTER")


def test_a_new_statement_ends_the_wait_for_the_next_check(shop: Merchant, office: Office) -> None:
    registered(shop)
    checked(shop, office, "REGISTER")

    exempt(shop, at=LATER + timedelta(days=1))

    assert due("identity.check_again", shop) is None


def test_a_check_needs_something_to_check_a_word_and_a_day(shop: Merchant, office: Office) -> None:
    with pytest.raises(NothingToCheck):
        checked(shop, office, "DOCUMENTS")
    exempt(shop, at=OWNED)
    with pytest.raises(NothingToCheck):
        checked(shop, office, "REGISTER")
    with pytest.raises(ReasonMissing):
        checked(shop, office, "DOCUMENTS", looked_at="看过")
    for odd in ({"level": "CONTACT"}, {"looked_date": LATER.date() + timedelta(days=1)}):
        with pytest.raises(OddFact):
            checked(shop, office, **{"level": "DOCUMENTS", **odd})
    with pytest.raises(NotAllowed):
        check_identity(
            merchant_id=shop.pk, level="DOCUMENTS", looked_at=SEEN, looked_date=LATER.date(), by=chen(), at=LATER
        )

    assert level(shop) == "CONTACT"


def test_a_merged_profile_has_what_its_owner_stated(shop: Merchant, office: Office) -> None:
    registered(shop)
    other = a_seller(("wechat_id", "shoes_old"))
    merge_profiles(merchant_id=other.pk, into_id=shop.pk, reason="收款码和寄件人都一样。", by=office.li, at=LATER)

    registered(other, OTHER_CODE, at=LATER)

    assert list(Registration.objects.order_by("pk").values_list("merchant", "ended_at")) == [
        (shop.pk, LATER),
        (shop.pk, None),
    ]


def test_nobody_states_anything_of_a_profile_without_an_owner(shop: Merchant) -> None:
    release_profile(merchant_id=shop.pk, by=chen(), at=OWNED)

    with pytest.raises((NotAllowed, NotOwner)):
        registered(shop)


def test_the_database_holds_no_plain_code_and_events_no_personal_data(shop: Merchant) -> None:
    registered(shop)

    row = Registration.objects.extra(select={"sealed": "code"}).get()
    assert CODE.encode() not in bytes(row.sealed)
    stated = Event.objects.get(name="identity.registration_stated")
    assert (stated.actor, stated.facts) == ("owner", {"registration": row.pk})
