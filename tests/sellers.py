"""Sellers about whom several people complained, their cases brought to an end by the real actions."""

from datetime import datetime, timedelta

from complaints.actions.decision import accept_complaint
from complaints.actions.filing import StepAnswers, Wanted, file_complaint, save_step, start_draft
from complaints.models import Complaint
from disputes.actions.negotiation import accept_offer, contest, make_offer
from disputes.actions.opening import enter_by_link, make_link, note_invitation, open_dispute
from disputes.actions.outcome import close_dispute
from disputes.actions.performance import confirm_performance, report_performance
from disputes.actions.settlement import sign_settlement, take_effect
from disputes.models import Dispute
from disputes.rules.terms import Terms
from merchants.actions.claiming import begin_claim
from merchants.actions.ownership import end_cooling
from merchants.models import Merchant
from merchants.states import HandleType
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM, visitor
from microguard.core.clock import CHINA
from tests.cases import STORY, a_picture, a_seller
from tests.clock import A_DAY
from tests.people import CHEN_PHONE, Office, chen

OCTOBER_12 = datetime(2026, 10, 12, 10, 0, tzinfo=CHINA)
SHOES = (HandleType.WECHAT_ID, "shoes_2026")


def a_complaint(
    office: Office,
    *,
    buyer: int = 1,
    mention: tuple[str, str] = SHOES,
    merchant: Merchant | None = None,
    at: datetime = OCTOBER_12,
    **columns: object,
) -> Complaint:
    """The complaint of buyer number so-and-so about whoever carries the handle, accepted by Li."""
    phone = f"1380000{buyer:04}"
    draft = start_draft(language="zh-hans", at=at)
    answers = {
        "item": "运动鞋",
        "amount_fen": 12_800,
        "paid_date": at.date() - timedelta(days=3),
        "paid_by": "WECHAT_TRANSFER",
        "problem": "DEFECT",
        "story": STORY,
        "complainant_name": "买家",
        "phone": phone,
        "phone_hash": phone_hash(phone),
        "division": "440300",
        **columns,
    }
    save_step(
        draft_key=draft.draft_key,
        answers=StepAnswers(columns=answers, mentions=[mention], claims=[Wanted("REFUND", 12_800)]),
    )
    file_complaint(
        draft_key=draft.draft_key,
        key=str(draft.draft_key),
        consents=frozenset(),
        other_purchase=True,
        by=visitor(phone_hash(phone)),
        at=at,
    )
    accept_complaint(complaint_id=draft.pk, merchant_id=merchant.pk if merchant else None, by=office.li, at=at)
    return Complaint.by_pk(draft.pk)


def an_answered_case(office: Office, *, days: int = 1, at: datetime = OCTOBER_12, **told: object) -> Dispute:
    """A complaint to which Chen, the seller, answered so many days after the invitation."""
    complaint = a_complaint(office, at=at, **told)
    dispute = open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=at)
    token = make_link(dispute_id=dispute.pk, by=office.li, at=at)
    note_invitation(dispute_id=dispute.pk, by=office.li, at=at)
    enter_by_link(token=token, phone=CHEN_PHONE, phone_hash=phone_hash(CHEN_PHONE), language="zh-hans", at=at)
    return contest(
        dispute_id=dispute.pk, reason="鞋子发出时是好的，有视频为证。", by=chen(), at=at + timedelta(days=days)
    )


def a_closed_case(
    office: Office, *, outcome: str = "CONFIRMED_SOLVED", days: int = 9, at: datetime = OCTOBER_12, **told: object
) -> Dispute:
    """A complaint that Chen answered and that Li closed so many days after it was filed."""
    dispute = an_answered_case(office, at=at, **told)
    return close_dispute(
        dispute_id=dispute.pk, outcome=outcome, note="电话里说好了", by=office.li, at=at + timedelta(days=days)
    )


def closed_cases(office: Office, people: int, **told: object) -> Merchant:
    """So many people's closed cases about one seller."""
    merchant = told.pop("merchant", None)
    for buyer in range(1, people + 1):
        dispute = a_closed_case(office, buyer=buyer, merchant=merchant, **told)
        merchant = dispute.complaint.merchant
    return merchant


def an_agreement(office: Office, *, buyer: int = 1, merchant: Merchant | None = None) -> Dispute:
    """Chen offered half within seven days, the buyer accepted, both signed and it is in force."""
    dispute = an_answered_case(office, buyer=buyer, merchant=merchant)
    at, buyer_of = OCTOBER_12 + 2 * A_DAY, visitor(phone_hash(f"1380000{buyer:04}"))
    offer = make_offer(dispute_id=dispute.pk, terms=Terms(6_400, 7), by=chen(), at=at)
    accept_offer(dispute_id=dispute.pk, offer_id=offer.pk, by=buyer_of, at=at)
    digest = Dispute.by_pk(dispute.pk).settlements.get().digest
    sign_settlement(dispute_id=dispute.pk, digest=digest, name="买家", by=buyer_of, at=at)
    sign_settlement(dispute_id=dispute.pk, digest=digest, name="陈四", by=chen(), at=at)
    dispute = Dispute.objects.lock(pk=dispute.pk)
    take_effect(dispute, at=at + 2 * A_DAY)
    return Dispute.by_pk(dispute.pk)


def paid(dispute: Dispute, buyer: int, *, on: datetime) -> None:
    report_performance(dispute_id=dispute.pk, proof=a_picture(shade=buyer), by=chen(), at=on)
    confirm_performance(dispute_id=dispute.pk, by=visitor(phone_hash(f"1380000{buyer:04}")), at=on)


def an_owned_shop(*handles: tuple[str, str], at: datetime = OCTOBER_12) -> Merchant:
    """A shop known by Chen's phone and perhaps more, which Chen owns since the end of the cooling period."""
    shop = a_seller(("phone", CHEN_PHONE), *handles)
    claim = begin_claim(merchant_id=shop.pk, proof="PHONE", phone=CHEN_PHONE, language="zh-hans", by=chen(), at=at)
    end_cooling(claim_id=claim.pk, at=at + timedelta(days=8))
    shop.refresh_from_db()
    return shop
