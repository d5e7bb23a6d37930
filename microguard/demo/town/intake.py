"""A matter of the town comes in: the buyer files it, or the clerk enters what was told or sent."""

from datetime import datetime, timedelta

from complaints.actions.decision import accept_complaint
from complaints.actions.filing import StepAnswers, file_complaint, save_step, start_draft
from complaints.models import Complaint, SellerMention
from complaints.models.complaint import COMPLAINANT
from complaints.states import Source
from merchants.models import Handle
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.demo.town.cast import Person
from microguard.demo.town.entries import Matter
from microguard.demo.town.pictures import hand_in

TO_FILL_IN = timedelta(minutes=7)


def take_in(matter: Matter, buyer: Person, *, clerk: Actor, today: datetime, at: datetime) -> Complaint:
    """File a matter at this instant and return its complaint; `today` is the instant from which it counts days."""
    by_web = matter.source == Source.WEB
    draft = start_draft(language="zh-hans", source=matter.source, at=at - TO_FILL_IN)
    save_step(draft_key=draft.draft_key, answers=_answers(matter, buyer, today))
    for name in matter.pictures:
        hand_in(draft, name, by=COMPLAINANT if by_web else clerk, at=at - TO_FILL_IN / 2)
    file_complaint(
        draft_key=draft.draft_key,
        key=str(draft.draft_key),
        consents=matter.consents,
        other_purchase=True,
        by=buyer.actor if by_web else clerk,
        at=at,
    )
    return draft


def accept(complaint_id: int, *, officer: Actor, at: datetime) -> None:
    """Accept a complaint; its seller is the profile that carries the first handle it names, else a new one."""
    named = SellerMention.objects.filter(complaint=complaint_id).order_by("pk").first()
    known = Handle.objects.filter(type=named.type, value_hash=named.value_hash).first() if named else None
    accept_complaint(
        complaint_id=complaint_id, merchant_id=known.merchant_id if known else None, by=officer, at=at
    )


def _answers(matter: Matter, buyer: Person, today: datetime) -> StepAnswers:
    columns = {
        "item": matter.item,
        "amount_fen": matter.amount_fen,
        "paid_date": day_of(today - timedelta(days=matter.paid)),
        "paid_by": matter.paid_by,
        "channel": matter.channel,
        "relationship": matter.relationship,
        "problem": matter.problem,
        "story": matter.story,
        "complainant_name": buyer.name,
        "phone": buyer.phone,
        "phone_hash": buyer.phone_hash,
        "division": matter.division,
    }
    return StepAnswers(columns=columns, mentions=list(matter.mentions), claims=list(matter.claims))
