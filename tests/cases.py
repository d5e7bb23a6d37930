"""Cases brought to a known stage by the real actions, as their people would do it."""

import io
from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from complaints.actions.decision import accept_complaint
from complaints.actions.filing import StepAnswers, Wanted, file_complaint, save_step, start_draft
from complaints.models import Complaint
from disputes.actions.negotiation import accept_offer, contest, make_offer
from disputes.actions.opening import enter_by_link, make_link, note_invitation, open_dispute
from disputes.actions.settlement import sign_settlement
from disputes.models import Dispute
from disputes.rules.terms import Terms
from merchants.actions.registry import register_merchant
from merchants.models import Merchant
from merchants.states import HandleType
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM, Actor
from tests.clock import MONDAY_MORNING
from tests.people import CHEN_PHONE, ZHANG_PHONE, chen, zhang

STORY = "11月20日在微信上付了款，鞋子穿一天就开胶，卖家不理我。"


def a_draft(at: datetime = MONDAY_MORNING, **columns: object) -> Complaint:
    """Zhang's complete draft about a seller known by a WeChat ID, with a proven phone to come."""
    draft = start_draft(language="zh-hans", at=at)
    save_step(
        draft_key=draft.draft_key,
        answers=StepAnswers(
            columns={
                "item": "运动鞋",
                "amount_fen": 12_800,
                "paid_date": date(2026, 11, 20),
                "paid_by": "WECHAT_TRANSFER",
                "problem": "DEFECT",
                "story": STORY,
                "complainant_name": "张三",
                "phone": ZHANG_PHONE,
                "phone_hash": phone_hash(ZHANG_PHONE),
                "division": "440300",
                **columns,
            },
            mentions=[(HandleType.WECHAT_ID, "shoes_2026")],
            claims=[Wanted("REFUND", 12_800)],
        ),
    )
    return Complaint.by_pk(draft.pk)


def a_filed_complaint(at: datetime = MONDAY_MORNING, **columns: object) -> Complaint:
    """Zhang's complaint, filed."""
    draft = a_draft(at, **columns)
    file_complaint(
        draft_key=draft.draft_key,
        key=str(draft.draft_key),
        consents=frozenset({"SELLER", "REGULATOR"}),
        other_purchase=True,
        by=zhang(),
        at=at,
    )
    return Complaint.by_pk(draft.pk)


def an_open_dispute(*, officer: Actor, at: datetime = MONDAY_MORNING) -> Dispute:
    """Zhang's complaint, accepted by the officer, and its dispute."""
    complaint = a_filed_complaint(at)
    accept_complaint(complaint_id=complaint.pk, by=officer, at=at)
    return open_dispute(complaint_id=complaint.pk, by=SYSTEM, at=at)


def an_invited_dispute(*, officer: Actor, at: datetime = MONDAY_MORNING) -> Dispute:
    """A dispute whose seller, Chen, has come in by his link."""
    dispute = an_open_dispute(officer=officer, at=at)
    token = make_link(dispute_id=dispute.pk, by=officer, at=at)
    note_invitation(dispute_id=dispute.pk, by=officer, at=at)
    return enter_by_link(
        token=token, phone=CHEN_PHONE, phone_hash=phone_hash(CHEN_PHONE), language="zh-hans", at=at
    )


def an_answered_dispute(*, officer: Actor, at: datetime = MONDAY_MORNING) -> Dispute:
    """Chen disagrees: the two are negotiating."""
    dispute = an_invited_dispute(officer=officer, at=at)
    return contest(dispute_id=dispute.pk, reason="鞋子发出时是好的，有视频为证。", by=chen(), at=at)


def a_dispute_to_sign(*, officer: Actor, at: datetime = MONDAY_MORNING) -> Dispute:
    """Chen offered half, Zhang accepted: the agreement waits for both signatures."""
    dispute = an_invited_dispute(officer=officer, at=at)
    offer = make_offer(dispute_id=dispute.pk, terms=Terms(6_400, 7), by=chen(), at=at)
    return accept_offer(dispute_id=dispute.pk, offer_id=offer.pk, by=zhang(), at=at)


def a_signed_dispute(*, officer: Actor, at: datetime = MONDAY_MORNING) -> Dispute:
    """Both have signed; the buyer may still reconsider."""
    dispute = a_dispute_to_sign(officer=officer, at=at)
    digest = dispute.settlements.get().digest
    sign_settlement(dispute_id=dispute.pk, digest=digest, name="张三", by=zhang(), at=at)
    sign_settlement(dispute_id=dispute.pk, digest=digest, name="陈四", by=chen(), at=at)
    return Dispute.by_pk(dispute.pk)


def a_picture(
    name: str = "screenshot.png", *, size: tuple[int, int] = (320, 640), shade: int = 200
) -> SimpleUploadedFile:
    """A real PNG; another shade makes another file."""
    out = io.BytesIO()
    Image.new("RGB", size, (shade, shade, 255 - shade)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def a_seller(*mentions: tuple[str, str], at: datetime = MONDAY_MORNING, by: Actor = SYSTEM) -> Merchant:
    """A profile in the registry, of nobody's claim, with these handles."""
    return register_merchant(mentions=list(mentions), seen_in="case/0", by=by, at=at)
