"""What a seller had promised when the deal was made: read by the rules of law, shown to both parties and the desk."""

from datetime import date, datetime, timedelta

import pytest

from complaints.actions.breaches import NotABreach, note_breach, withdraw_breach
from complaints.actions.linking import link_complaint
from complaints.actions.standing import reassess_next
from complaints.models import Breach, Complaint, LegalBasis
from complaints.rules.law_facts import facts_of
from complaints.selectors import law_facts, promises_for, promises_in
from merchants.actions.commitments import end_commitment, make_commitment
from merchants.actions.linking import merge_profiles, unmerge_profile
from merchants.models import Commitment, Merchant
from microguard.accounts.policies import NotAllowed
from microguard.events.models import Event
from tests.clock import MONDAY_MORNING
from tests.people import CHEN_PHONE, Office, chen
from tests.sellers import OCTOBER_12, a_complaint, an_answered_case, an_owned_shop
from tests.visitors import a_browser, at_desk

OWNED_AT = OCTOBER_12 + timedelta(days=8)  # the end of the cooling period: 20 October
PAID = date(2026, 10, 26)


@pytest.fixture
def shop(office: Office) -> Merchant:
    return an_owned_shop(("wechat_id", "shoes_2026"))


def promised(shop: Merchant, value: int = 10, at: datetime = OWNED_AT) -> Commitment:
    return make_commitment(merchant_id=shop.pk, kind="MULTIPLE_IF_FAKE", value=value, by=chen(), at=at)


def a_fake(office: Office, shop: Merchant, **columns: object) -> Complaint:
    told = {"problem": "COUNTERFEIT", "paid_date": PAID, **columns}
    return a_complaint(office, merchant=shop, at=MONDAY_MORNING, **told)


def multiple(complaint: Complaint) -> float | None:
    complaint.refresh_from_db()
    return law_facts(complaint, on=MONDAY_MORNING.date()).promised_multiple


def test_the_promise_of_the_day_of_payment_is_a_fact_and_proven(office: Office, shop: Merchant) -> None:
    promised(shop)

    facts = law_facts(a_fake(office, shop), on=MONDAY_MORNING.date())

    assert (facts.promised_multiple, "promise" in facts.evidence) == (10, True)


def test_a_promise_that_ended_before_the_deal_or_was_made_after_does_not_bind(
    office: Office, shop: Merchant
) -> None:
    ended = promised(shop)
    end_commitment(commitment_id=ended.pk, until_date=PAID, by=chen(), at=OWNED_AT)
    promised(shop, 3, at=MONDAY_MORNING)

    after, before = a_fake(office, shop), a_fake(office, shop, paid_date=PAID - timedelta(days=1))

    assert (multiple(after), multiple(before)) == (None, 10)


def test_a_promise_for_fakes_says_nothing_of_another_problem(office: Office, shop: Merchant) -> None:
    promised(shop)

    complaint = a_fake(office, shop, problem="DEFECT")

    assert multiple(complaint) is None
    assert [each.value for each in promises_in(complaint)] == [10]  # shown all the same


@pytest.mark.parametrize(("told", "read"), [(None, 10), (3, 10), (20, 20)])
def test_the_larger_of_what_was_promised_and_told_is_read(told: int | None, read: int) -> None:
    facts = facts_of(
        problem="COUNTERFEIT",
        paid_by="WECHAT_TRANSFER",
        channel="",
        amount_fen=12_800,
        told={"promised_multiple": told} if told else {},
        multiple_if_fake=10,
    )

    assert facts.promised_multiple == read


def test_of_a_month_the_promise_must_bind_on_every_day(office: Office, shop: Merchant) -> None:
    promised(shop)  # on 20 October

    october = a_fake(office, shop, paid_date_about=True)
    november = a_fake(office, shop, paid_date=date(2026, 11, 1), paid_date_about=True)

    assert (multiple(october), multiple(november)) == (None, 10)


def test_promises_of_merged_profiles_bind_and_unmerging_restores(office: Office, shop: Merchant) -> None:
    promised(shop)
    complaint = a_complaint(
        office, mention=("wechat_id", "another_1"), at=MONDAY_MORNING, problem="COUNTERFEIT", paid_date=PAID
    )
    merchant = complaint.merchant
    assert (merchant.pk != shop.pk, multiple(complaint)) == (True, None)

    reason = "收款码和寄件人都一样，买家确认是同一人。"
    merge_profiles(merchant_id=merchant.pk, into_id=shop.pk, reason=reason, by=office.li, at=MONDAY_MORNING)
    assert multiple(complaint) == 10

    unmerge_profile(merchant_id=merchant.pk, by=office.li, at=MONDAY_MORNING)
    assert multiple(complaint) is None


