"""A seller's record counted a second time, from the chains of facts alone, and compared with what its page shows."""

from collections.abc import Collection
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pytest

from complaints.actions.linking import link_complaint
from complaints.actions.public_record import count_again, object_to_setting_apart, set_apart
from complaints.models import Complaint
from disputes.actions.opening import note_invitation, open_dispute
from disputes.actions.outcome import close_dispute, withdraw_dispute
from disputes.models import Dispute
from merchants.actions.linking import merge_profiles
from merchants.models import Merchant
from merchants.selectors import profiles_of
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM, Actor, visitor
from microguard.core.clock import day_of
from microguard.deadlines.actions import lapse_next
from microguard.events.models import Event
from microguard.statistics.figures import RESOLVED, Share
from microguard.statistics.periods import Period, last_twelve_months
from microguard.statistics.sellers.standing import NOT_COUNTED, standing_of
from tests.clock import A_DAY
from tests.people import Office
from tests.sellers import OCTOBER_12, a_closed_case, a_complaint, an_agreement, an_answered_case, paid

WHY = "买家补充了收款码，和另一家店一致。"
NOVEMBER_30 = OCTOBER_12 + timedelta(days=49)
PERIOD = last_twelve_months(NOVEMBER_30.date())


class Told:
    """One case as its chain of facts tells it."""

    def __init__(self, case: int, until: datetime) -> None:
        self.case = case
        self.facts = list(Event.objects.filter(chain=f"case/{case}", at__lte=until).order_by("number"))

    def last(self, *names: str) -> Event | None:
        return next((event for event in reversed(self.facts) if event.name in names), None)

    def at(self, *names: str) -> datetime | None:
        event = self.last(*names)
        return event.at if event else None

    @property
    def seller(self) -> int | None:
        linked = self.last("complaint.accepted", "complaint.linked")
        return linked.facts["merchant"] if linked else None

    @property
    def is_apart(self) -> bool:
        last = self.last("record.set_apart", "record.counts_again")
        return last is not None and last.name == "record.set_apart"

    @property
    def outcome(self) -> str:
        closed = self.last("dispute.closed")
        return closed.facts["outcome"] if closed else ""

    @property
    def counts(self) -> bool:
        heard = self.last("respondent.answered", "respondent.answer.lapsed") or self.outcome in RESOLVED
        return bool(heard) and self.outcome not in NOT_COUNTED and not self.is_apart


def told_by_events(profiles: Collection[int], period: Period, *, at: datetime) -> dict[str, Any]:
    """Return the figures of the seller, from facts; only who a buyer is has to be looked up (facts name nobody)."""

    def inside(instant: datetime | None) -> bool:
        return instant is not None and period.begins_at <= instant < period.ends_at

    cases = [told for pk in Complaint.objects.values_list("pk", flat=True) if (told := Told(pk, at)).facts]
    own = [told for told in cases if told.seller in profiles]
    closed = [told for told in own if inside(told.at("dispute.closed")) and told.outcome != "DECLINED"]
    counted = [told for told in closed if told.counts]
    in_force = [
        told
        for told in own
        if told.at("settlement.concluded") and not told.at("settlement.rescinded") and not told.is_apart
    ]
    performed = [told for told in in_force if inside(told.at("obligation.confirmed"))]
    failed = [
        told
        for told in in_force
        if told.at("settlement.performance.lapsed") and not told.at("obligation.confirmed")
    ]
    waited = [told for told in own if not told.is_apart and told.outcome != "DECLINED"]
    late = [told for told in waited if told.at("respondent.answer.lapsed")]
    in_time = [told for told in waited if told.at("respondent.answered") and told not in late]
    answered = [
        (day_of(to) - day_of(told.last("respondent.invited").at)).days
        for told in waited
        if (to := told.at("respondent.answered"))
    ]
    buyers = Complaint.objects.filter(pk__in=[told.case for told in counted]).values("phone_hash").distinct()
    return {
        "closed": len(counted),
        "resolved": sum(told.outcome in RESOLVED for told in counted),
        "people": buyers.count(),
        "withdrawn": sum(told.outcome == "WITHDRAWN_OTHER" and not told.is_apart for told in closed),
        "set_apart": sum(told.is_apart for told in closed),
        "answered_in_time": Share(len(in_time), len(in_time) + len(late)),
        "median_answer_days": median(answered),
        "kept": Share(len(performed), len(performed) + len(failed)),
        "open_breaches": len(failed),
    }


