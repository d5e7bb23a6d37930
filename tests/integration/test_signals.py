"""Signals on the pages: at the desk with reasons, on the page of whom they are about, never on the other side's."""

from typing import Any

import pytest
from django.test import Client

from complaints.models import Complaint, SignalContest
from disputes.actions.signals import NoSuchSignal, OddContest, contest_signal
from disputes.models import Dispute
from disputes.selectors.signals import about_complainant, about_seller
from merchants.states import HandleType
from microguard.accounts.policies import NotAllowed
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from tests.cases import a_filed_complaint, an_answered_dispute
from tests.clock import MONDAY_MORNING, MONDAY_NOON
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office, chen, lin, zhang
from tests.sellers import OCTOBER_12, a_complaint, an_answered_case
from tests.visitors import a_browser, at_desk, sentences

WHY = "我是帮全家人投诉的，每件都有付款记录。"


@pytest.fixture(autouse=True)
def _now(clock_at: Any) -> None:
    clock_at(MONDAY_NOON)


@pytest.fixture
def dispute(office: Office) -> Dispute:
    """Zhang complains about Chen, whose other buyers tell of threats; she shows no payment."""
    dispute = an_answered_dispute(officer=office.li)
    a_complaint(
        office,
        merchant=dispute.complaint.merchant,
        story="卖家说再投诉就找人收拾我，还要人肉我。",
        at=OCTOBER_12,
    )
    return dispute


def page_of(dispute: Dispute, phone: str) -> Any:
    return a_browser(phone=phone).get(f"/en/c/{dispute.complaint.number}/signals/")


def test_each_side_reads_what_is_about_itself_and_nothing_else(dispute: Dispute) -> None:
    buyer, seller = page_of(dispute, ZHANG_PHONE).text, page_of(dispute, CHEN_PHONE).text

    assert "No sign of a real purchase yet" in buyer
    assert "Threats are mentioned" in seller
    assert "Threats" not in buyer
    assert "real purchase" not in seller
    assert "人肉" not in seller  # nor anybody's story
    for phone in (LIN_PHONE, ""):
        assert page_of(dispute, phone).status_code == 404


def test_the_case_page_of_a_party_leads_there_and_tells_nothing_of_the_other(dispute: Dispute) -> None:
    for phone in (ZHANG_PHONE, CHEN_PHONE):
        page = a_browser(phone=phone).get(f"/en/c/{dispute.complaint.number}/").text
        assert f"/en/c/{dispute.complaint.number}/signals/" in page
        assert "real purchase" not in page
        assert "Threats" not in page


def test_the_desk_shows_both_with_reasons_and_the_cases_behind(dispute: Dispute, office: Office) -> None:
    other = Complaint.objects.exclude(pk=dispute.complaint_id).get()

    page = at_desk(office.li_officer).get(f"/en/desk/complaints/complaint/{dispute.complaint_id}/change/").text

    assert "there is no order number and no picture of a payment or of goods" in page
    assert "1 complaints or their joint rooms mention threats" in page
    assert "SAMR Order 121 on complaints and tip-offs, art. 17" in page
    assert str(other.number) in page


def test_the_page_of_the_seller_at_the_desk_shows_what_is_about_it_alone(dispute: Dispute, office: Office) -> None:
    page = (
        at_desk(office.li_officer).get(f"/en/desk/merchants/merchant/{dispute.complaint.merchant_id}/change/").text
    )

    assert "mention threats" in page
    assert "no order number" not in page


def test_a_party_contests_in_words_that_stand_beside_the_signal(dispute: Dispute, office: Office) -> None:
    address = f"/en/c/{dispute.complaint.number}/signals/"
    buyer = a_browser(phone=ZHANG_PHONE)

    assert buyer.post(address, {"signal": "no_purchase", "text": WHY}).status_code == 302

    assert WHY in buyer.get(address).text
    assert WHY not in page_of(dispute, CHEN_PHONE).text
    desk = at_desk(office.li_officer).get(f"/en/desk/complaints/complaint/{dispute.complaint_id}/change/").text
    assert WHY in desk
    event = Event.objects.get(name="signal.contested")
    assert (event.chain, event.actor) == (dispute.chain, "complainant")
    assert event.facts == {"signal": "no_purchase", "contest": SignalContest.objects.get().pk}


