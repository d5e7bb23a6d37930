"""A seller promised to answer within some working days: said beside the clock, and proposed to a person as a breach."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from complaints.actions.breaches import note_breach, withdraw_breach
from complaints.models import Breach
from disputes.actions.negotiation import contest
from disputes.actions.opening import enter_by_link, make_link, note_invitation, open_dispute
from disputes.actions.outcome import settle_at_once
from disputes.models import Dispute
from disputes.selectors.promises import answers_late, answers_promised
from merchants.actions.commitments import make_commitment
from merchants.models import Commitment, Merchant
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM
from microguard.core.clock import CHINA
from microguard.events.models import Event
from tests.clock import A_SECOND, FRIDAY_NOON, MONDAY_MORNING, TUESDAY_MORNING
from tests.people import CHEN_PHONE, Office, chen
from tests.sellers import OCTOBER_12, a_complaint, an_owned_shop
from tests.visitors import a_browser, at_desk

OWNED_AT = OCTOBER_12 + timedelta(days=8)
PAID = date(2026, 10, 26)
# Invited on Monday 23 November: three working days end with Thursday.
PROMISE_ENDS = datetime(2026, 11, 27, 0, 0, tzinfo=CHINA)
SATURDAY = datetime(2026, 11, 28, 9, 0, tzinfo=CHINA)


@pytest.fixture
def shop(office: Office) -> Merchant:
    return an_owned_shop(("wechat_id", "shoes_2026"))


def promised(shop: Merchant, days: int = 3, at: datetime = OWNED_AT) -> Commitment:
    return make_commitment(merchant_id=shop.pk, kind="ANSWERS_WITHIN", value=days, by=chen(), at=at)


def an_invited_case(office: Office, shop: Merchant, *, paid: date = PAID) -> Dispute:
    """A complaint about the shop whose invitation reached Chen, who has not answered yet."""
    complaint = a_complaint(office, merchant=shop, at=MONDAY_MORNING, paid_date=paid)
    dispute = open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=MONDAY_MORNING)
    token = make_link(dispute_id=dispute.pk, by=office.li, at=MONDAY_MORNING)
    note_invitation(dispute_id=dispute.pk, by=office.li, at=MONDAY_MORNING)
    told = {"phone": CHEN_PHONE, "phone_hash": phone_hash(CHEN_PHONE), "language": "zh-hans"}
    enter_by_link(token=token, **told, at=MONDAY_MORNING)
    return Dispute.by_pk(dispute.pk)


def answered(dispute: Dispute, at: datetime) -> Dispute:
    return contest(dispute_id=dispute.pk, reason="鞋子发出时是好的，有视频为证。", by=chen(), at=at)


# --- what the rows say ---


@pytest.mark.parametrize(("at", "is_late"), [(PROMISE_ENDS - A_SECOND, False), (PROMISE_ENDS, True)])
def test_an_answer_is_late_from_the_midnight_on(
    at: datetime, is_late: bool, office: Office, shop: Merchant
) -> None:
    commitment = promised(shop)
    dispute = answered(an_invited_case(office, shop), at)

    late = answers_late(dispute, [commitment], on=SATURDAY.date())

    assert [promise.until for promise in answers_promised(dispute, [commitment])] == [PROMISE_ENDS]
    assert bool(late) == is_late


def test_without_an_answer_it_is_late_once_the_days_have_passed_unless_the_case_ended_before(
    office: Office, shop: Merchant
) -> None:
    commitment = promised(shop)
    dispute = an_invited_case(office, shop)
    on_thursday, on_friday = (answers_late(dispute, [commitment], on=date(2026, 11, day)) for day in (26, 27))
    settle_at_once(
        complaint_id=dispute.complaint_id, recovered_fen=12_800, note="当场退了", by=office.li, at=TUESDAY_MORNING
    )

    assert (on_thursday, [promise.commitment for promise in on_friday]) == ([], [commitment])
    assert answers_late(Dispute.by_pk(dispute.pk), [commitment], on=SATURDAY.date()) == []


def test_before_the_invitation_there_is_nothing_to_keep(office: Office, shop: Merchant) -> None:
    complaint = a_complaint(office, merchant=shop, at=MONDAY_MORNING, paid_date=PAID)
    dispute = open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=MONDAY_MORNING)

    assert answers_promised(dispute, [promised(shop)]) == []


# --- beside the clock ---


@pytest.fixture
def on_tuesday(clock_at: Callable[[datetime], None]) -> None:
    clock_at(TUESDAY_MORNING)


SAID = {
    "/en": "{who} promised to answer within 3 working days: by Thu 26 Nov, midnight Beijing time · 2 days left",
    "": "{who}承诺在 3 个工作日内答复：11月26日（周四）24:00前",
}


@pytest.mark.parametrize("language", SAID)
def test_both_sides_and_the_desk_read_it_beside_the_clock(
    language: str, office: Office, shop: Merchant, on_tuesday: None
) -> None:
    promised(shop)
    complaint = an_invited_case(office, shop).complaint
    sellers, buyers = a_browser(phone=CHEN_PHONE), a_browser(phone="13800000001")
    desk = at_desk(office.li_officer).get(f"{language}/desk/complaints/complaint/{complaint.pk}/change/")
    you, seller = ("You", "The seller") if language else ("您", "卖家")

    said = SAID[language]
    assert said.format(who=you) in sellers.get(f"{language}/c/{complaint.number}/").text
    assert said.format(who=seller) in buyers.get(f"{language}/c/{complaint.number}/").text
    assert said.format(who=seller) in desk.text


def test_nothing_is_said_where_it_would_tell_no_earlier_day_nor_of_another_deal(
    office: Office, shop: Merchant, on_tuesday: None
) -> None:
    promised(shop, days=10)  # as long as our own term
    ours = an_invited_case(office, shop).complaint
    before = an_invited_case(office, shop, paid=date(2026, 10, 19)).complaint

    for complaint in (ours, before):
        page = a_browser(phone=CHEN_PHONE).get(f"/en/c/{complaint.number}/")
        assert (page.status_code, "promised to answer" in page.text) == (200, False)


# --- at the desk ---


@pytest.fixture
def li(office: Office, clock_at: Callable[[datetime], None]) -> Client:
    clock_at(SATURDAY)
    return at_desk(office.li_officer)


def at_case(dispute: Dispute, part: str = "change") -> str:
    return f"/en/desk/complaints/complaint/{dispute.complaint_id}/{part}/"


def test_a_late_answer_is_proposed_filled_in_and_noted_by_a_person(
    office: Office, shop: Merchant, li: Client
) -> None:
    commitment = promised(shop)
    dispute = answered(an_invited_case(office, shop), FRIDAY_NOON)
    reason = (
        "The seller had promised: “Answers a complaint within 3 working days.” The case reached it on Mon 23 Nov "
        "2026 09:00, so its answer was due by Thu 26 Nov, midnight Beijing time. It answered on Fri 27 Nov 2026 12:00."
    )

    bench, form = li.get(at_case(dispute)), li.get(at_case(dispute, "do/promise"))

    assert (reason in bench.text, reason in form.text, "checked" in form.text) == (True, True, True)
    assert not Breach.objects.exists()
    assert not Event.objects.filter(name__startswith="breach.").exists()

    li.post(at_case(dispute, "do/promise"), {"commitment_id": commitment.pk, "reason": reason})

    assert Breach.objects.get().reason == reason
    assert "For you to judge" not in li.get(at_case(dispute)).text


def test_what_a_person_took_back_is_not_proposed_again(office: Office, shop: Merchant, li: Client) -> None:
    commitment = promised(shop)
    dispute = an_invited_case(office, shop)
    assert "No answer is recorded." in li.get(at_case(dispute)).text
    noted = note_breach(
        complaint_id=dispute.complaint_id,
        commitment_id=commitment.pk,
        reason="没有按承诺答复。卖家没有回应。",
        by=office.li,
        at=SATURDAY,
    )
    withdraw_breach(breach_id=noted.pk, by=office.li, at=SATURDAY)

    assert "For you to judge" not in li.get(at_case(dispute)).text
    form: Any = li.get(at_case(dispute, "do/promise"))
    assert (form.status_code, "No answer is recorded." in form.text) == (200, False)


def test_who_may_not_note_a_breach_is_proposed_none(
    office: Office, shop: Merchant, clock_at: Callable[[datetime], None]
) -> None:
    promised(shop)
    dispute = an_invited_case(office, shop)
    clock_at(SATURDAY)

    page = at_desk(office.he_clerk).get(at_case(dispute))

    assert (page.status_code, "For you to judge" in page.text) == (200, False)
