"""One case on one page, as the office may see it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.models import Claim, Complaint, Evidence, SellerMention
from complaints.selectors import evidence_of, is_seller_named_by_buyer, promises_in, set_apart_now
from complaints.states import Side
from complaints.views.summary import claim_value
from disputes.models import Dispute
from disputes.selectors.cases import CaseFile, offers_of, reconsideration, settlement_in_force
from disputes.selectors.promises import answers_awaited
from disputes.selectors.timeline import entries_of
from disputes.selectors.turns import next_action
from merchants.selectors import sellers_of
from merchants.selectors.proposing import candidates
from merchants.states import HandleType
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core import masking
from microguard.core.clock import day_of
from microguard.core.errors import NotFound
from microguard.core.money import yuan
from microguard.core.templatetags.mg import calendar_day, moment
from microguard.dashboard.clocks import clock_lines
from microguard.dashboard.competence import competent_regulator
from microguard.dashboard.deeds import possible_deeds
from microguard.dashboard.legal import law_panel
from microguard.dashboard.promises import proposed_breaches
from microguard.dashboard.signals import signals_of_case
from microguard.dashboard.situation import situation_of
from microguard.dashboard.tracing import tracing_panel
from microguard.notifications.selectors import undelivered

MESSAGES_SHOWN = 50
Fact = dict[str, str]


def case_at_desk(complaint_id: int, actor: Actor) -> CaseFile:
    """Return the case with this key for a reader of the office.

    :raises NotFound: when there is none, and just so when it is not the reader's
    """
    related = ("officer", "merchant", "dispute")
    complaint: Complaint | None = (
        Complaint.objects.filed().filter(pk=complaint_id).select_related(*related).first()
    )
    if complaint is None or not policies.can(actor, "complaint.read", complaint):
        raise NotFound("not found")
    dispute: Dispute | None = getattr(complaint, "dispute", None)
    if dispute is not None:
        dispute.complaint = complaint
    return CaseFile(complaint, dispute, Side.OFFICE)


@dataclass(frozen=True)
class Mention:
    """One handle by which the buyer names the seller."""

    kind: str
    value: str


def workbench(
    case: CaseFile, actor: Actor, *, at: datetime, revealed: bool = False, token: str = ""
) -> dict[str, Any]:
    """Return the variables of the case's page.

    `revealed` shows the phone numbers (the caller has recorded it); `token` a seller's link made just now.
    """
    situation = situation_of(case, actor)
    deeds = sorted(possible_deeds(situation), key=lambda deed: bool(token) and deed.slug == "link")
    complaint, dispute = case.complaint, case.dispute
    promised = promises_in(complaint)
    claims, files = list(complaint.claims.order_by("pk")), list(evidence_of(complaint))
    mentions = list(complaint.mentions.order_by("pk"))
    return {
        "complaint": complaint,
        "dispute": dispute,
        "turn": next_action(case),
        "now": at,
        "deeds": [
            {
                "slug": deed.slug,
                "label": deed.label,
                "kind": deed.kind,
                "asks": deed.form is not None,
                "url": reverse("admin:complaints_complaint_deed", args=[complaint.pk, deed.slug]),
            }
            for deed in deeds
        ],
        "proposed": proposed_breaches(case, promised, on=day_of(at)) if situation.may("breach.note") else [],
        "awaited": answers_awaited(dispute, promised) if dispute else [],
        "opens_soon": complaint.state == "ACCEPTED" and dispute is None,
        "facts": _facts(complaint, claims),
        "law": law_panel(complaint, claims, files, promised, actor, on=day_of(at)),
        "parties": _parties(case, actor, revealed),
        "revealed": revealed,
        "may_reveal": policies.can(actor, "complaint.see_identity", complaint),
        "mediator": situation.assignment,
        "mentions": _mentions(mentions, revealed),
        "profiles": _profiles(complaint, mentions),
        "chosen_by_buyer": complaint.merchant if is_seller_named_by_buyer(complaint) else None,
        "tracing": tracing_panel(complaint, revealed=revealed),
        "competent": competent_regulator(complaint),
        "apart": set_apart_now(complaint),
        "signals": signals_of_case(complaint, at=at),
        "clocks": clock_lines(complaint, at),
        "files": _files(complaint, files),
        "entries": entries_of(case),
        "invitation": _invitation(case, token) if token else "",
        "undelivered": list(undelivered(complaint.chain)) if policies.can(actor, "dispatch.read") else [],
        **(_talks(dispute) if dispute else {}),
    }


def _fact(label: str, value: object) -> Fact:
    return {"label": label, "value": str(value)}


def _facts(complaint: Complaint, claims: list[Claim]) -> list[Fact]:
    about = _(" (about)") if complaint.paid_date_about else ""
    facts = [
        _fact(_("Goods"), complaint.item),
        _fact(_("Paid"), f"{yuan(complaint.amount_fen or 0)} · {complaint.get_paid_by_display()}"),
        _fact(_("Paid on"), f"{calendar_day(complaint.paid_date)}{about}"),
        _fact(_("Problem"), complaint.get_problem_display()),
        *(_fact(claim.get_kind_display(), claim_value(claim)) for claim in claims),
        _fact(_("Deal made in"), complaint.get_channel_display() if complaint.channel else "—"),
        _fact(_("Knows the seller as"), complaint.get_relationship_display() if complaint.relationship else "—"),
        _fact(_("Order number"), complaint.order_number or "—"),
        _fact(_("Source"), complaint.get_source_display()),
        _fact(_("Filed on"), moment(complaint.filed_at)),
    ]
    return [fact for fact in facts if fact["value"] != "—"]


def _parties(case: CaseFile, actor: Actor, revealed: bool) -> list[Fact]:
    complaint, dispute = case.complaint, case.dispute
    shown = (lambda number: number) if revealed else masking.phone
    facts = [
        _fact(_("Buyer"), complaint.complainant_name),
        _fact(_("Buyer's phone"), shown(complaint.phone)),
        _fact(_("Place"), complaint.place),
    ]
    if dispute is not None:
        nameless = (
            _("came in by the link") if dispute.respondent_phone_hash else _("has not come in by the link yet")
        )
        facts.append(_fact(_("Seller"), dispute.respondent_name or nameless))
        if dispute.respondent_phone:
            facts.append(_fact(_("Seller's phone"), shown(dispute.respondent_phone)))
    if complaint.officer:
        facts.append(_fact(_("Officer"), complaint.officer))
    if complaint.minimum_yuan and policies.can(actor, "complaint.see_minimum", dispute or complaint):
        facts.append(_fact(_("Least the buyer would take (never tell)"), f"¥{complaint.minimum_yuan}"))
    return facts


def _mentions(mentions: list[SellerMention], revealed: bool) -> list[Mention]:
    return [
        Mention(
            str(mention.get_type_display()),
            masking.phone(mention.value) if mention.type == HandleType.PHONE and not revealed else mention.value,
        )
        for mention in mentions
    ]


def _profiles(complaint: Complaint, mentions: list[SellerMention]) -> list[dict[str, Any]]:
    """Return whom the registry proposes by the handles, with reasons and how many complaints name each."""
    found = candidates([(mention.type, mention.value) for mention in mentions])
    agreed = None if is_seller_named_by_buyer(complaint) else complaint.merchant_id
    chosen = agreed and sellers_of([agreed])[agreed]
    whole = sellers_of([each.merchant.pk for each in found])
    cases: Counter[int] = Counter()
    filed = Complaint.objects.filed().filter(merchant__in=whole)
    for merchant, number in filed.values_list("merchant").annotate(Count("pk")).order_by():
        cases[whole[merchant]] += number
    return [
        {
            "profile": each.merchant,
            "url": reverse("admin:merchants_merchant_change", args=[each.merchant.pk]),
            "handles": " · ".join(map(str, each.handles)),
            "cases": cases[each.merchant.pk],
            "is_chosen": each.merchant.pk == chosen,
            "proposed": each,
        }
        for each in found
    ]


def _files(complaint: Complaint, files: list[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{file.get_kind_display()} · {file.get_side_display()}",
            "url": reverse("disputes:evidence", args=[complaint.number, file.key]),
            "original_url": reverse("disputes:original", args=[complaint.number, file.key]),
            "is_picture": bool(file.view_sha256),
            "sha256": file.sha256,
            "added_at": file.added_at,
        }
        for file in files
    ]


def _talks(dispute: Dispute) -> dict[str, Any]:
    agreed = settlement_in_force(dispute)
    language = translation.get_language() or ""
    sentences = agreed.terms["sentences"] if agreed else {}
    messages = dispute.messages.select_related("author").order_by("-pk")[:MESSAGES_SHOWN]
    return {
        "offers": offers_of(dispute),
        "messages_in_room": list(messages)[::-1],
        "proposals": dispute.proposals.order_by("-pk"),
        "agreed": agreed,
        "sentences": sentences.get(language, sentences.get("zh-hans", [])),
        "obligations": agreed.obligations.all() if agreed else [],
        "reconsideration": reconsideration(dispute),
        "denials": [invitation.denial for invitation in dispute.invitations.exclude(denial="")],
    }


def _invitation(case: CaseFile, token: str) -> str:
    """Return the text to send to the seller, in the seller's language."""
    dispute, complaint = case.dispute, case.complaint
    assert dispute is not None
    with translation.override(dispute.respondent_language):
        return _(
            "{name} asks to settle a purchase of {amount} with you, free of charge and without a court. "
            "Answer here: {url} Check that this is real: {help}"
        ).format(
            name=masking.name(complaint.complainant_name),
            amount=yuan(complaint.amount_fen or 0),
            url=settings.BASE_URL + reverse("disputes:respond", args=[token]),
            help=settings.BASE_URL + reverse("help"),
        )