def test_the_seller_contests_too_and_writes_anew_in_place_of_the_old(dispute: Dispute) -> None:
    for text in ("这不是我说的。", "聊天记录可以证明。"):
        contest_signal(complaint_id=dispute.complaint_id, signal="threats", text=text, by=chen(), at=MONDAY_NOON)

    (signal,) = about_seller(dispute.complaint.merchant_id, at=MONDAY_NOON)
    assert (signal.key, signal.contests) == ("threats", ("聊天记录可以证明。",))


def test_only_who_it_is_about_contests_it(dispute: Dispute, office: Office) -> None:
    for by, refusal in ((lin(), NotAllowed), (office.li, NotAllowed), (chen(), NoSuchSignal)):
        with pytest.raises(refusal):
            contest_signal(
                complaint_id=dispute.complaint_id, signal="no_purchase", text=WHY, by=by, at=MONDAY_NOON
            )
    for signal, text, refusal in (("guilt", WHY, NoSuchSignal), ("no_purchase", " 不 ", OddContest)):
        with pytest.raises(refusal):
            contest_signal(complaint_id=dispute.complaint_id, signal=signal, text=text, by=zhang(), at=MONDAY_NOON)
    assert not SignalContest.objects.exists()


def test_too_few_words_and_no_choice_get_their_sentences(dispute: Dispute) -> None:
    address = f"/en/c/{dispute.complaint.number}/signals/"
    buyer = a_browser(phone=ZHANG_PHONE)

    short = buyer.post(address, {"signal": "no_purchase", "text": "不"})
    other_side = buyer.post(address, {"signal": "threats", "text": WHY})

    assert (short.status_code, sentences(short)) == (422, ["Write 4 to 500 characters."])
    assert (other_side.status_code, sentences(other_side)) == (422, ["Choose what is not right."])


def everything(dispute: Dispute) -> list[Any]:
    """Whatever says where the case stands: rows, clocks and facts."""
    case = dispute.complaint_id

    return [
        list(Complaint.objects.filter(pk=case).values()),
        list(Dispute.objects.filter(complaint_id=case).values()),
        list(Deadline.objects.filter(case_id=case).order_by("pk").values()),
        list(Event.objects.exclude(name="signal.contested").order_by("pk").values()),
    ]


def test_a_signal_changes_nothing_seen_or_contested(dispute: Dispute, office: Office, client: Client) -> None:
    before = everything(dispute)

    page_of(dispute, ZHANG_PHONE)
    at_desk(office.li_officer).get(f"/desk/complaints/complaint/{dispute.complaint_id}/change/")
    about_seller(dispute.complaint.merchant_id, at=MONDAY_NOON)
    contest_signal(complaint_id=dispute.complaint_id, signal="no_purchase", text=WHY, by=zhang(), at=MONDAY_NOON)

    assert everything(dispute) == before


def test_many_complaints_from_one_phone_are_still_filed_like_any_other(office: Office) -> None:
    for number in range(12):
        complaint = a_filed_complaint(MONDAY_MORNING, item=f"面膜{number}")

    keys = {signal.key for signal in about_complainant(complaint, at=MONDAY_NOON)}
    assert {"frequency", "bulk_same"} <= keys
    assert set(Complaint.objects.values_list("state", flat=True)) == {"FILED"}
    assert not Event.objects.exclude(name="complaint.filed").filter(chain=complaint.chain).exists()


def test_the_same_story_by_others_stands_out_and_counts_only_this_seller_s(office: Office) -> None:
    first = an_answered_case(office, buyer=1).complaint
    for buyer in (2, 3):
        a_complaint(office, buyer=buyer, merchant=first.merchant)
    a_complaint(office, buyer=4, mention=(HandleType.WECHAT_ID, "other_shop"))

    (alike,) = (signal for signal in about_complainant(first, at=MONDAY_NOON) if signal.key == "same_text")
    assert len(alike.cases) == 2
