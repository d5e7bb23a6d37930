"""One seller on one page, as the office may see it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from merchants.models import (
    Correction,
    Handle,
    HandleSighting,
    KeptApart,
    Merchant,
    SellerStatement,
    SharedHandle,
)
from merchants.selectors import profiles_of, sellers_of
from merchants.selectors.claiming import open_claims
from merchants.selectors.proposing import Proposed, candidates_of
from merchants.selectors.public_page import public_name
from merchants.states import StatementState
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.accounts.models import User
from microguard.dashboard.agents import agents_panel
from microguard.dashboard.own_identity import identity_panel
from microguard.events.models import Event

MOST_SHOWN = 50
# What was said of a seller, each with the other profile or case where it names one.
SENTENCES: dict[str, str | Promise] = {
    "merchant.registered": _("The profile was opened."),
    "merchant.merged": _("{merchant} was merged into {other}."),
    "merchant.unmerged": _("The merge of {merchant} into {other} was taken back."),
    "merchant.kept_apart": _("{merchant} and {other} are not the same seller, it was said."),
    "merchant.keep_apart_ended": _("It was taken back that {merchant} and {other} are not the same."),
    "complaint.seller_named": _("A buyer named {merchant} as the seller."),
    "complaint.linked": _("A complaint was linked to {merchant}."),
    "agent.linked": _("It was noted that {merchant} supplies {other}."),
    "agent.link_ended": _("It was noted that {merchant} no longer supplies {other}."),
    "identity.registration_stated": _("The seller stated its registration."),
    "identity.exemption_stated": _("The seller stated why it need not be registered."),
    "identity.licence_stated": _("The seller stated a licence."),
    "identity.turnover_stated": _("The seller stated a turnover."),
    "identity.licence_ended": _("The seller took a licence off that no longer counts."),
    "identity.change_told": _("The seller said that its registration or a licence has changed or ended."),
    "identity.change_taken_back": _("The seller took it back that its registration or a licence has changed."),
    "identity.update.lapsed": _("The time to update a registration or licence ran out."),
    "identity.statement_ended": _("What the seller stated of its registration was ended by us."),
    "identity.statement_restored": _("What we had ended of the seller's registration stands again."),
    "identity.objection_made": _("The seller objected to a statement about a registration."),
    "identity.objection_answered": _("The seller's objection about a registration was answered."),
    "identity.checked": _("It was checked who the seller is."),
    "identity.check_withdrawn": _("It was taken back that this was checked."),
    "handle.marked_shared": _("A handle was marked as used by several people."),
    "handle.unmarked_shared": _("The mark that several people use a handle was taken back."),
    "claim.begun": _("Somebody claimed to be {merchant}."),
    "claim.cooling_began": _("The proof of a claim was accepted. Others may object."),
    "claim.contested": _("Somebody objected to a claim."),
    "claim.granted": _("A claim was granted: {merchant} has an owner."),
    "claim.refused": _("A claim was refused."),
    "claim.withdrawn": _("A claim was taken back."),
    "profile.released": _("The owner gave {merchant} up."),
    "profile.name_published": _("The seller published its name."),
    "statement.published": _("A statement of the seller was published."),
    "statement.declined": _("A statement of the seller was not published."),
    "commitment.made": _("The seller promised something."),
    "commitment.ended": _("The seller ended a promise."),
    "breach.noted": _("It was noted that a promise was not kept."),
    "breach.withdrawn": _("It was taken back that a promise was not kept."),
    "correction.asked": _("Somebody objected to the public record."),
    "correction.answered": _("An objection to the public record was answered."),
}

# Who is no person of the office, by how facts name them.
PARTIES = {
    "owner": _("Seller"),
    "complainant": _("Buyer"),
    "claimant": _("Claimant"),
    "old_contact": _("Contact known before"),
    "phone:": _("Somebody with a proven phone"),
}


def seller_page(merchant: Merchant, actor: Actor) -> dict[str, Any]:
    """Return the variables of the seller's page; handles stay masked."""
    profiles = profiles_of(merchant.pk)
    root = Merchant.by_pk(profiles[0])
    return {
        "merchant": merchant,
        "root": root,
        "name": public_name(profiles),
        "waiting": _waiting(profiles, actor),
        "may_link": policies.can(actor, "registry.link"),
        "handles": _handles(profiles),
        "cases": _cases(profiles),
        "merged": _merged(profiles),
        "candidates": [_candidate(each) for each in candidates_of(root.pk)],
        "apart": _apart(profiles),
        **agents_panel(root),
        **identity_panel(profiles, actor),
        "entries": _history(profiles),
    }