def shown(profiles: Collection[int], period: Period, *, at: datetime) -> dict[str, Any]:
    """Return the same figures as the page shows them."""
    found = standing_of(profiles, period, at=at)
    counted = {"closed": found.closings.closed, "resolved": found.closings.resolved}
    rest = ("people", "withdrawn", "set_apart", "answered_in_time", "median_answer_days", "kept", "open_breaches")
    return counted | {name: getattr(found, name) for name in rest}


@pytest.fixture
def shop(office: Office) -> Merchant:
    """A seller of two merged profiles with a case of every kind; one of its cases went to another seller."""
    at = OCTOBER_12 + 5 * A_DAY
    kept = an_agreement(office)
    shop: Merchant = kept.complaint.merchant
    paid(kept, 1, on=at)
    an_agreement(office, buyer=2, merchant=shop)  # never paid
    a_withdrawal(office, buyer=3, merchant=shop, solved=False)
    a_withdrawal(office, buyer=4, merchant=shop, solved=True)
    a_silence(office, buyer=5, merchant=shop)
    a_closed_case(office, buyer=6, merchant=shop, outcome="NO_AGREEMENT", days=20)
    apart = a_closed_case(office, buyer=7, merchant=shop).complaint
    set_apart(complaint_id=apart.pk, reason="和另外三件投诉的图片完全相同。", by=office.zhao, at=at)
    object_to_setting_apart(complaint_id=apart.pk, text="图片是我自己拍的。", by=the_buyer(7), at=at)
    again = a_closed_case(office, buyer=8, merchant=shop).complaint
    set_apart(complaint_id=again.pk, reason="和另外三件投诉的图片完全相同。", by=office.zhao, at=at)
    count_again(complaint_id=again.pk, by=office.zhao, at=at + A_DAY)
    other = a_closed_case(office, buyer=9, mention=("wechat_id", "boots_2026")).complaint
    merge_profiles(merchant_id=other.merchant_id, into_id=shop.pk, reason=WHY, by=office.li, at=at)
    stranger = a_complaint(office, buyer=10, mention=("wechat_id", "hats_2026"))
    moved = a_closed_case(office, buyer=11, merchant=shop).complaint
    link_complaint(complaint_id=moved.pk, merchant_id=stranger.merchant_id, reason=WHY, by=office.li, at=at)
    while lapse_next(at=NOVEMBER_30):
        continue
    return shop


def the_buyer(number: int) -> Actor:
    return visitor(phone_hash(f"1380000{number:04}"))


def a_withdrawal(office: Office, *, buyer: int, merchant: Merchant, solved: bool) -> None:
    dispute = an_answered_case(office, buyer=buyer, merchant=merchant, days=3)
    withdraw_dispute(
        dispute_id=dispute.pk, solved=solved, recovered_fen=None, by=the_buyer(buyer), at=OCTOBER_12 + 5 * A_DAY
    )


def a_silence(office: Office, *, buyer: int, merchant: Merchant) -> Dispute:
    dispute = open_dispute(
        complaint_id=a_complaint(office, buyer=buyer, merchant=merchant).pk, by=SYSTEM, at=OCTOBER_12
    )
    note_invitation(dispute_id=dispute.pk, by=office.li, at=OCTOBER_12)
    while lapse_next(at=OCTOBER_12 + 30 * A_DAY):
        continue
    return close_dispute(
        dispute_id=dispute.pk, outcome="NO_RESPONSE", note="没有答复", by=office.li, at=OCTOBER_12 + 30 * A_DAY
    )


def test_the_record_is_what_the_facts_tell(shop: Merchant) -> None:
    profiles = profiles_of(shop.pk)

    found = shown(profiles, PERIOD, at=NOVEMBER_30)

    assert len(profiles) == 2
    assert found == told_by_events(profiles, PERIOD, at=NOVEMBER_30)
    assert found == {
        "closed": 6,
        "resolved": 4,
        "people": 6,
        "withdrawn": 1,
        "set_apart": 1,
        "answered_in_time": Share(7, 8),
        "median_answer_days": 1,
        "kept": Share(1, 2),
        "open_breaches": 1,
    }