def test_reassessing_reads_the_promise_of_each_deal(office: Office, shop: Merchant) -> None:
    promised(shop)
    fake, defect = a_fake(office, shop), a_fake(office, shop, problem="DEFECT")

    by_case = promises_for([fake, defect])

    assert {key: [each.value for each in found] for key, found in by_case.items()} == {
        fake.pk: [10],
        defect.pk: [10],
    }
    assert reassess_next(after=0, at=MONDAY_MORNING, everything=True) == (defect.pk, 2)


def test_desk_and_parties_read_what_was_promised(office: Office, shop: Merchant) -> None:
    promised(shop)
    dispute = an_answered_case(office, merchant=shop, at=MONDAY_MORNING, paid_date=PAID)
    complaint, said = dispute.complaint, "Pays 10 times the price if the goods are fake."

    desk = at_desk(office.li_officer).get(f"/en/desk/complaints/complaint/{complaint.pk}/change/")
    sellers = a_browser(phone=CHEN_PHONE).get(f"/en/c/{complaint.number}/")

    assert (said in desk.text, said in sellers.text) == (True, True)


# --- not kept ---


def test_a_breach_is_noted_with_its_reason_read_by_both_and_taken_back(office: Office, shop: Merchant) -> None:
    commitment = promised(shop)
    dispute = an_answered_case(office, merchant=shop, at=MONDAY_MORNING, paid_date=PAID)
    complaint, reason = dispute.complaint, "鉴定为假货，卖家只肯退一倍。"
    desk, sellers = at_desk(office.li_officer), a_browser(phone=CHEN_PHONE)
    steps, page = f"/en/desk/complaints/complaint/{complaint.pk}/do/", f"/en/c/{complaint.number}/"

    short = desk.post(f"{steps}promise/", {"commitment_id": commitment.pk, "reason": "不行"})
    noted = desk.post(f"{steps}promise/", {"commitment_id": commitment.pk, "reason": reason})

    assert (short.status_code, noted.status_code, reason in sellers.get(page).text) == (422, 302, True)
    breach = Breach.objects.get()
    with pytest.raises(NotABreach):
        note_breach(
            complaint_id=complaint.pk, commitment_id=commitment.pk, reason=reason, by=office.li, at=MONDAY_MORNING
        )

    taken_back = desk.post(f"{steps}kept/", {"breach_id": breach.pk})

    assert (taken_back.status_code, reason in sellers.get(page).text) == (302, False)
    with pytest.raises(NotABreach):
        withdraw_breach(breach_id=breach.pk, by=office.li, at=MONDAY_MORNING)
    for chain in (complaint.chain, shop.chain):
        told = Event.objects.filter(chain=chain, name__startswith="breach.").order_by("number")
        assert list(told.values_list("name", flat=True)) == ["breach.noted", "breach.withdrawn"]
    assert reason not in str(list(Event.objects.values_list("facts", flat=True)))


def test_no_breach_of_what_was_not_promised_for_the_deal_and_only_by_the_office(
    office: Office, shop: Merchant
) -> None:
    complaint = a_fake(office, shop)
    later = promised(shop, at=MONDAY_MORNING)
    words = {"reason": "鉴定为假货，卖家只肯退一倍。", "at": MONDAY_MORNING}

    with pytest.raises(NotABreach):
        note_breach(complaint_id=complaint.pk, commitment_id=later.pk, by=office.li, **words)
    with pytest.raises(NotAllowed):
        note_breach(complaint_id=complaint.pk, commitment_id=later.pk, by=chen(), **words)

    assert not Breach.objects.exists()


def test_when_another_seller_is_linked_the_standing_is_derived_anew(office: Office, shop: Merchant) -> None:
    complaint = a_complaint(office, problem="COUNTERFEIT", paid_date=PAID, at=MONDAY_MORNING)
    LegalBasis.objects.all().delete()

    link_complaint(
        complaint_id=complaint.pk,
        merchant_id=shop.pk,
        reason="同一个收款码。就是这家店。",
        by=office.li,
        at=MONDAY_MORNING,
    )

    assert LegalBasis.objects.filter(complaint=complaint).exists()
