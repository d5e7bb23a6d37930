"""Two sellers and one credit code: an unproven statement is ended with a reason, contested, and can stand again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from merchants.actions.claiming import begin_claim
from merchants.actions.identity import OddFact, Registered, check_identity, state_registration
from merchants.actions.identity_objections import (
    NotAnswerable,
    NotEndable,
    NotObjectable,
    answer_objection,
    claim_code,
    contest_end,
    end_statement,
    restore_statement,
    withdraw_check,
)
from merchants.actions.ownership import end_cooling
from merchants.models import IdentityCheck, IdentityObjection, Merchant, Registration
from merchants.selectors.identity import level_of
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
OWNED = MONDAY_MORNING + timedelta(days=8)
LATER = OWNED + timedelta(days=1)
WHY_MINE = "营业执照是我的，登记机关可以查到我的名字。"
WHY_ENDED = "登记系统里这个代码不是这家店的。"


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Refusals are read in Chinese here."""
    with translation.override("zh-hans"):
        yield


def owned(phone: str, by: Actor, name: str) -> Merchant:
    shop = a_seller(("wechat_id", name), ("phone", phone))
    claim = begin_claim(
        merchant_id=shop.pk, proof="PHONE", phone=phone, language="zh-hans", by=by, at=MONDAY_MORNING
    )
    end_cooling(claim_id=claim.pk, at=OWNED)
    return shop


@pytest.fixture
def false_shop(office: Office) -> Merchant:
    """Chen's shop, which states a code that is Lin's."""
    shop = owned(CHEN_PHONE, chen(), "shoes_2026")
    state(shop, chen())
    return shop


@pytest.fixture
def true_shop(false_shop: Merchant) -> Merchant:
    """Lin's shop."""
    return owned(LIN_PHONE, lin(), "lins_shoes")


def state(shop: Merchant, by: Actor, code: str = CODE, *, at: datetime = OWNED) -> Registration:
    told = Registered(code, "林记鞋店", "SOLE_TRADER", needs_licence=False)
    return state_registration(merchant_id=shop.pk, told=told, by=by, at=at)


def ended(shop: Merchant, by: Actor) -> Registration:
    return end_statement(merchant_id=shop.pk, reason=WHY_ENDED, by=by, at=LATER)


def claimed(shop: Merchant) -> IdentityObjection:
    return claim_code(merchant_id=shop.pk, code=f" {CODE} ", explanation=WHY_MINE, by=lin(), at=LATER)


def answered(objection: IdentityObjection, by: Actor, result: str = "CORRECTED") -> IdentityObjection:
    return answer_objection(objection_id=objection.pk, result=result, answer=WHY_ENDED, by=by, at=LATER)


def told(at: datetime = LATER) -> set[tuple[str, str]]:
    """Who was told of what about an identity."""
    while deliver_next(at=at):
        continue
    found = Dispatch.objects.filter(notice__startswith="identity.").values_list("notice", "address")
    return {(notice.partition(":")[0].removeprefix("identity."), address) for notice, address in found}


def test_an_ended_statement_frees_its_code_and_its_seller_is_told(
    office: Office, false_shop: Merchant, true_shop: Merchant
) -> None:
    fact = ended(false_shop, office.li)

    assert (fact.ended_by, fact.end_reason) == (office.li.reference, WHY_ENDED)
    assert state(true_shop, lin(), at=LATER).ended_at is None
    assert told() == {("statement_ended", CHEN_PHONE)}
    assert WHY_ENDED not in str(list(Dispatch.objects.values_list("body")))
    event = Event.objects.get(name="identity.statement_ended")
    assert (event.facts, event.remark.words) == ({"registration": fact.pk}, WHY_ENDED)


def test_what_is_proven_is_not_ended_until_the_check_is_taken_back(office: Office, false_shop: Merchant) -> None:
    check_identity(
        merchant_id=false_shop.pk,
        level="DOCUMENTS",
        looked_at="营业执照的照片，字迹清楚。",
        looked_date=LATER.date(),
        by=office.li,
        at=LATER,
    )

    with pytest.raises(NotEndable, match="已经核验"):
        ended(false_shop, office.zhao)
    assert Registration.objects.get().ended_at is None
    check = IdentityCheck.objects.get()
    withdraw_check(check_id=check.pk, reason="照片是别人的营业执照。", by=office.zhao, at=LATER)
    assert level_of([false_shop.pk]) == "CONTACT"
    assert due("identity.check_again", false_shop) is None
    with pytest.raises(NotEndable):
        withdraw_check(check_id=check.pk, reason="照片是别人的营业执照。", by=office.zhao, at=LATER)
    assert ended(false_shop, office.zhao).end_reason == WHY_ENDED


