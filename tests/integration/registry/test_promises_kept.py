"""How often a seller kept what it promised to every buyer: a figure of its public record, worked out by hand."""

from datetime import date, datetime
from itertools import product

import pytest
from django.utils import translation

from complaints.actions.breaches import note_breach, withdraw_breach
from complaints.models import Breach, Complaint
from complaints.selectors import promises_in, under_promise
from disputes.actions.outcome import withdraw_dispute
from merchants.actions.commitments import end_commitment, make_commitment
from merchants.models import Commitment, Merchant
from merchants.selectors import profiles_of
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import visitor
from microguard.statistics.figures import Share
from microguard.statistics.periods import last_twelve_months
from microguard.statistics.sellers.publication import lines_of
from microguard.statistics.sellers.standing import Standing, standing_of
from tests.clock import A_DAY, MONDAY_NOON
from tests.people import Office, chen
from tests.sellers import OCTOBER_12, a_closed_case, a_complaint, an_answered_case, an_owned_shop, closed_cases

OWNED_AT = OCTOBER_12 + 8 * A_DAY
OCTOBER_20, NOVEMBER_9, NOVEMBER_10 = date(2026, 10, 20), date(2026, 11, 9), date(2026, 11, 10)
NOVEMBER_12 = datetime.combine(date(2026, 11, 12), OCTOBER_12.timetz())
WHY = "鉴定为假货，卖家只肯退一倍。"


@pytest.fixture
def shop(office: Office) -> Merchant:
    """Chen's shop, which promised ten times the price for fakes, for deals from 20 October until 9 November."""
    shop = an_owned_shop()
    promise = make_commitment(merchant_id=shop.pk, kind="MULTIPLE_IF_FAKE", value=10, by=chen(), at=OWNED_AT)
    end_commitment(commitment_id=promise.pk, until_date=NOVEMBER_10, by=chen(), at=OWNED_AT)
    return shop


def record(merchant: Merchant) -> Standing:
    return standing_of(profiles_of(merchant.pk), last_twelve_months(MONDAY_NOON.date()), at=MONDAY_NOON)


def closed(office: Office, shop: Merchant, paid: date, *, buyer: int = 1, is_about: bool = False) -> Complaint:
    told = {"paid_date": paid, "paid_date_about": is_about}
    return a_closed_case(office, buyer=buyer, merchant=shop, at=NOVEMBER_12, **told).complaint


def broken(complaint: Complaint, shop: Merchant, office: Office) -> Breach:
    promise = Commitment.objects.get(merchant=shop)
    told = {"commitment_id": promise.pk, "reason": WHY}
    return note_breach(complaint_id=complaint.pk, **told, by=office.li, at=MONDAY_NOON)


def test_kept_is_where_no_breach_stands_of_a_promise_for_the_deal(office: Office, shop: Merchant) -> None:
    closed(office, shop, OCTOBER_20)
    broken(closed(office, shop, NOVEMBER_9, buyer=2), shop, office)
    taken_back = broken(closed(office, shop, NOVEMBER_9, buyer=3), shop, office)
    withdraw_breach(breach_id=taken_back.pk, by=office.li, at=MONDAY_NOON)

    assert record(shop).promises_kept == Share(2, 3)


def test_a_deal_without_a_promise_and_a_case_that_is_not_counted_say_nothing(
    office: Office, shop: Merchant
) -> None:
    closed(office, shop, OCTOBER_20 - A_DAY)
    closed(office, shop, NOVEMBER_10, buyer=2)
    closed(office, shop, date(2026, 11, 1), buyer=3, is_about=True)  # the promise ended in November
    told = {"merchant": shop, "at": NOVEMBER_12, "paid_date": NOVEMBER_9}
    broken(an_answered_case(office, buyer=4, **told).complaint, shop, office)  # open
    taken_back = an_answered_case(office, buyer=5, **told)
    broken(taken_back.complaint, shop, office)
    buyer = visitor(phone_hash("13800000005"))
    withdraw_dispute(dispute_id=taken_back.pk, solved=False, recovered_fen=None, by=buyer, at=MONDAY_NOON)

    found = record(shop)

    assert (found.promises_kept, found.closings.closed, found.withdrawn) == (Share(0, 0), 3, 1)


def test_a_breach_from_before_the_case_was_linked_here_is_another_seller_s(office: Office, shop: Merchant) -> None:
    complaint = closed(office, shop, NOVEMBER_9)
    broken(complaint, shop, office)
    other = Merchant.objects.create(registered_at=OCTOBER_12, registered_by="user:1")
    promise = Commitment.objects.get(merchant=shop)
    Commitment.objects.create(
        merchant=other, kind="ACCEPTS_MEDIATION", from_date=promise.from_date, made_at=OWNED_AT, made_by="user:1"
    )
    Complaint.objects.filter(pk=complaint.pk).update(merchant=other)

    assert (record(shop).promises_kept, record(other).promises_kept) == (Share(0, 0), Share(1, 1))


DAYS = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 30), date(2026, 12, 1)]


def test_of_many_deals_what_bound_them_is_what_bound_each(office: Office) -> None:
    shop = Merchant.objects.create(registered_at=OCTOBER_12, registered_by="user:1")
    complaint = a_complaint(office, merchant=shop)
    promise = Commitment.objects.create(
        merchant=shop, kind="ACCEPTS_MEDIATION", from_date=DAYS[0], made_at=OWNED_AT, made_by="user:1"
    )

    for since, until, paid, is_about in product(DAYS, [*DAYS, None], DAYS, [False, True]):
        if until is not None and until < since:
            continue
        ended = {"ended_at": MONDAY_NOON, "ended_by": "user:1"} if until else {"ended_at": None, "ended_by": ""}
        Commitment.objects.filter(pk=promise.pk).update(from_date=since, until_date=until, **ended)
        complaint.paid_date, complaint.paid_date_about = paid, is_about
        complaint.save(update_fields=["paid_date", "paid_date_about"])

        assert under_promise([shop.pk]).exists() == bool(promises_in(complaint)), (since, until, paid, is_about)


def test_a_rate_from_five_cases_on_and_apart_from_agreements(office: Office, shop: Merchant) -> None:
    told = {"merchant": shop, "at": NOVEMBER_12, "paid_date": NOVEMBER_9}
    closed_cases(office, 4, **told)
    with translation.override("en"):
        four = {line.key: line for line in lines_of(record(shop))}["promises"]
    broken(closed(office, shop, NOVEMBER_9, buyer=5), shop, office)

    with translation.override("en"):
        five = {line.key: line for line in lines_of(record(shop))}
    line, agreements = five["promises"], five["kept"]
    assert (four.value, four.detail) == ("4/4", "too few for a rate")
    assert (line.label, line.value, line.detail) == ("Public promises kept", "80%", "4/5")
    assert (agreements.label, agreements.value) == ("Agreements kept", "–")
