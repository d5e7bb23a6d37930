"""A complaint that a person leaves out of its seller's public record: what stops counting, who is told, who objects."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from complaints.actions.public_record import NotApart, count_again, object_to_setting_apart, set_apart
from complaints.models import SetApart
from merchants.models import Merchant
from merchants.selectors import profiles_of
from microguard.accounts.policies import NotAllowed
from microguard.core.reasons import ReasonMissing
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from microguard.statistics.periods import last_twelve_months
from microguard.statistics.sellers.standing import Standing, standing_of
from tests.cases import a_filed_complaint
from tests.clock import MONDAY_NOON
from tests.outside import pass_on
from tests.people import CHEN_PHONE, Office, chen, lin
from tests.sellers import a_closed_case, a_complaint, closed_cases
from tests.visitors import a_browser, at_desk

REASON = "四件投诉文字、图片完全相同，都来自同一家竞争店铺的员工。"
OBJECTION = "我不认识那家店，付款截图是我自己的。"


@pytest.fixture(autouse=True)
def _published(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.OPERATOR = "consumer_association"
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    clock_at(MONDAY_NOON)


def record(merchant: Merchant) -> Standing:
    return standing_of(profiles_of(merchant.pk), last_twelve_months(MONDAY_NOON.date()), at=MONDAY_NOON)


def test_what_is_set_apart_counts_in_no_other_figure_until_it_counts_again(office: Office) -> None:
    shop = closed_cases(office, 5)
    before, case = record(shop), a_closed_case(office, buyer=6, merchant=shop).complaint

    set_apart(complaint_id=case.pk, reason=REASON, by=office.zhao, at=MONDAY_NOON)

    apart = record(shop)
    assert (apart.set_apart, apart.closings, apart.people) == (1, before.closings, before.people)
    assert (apart.answered_in_time, apart.median_answer_days) == (
        before.answered_in_time,
        before.median_answer_days,
    )
    assert "Complaints set apart" in a_browser().get(f"/en/s/{shop.public_key}/").text

    count_again(complaint_id=case.pk, by=office.zhao, at=MONDAY_NOON)

    assert (record(shop).set_apart, record(shop).people) == (0, 6)


def test_a_supervisor_sets_apart_at_the_desk_the_buyer_is_told_and_objects(office: Office) -> None:
    case = a_closed_case(office, buyer=1).complaint
    desk, steps = at_desk(office.zhao_supervisor), f"/en/desk/complaints/complaint/{case.pk}/do/"
    own_word, buyer = f"/en/c/{case.number}/signals/", a_browser(phone="13800000001")

    assert desk.post(f"{steps}apart/", {"reason": "重复"}).status_code == 422
    assert desk.post(f"{steps}apart/", {"reason": REASON}).status_code == 302
    pass_on(MONDAY_NOON)

    assert Dispatch.objects.filter(notice="record.set_apart:complainant").count() == 1
    assert REASON in buyer.get(own_word).text
    assert REASON not in a_browser(phone=CHEN_PHONE).get(own_word).text
    assert buyer.post(own_word, {"signal": "set_apart", "text": "不"}).status_code == 422
    assert buyer.post(own_word, {"signal": "set_apart", "text": OBJECTION}).status_code == 302
    pass_on(MONDAY_NOON)
    assert Dispatch.objects.filter(notice="record.objected:supervisors").exists()
    page = desk.get(f"/en/desk/complaints/complaint/{case.pk}/change/").text
    assert (REASON in page, OBJECTION in page) == (True, True)

    assert desk.post(f"{steps}count/").status_code == 302
    assert REASON not in buyer.get(own_word).text
    told = Event.objects.filter(chain=case.chain, name__startswith="record.").order_by("number")
    assert [(event.name, event.facts) for event in told] == [
        (name, {"set_apart": SetApart.objects.get().pk})
        for name in ("record.set_apart", "record.objected", "record.counts_again")
    ]


def test_only_a_supervisor_decides_with_a_reason_and_once(office: Office) -> None:
    case, at = a_complaint(office), MONDAY_NOON
    unlinked = a_filed_complaint(MONDAY_NOON)

    for by in (office.li, office.wang, chen()):
        with pytest.raises(NotAllowed):
            set_apart(complaint_id=case.pk, reason=REASON, by=by, at=at)
    with pytest.raises(ReasonMissing):
        set_apart(complaint_id=case.pk, reason=" 重复 ", by=office.zhao, at=at)
    with pytest.raises(NotApart):
        count_again(complaint_id=case.pk, by=office.zhao, at=at)
    with pytest.raises(NotApart):
        set_apart(complaint_id=unlinked.pk, reason=REASON, by=office.zhao, at=at)
    set_apart(complaint_id=case.pk, reason=REASON, by=office.zhao, at=at)
    with pytest.raises(NotApart):
        set_apart(complaint_id=case.pk, reason=REASON, by=office.zhao, at=at)
    for stranger in (lin(), chen(), office.zhao):
        with pytest.raises(NotAllowed):
            object_to_setting_apart(complaint_id=case.pk, text=OBJECTION, by=stranger, at=at)