def test_it_needs_a_reason_a_statement_and_the_right_person(office: Office, false_shop: Merchant) -> None:
    with pytest.raises(ReasonMissing):
        end_statement(merchant_id=false_shop.pk, reason="不对", by=office.li, at=LATER)
    for nobody in (chen(), office.wang):
        with pytest.raises(NotAllowed):
            ended(false_shop, nobody)
    ended(false_shop, office.li)
    with pytest.raises(NotEndable):
        ended(false_shop, office.li)


def test_the_true_holder_is_told_of_the_way_and_a_person_answers(
    office: Office, false_shop: Merchant, true_shop: Merchant
) -> None:
    with pytest.raises(OddFact, match="请在“这个信用代码是我的”") as refused:
        state(true_shop, lin(), at=LATER)
    assert refused.value.code == "code_taken"

    objection = claimed(true_shop)
    assert due("identity.objection", true_shop, subject=objection.subject) is not None
    with pytest.raises(NotObjectable):
        claimed(true_shop)
    answered(objection, office.li)

    assert Registration.objects.get().end_reason == WHY_ENDED
    assert state(true_shop, lin(), at=LATER).ended_at is None
    assert due("identity.objection", true_shop, subject=objection.subject) is None
    assert told() == {
        ("objection_made", "li_officer@office.invalid"),
        ("statement_ended", CHEN_PHONE),
        ("objection_answered", LIN_PHONE),
    }
    with pytest.raises(NotAnswerable):
        answered(objection, office.li)


def test_a_code_that_nobody_else_states_is_no_matter_for_us(office: Office, true_shop: Merchant) -> None:
    with pytest.raises(NotObjectable):
        claim_code(merchant_id=true_shop.pk, code=OTHER_CODE, explanation=WHY_MINE, by=lin(), at=LATER)


def test_who_stated_it_objects_and_somebody_else_answers(office: Office, false_shop: Merchant) -> None:
    fact = ended(false_shop, office.li)
    objection = contest_end(merchant_id=false_shop.pk, explanation=WHY_MINE, by=chen(), at=LATER)

    with pytest.raises(NotAnswerable, match="由别的同事"):
        answered(objection, office.li, "UNCHANGED")
    answered(objection, office.zhao)

    fact.refresh_from_db()
    assert (fact.ended_at, fact.ended_by, fact.end_reason) == (None, "", "")
    assert ("objection_answered", CHEN_PHONE) in told()
    assert ("statement_restored", CHEN_PHONE) in told()


def test_whoever_ended_it_by_mistake_lets_it_stand_again_unless_the_code_is_taken(
    office: Office, false_shop: Merchant, true_shop: Merchant
) -> None:
    fact = ended(false_shop, office.li)
    state(true_shop, lin(), at=LATER)
    with pytest.raises(NotEndable) as refused:
        restore_statement(registration_id=fact.pk, by=office.li, at=LATER)
    assert refused.value.code == "code_taken"

    state(true_shop, lin(), OTHER_CODE, at=LATER)
    restore_statement(registration_id=fact.pk, by=office.li, at=LATER)
    with pytest.raises(NotEndable):
        restore_statement(registration_id=fact.pk, by=office.li, at=LATER)
    ended(false_shop, office.li)
    state(false_shop, chen(), at=LATER + timedelta(seconds=1))
    with pytest.raises(NotEndable, match="新的"):
        restore_statement(registration_id=fact.pk, by=office.li, at=LATER)


def test_an_objection_that_nobody_answers_alarms_the_supervisor_and_changes_nothing(
    office: Office, false_shop: Merchant, true_shop: Merchant
) -> None:
    objection = claimed(true_shop)
    ends = due("identity.objection", true_shop, subject=objection.subject)
    assert ends is not None

    while lapse_next(at=ends):
        continue

    assert ("objection.lapsed", "zhao_supervisor@office.invalid") in told(ends)
    assert Registration.objects.get().ended_at is None