def _waiting(profiles: Collection[int], actor: Actor) -> list[dict[str, Any]]:
    """Return what about the seller waits for a person, each with its place at the desk."""
    claims = open_claims(profiles) if policies.can(actor, "claim.decide") else ()
    rows: list[dict[str, Any]] = [
        {"what": each.get_state_display(), "url": reverse("ops:claim", args=[each.pk])} for each in claims
    ]
    if policies.can(actor, "statement.judge"):
        for statement in SellerStatement.objects.filter(merchant__in=profiles, state=StatementState.WAITING):
            url = reverse("admin:merchants_sellerstatement_change", args=[statement.pk])
            rows.append({"what": _("Statement to be read"), "url": url})
    if policies.can(actor, "correction.answer"):
        for correction in Correction.objects.filter(merchant__in=profiles, answered_at__isnull=True):
            url = reverse("admin:merchants_correction_change", args=[correction.pk])
            rows.append({"what": _("Objection to the public record"), "url": url})
    return rows


def _handles(profiles: Collection[int]) -> list[dict[str, Any]]:
    """Return each handle with where, when and by whom it was seen, and why several people use it."""
    handles = Handle.objects.filter(merchant__in=profiles).select_related("merchant").order_by("pk")[:MOST_SHOWN]
    sightings: dict[int, list[HandleSighting]] = defaultdict(list)
    for sighting in HandleSighting.objects.filter(handle__in=list(handles)).order_by("pk"):
        sightings[sighting.handle_id].append(sighting)
    every = [sighting for some in sightings.values() for sighting in some]
    who = names_of(sighting.seen_by for sighting in every)
    numbers = _numbers(every)
    marks = {
        mark.value_hash: mark
        for mark in SharedHandle.objects.filter(
            value_hash__in=[handle.value_hash for handle in handles], ended_at__isnull=True
        )
    }
    return [
        {
            "handle": handle,
            "mark": marks.get(handle.value_hash),
            "seen": [
                {
                    "case": numbers.get(sighting.seen_in),
                    "at": sighting.seen_at,
                    "who": who.get(sighting.seen_by, _("MicroGuard")),
                    "is_withdrawn": sighting.withdrawn_at is not None,
                }
                for sighting in sightings[handle.pk]
            ],
        }
        for handle in handles
    ]


def _numbers(sightings: Sequence[HandleSighting]) -> dict[str, Complaint]:
    """Return the case of each chain in which something was seen."""
    keys = [int(key) for each in sightings if (key := each.seen_in.partition("/")[2]).isdecimal()]
    return {case.chain: case for case in Complaint.objects.filter(pk__in=keys).only("pk", "number")}


def _cases(profiles: Collection[int]) -> list[Complaint]:
    found = Complaint.objects.filed().filter(merchant__in=profiles).select_related("dispute")
    return list(found.order_by("-filed_at", "-pk")[:MOST_SHOWN])


def _merged(profiles: Sequence[int]) -> list[Merchant]:
    """Return the profiles that point to another one of the seller."""
    found = Merchant.objects.filter(pk__in=profiles[1:]).select_related("merged_into").prefetch_related("handles")
    return list(found.order_by("pk"))


def _candidate(proposed: Proposed) -> dict[str, Any]:
    whole = sellers_of([proposed.merchant.pk])
    return {
        "proposed": proposed,
        "url": reverse("admin:merchants_merchant_change", args=[proposed.merchant.pk]),
        "handles": " · ".join(map(str, proposed.handles)),
        "cases": Complaint.objects.filed().filter(merchant__in=whole).count(),
    }


def _apart(profiles: Collection[int]) -> list[dict[str, Any]]:
    said = KeptApart.objects.filter(Q(first__in=profiles) | Q(second__in=profiles), ended_at__isnull=True)
    rows = list(said.select_related("first", "second").order_by("pk"))
    who = names_of(row.said_by for row in rows)
    return [
        {
            "said": row,
            "other": row.second if row.first_id in profiles else row.first,
            "who": who.get(row.said_by, ""),
        }
        for row in rows
    ]


def _history(profiles: Collection[int]) -> list[dict[str, Any]]:
    """Return what was said of the seller, newest first, each fact once."""
    chains = [f"merchant/{key}" for key in profiles]
    events = Event.objects.filter(chain__in=chains, name__in=SENTENCES).select_related("remark").order_by("-pk")
    who = {**PARTIES, **names_of(event.actor for event in events[:MOST_SHOWN])}
    entries, told = [], set()
    for event in events[:MOST_SHOWN]:
        same = (event.name, event.at, str(event.facts))
        if same in told and event.name != "merchant.registered":
            continue  # a fact that stands in the chains of both profiles
        told.add(same)
        entries.append(
            {
                "sentence": sentence_of(event),
                "who": who.get(event.actor.partition("phone:")[1] or event.actor, _("MicroGuard")),
                "at": event.at,
                "remark": getattr(event, "remark", None),
            }
        )
    return entries


def sentence_of(event: Event) -> str:
    """Return the fact in words."""
    own = event.chain.partition("/")[2]
    keys = {name: f"S-{event.facts.get(name) or own}" for name in ("merchant", "other")}
    return str(SENTENCES[event.name]).format(**keys)


def names_of(references: Any) -> dict[str, str]:
    """Return the names of the people of the office behind references such as "user:3"."""
    keys = {int(key) for each in references if each.startswith("user:") and (key := each[5:]).isdecimal()}
    return {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=keys)}
