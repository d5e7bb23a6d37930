"""Noting who supplies whom, as facts with the case that shows them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.models import AgentLink, Merchant
from merchants.selectors import profiles_of
from merchants.selectors.agents import supplies
from merchants.states import AgentReward
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.clock import day_of
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.core.reasons import in_words
from microguard.events import actions as events
from microguard.events.actions import Fact
from microguard.events.remarks import remark

AGENTS = "agents"  # the one lock under which chains of agents change, so that no circle can arise


class NotSupplied(Refusal):
    """These two sellers cannot be noted as supplier and agent, or their link cannot be ended."""

    code = "not_supplied"


@dataclass(frozen=True)
class AgentTerms:
    """Since when an agent is supplied, what it paid to join (fen, None when not known), and its reward."""

    since_date: date
    joining_fee_fen: int | None = None
    reward: str = AgentReward.UNKNOWN


@transaction.atomic
def note_agent_link(
    *, supplier_id: int, agent_id: int, terms: AgentTerms, seen_in: str, seen: str, by: Actor, at: datetime
) -> AgentLink:
    """Note that one seller supplies another: `seen_in` is the chain of the case that shows it, `seen` says what.

    :raises microguard.core.errors.NotFound: when there is no such profile
    :raises microguard.core.reasons.ReasonMissing: when it is not said what was seen
    :raises NotSupplied: for one seller, for a circle, for a day to come, or when it stands there already
    """
    supplier, agent = Merchant.by_pk(supplier_id), Merchant.by_pk(agent_id)
    _hold(supplier, agent)
    policies.require(by, "registry.link")
    words = in_words(seen)
    if agent.pk in profiles_of(supplier.pk):
        raise NotSupplied(_("These two are one seller."), code="one_seller")
    if supplies(agent.pk, supplier.pk):
        raise NotSupplied(_("The agent supplies this seller already: the chain would be a circle."), code="circle")
    if AgentLink.objects.filter(supplier=supplier, agent=agent, ended_at__isnull=True).exists():
        raise NotSupplied(_("It is noted already."), code="noted")
    if terms.since_date > day_of(at):
        raise NotSupplied(_("The day has not come yet."), code="to_come")
    if terms.reward not in AgentReward.values:
        raise NotSupplied(_("Choose what the agent is rewarded for."), code="reward")
    link: AgentLink = AgentLink.objects.create(
        supplier=supplier,
        agent=agent,
        since_date=terms.since_date,
        joining_fee_fen=terms.joining_fee_fen,
        reward=terms.reward,
        seen_in=seen_in,
        noted_at=at,
        noted_by=by.reference,
    )
    both = [
        Fact("agent.linked", each, merchant=supplier.pk, other=agent.pk, link=link.pk, seen_in=seen_in)
        for each in (supplier, agent)
    ]
    for event in events.record_all(both, by=by, at=at):
        remark(event, words)
    return link


@transaction.atomic
def end_agent_link(*, link_id: int, until_date: date, by: Actor, at: datetime) -> AgentLink:
    """Note that one seller no longer supplies the other, from this day on.

    :raises microguard.core.errors.NotFound: when there is no such link
    :raises NotSupplied: when it has ended already, or the day is before its beginning or still to come
    """
    link = AgentLink.by_pk(link_id)
    _hold(link.supplier, link.agent)
    policies.require(by, "registry.link")
    link.refresh_from_db()
    if link.ended_at is not None:
        raise NotSupplied(_("It has ended already."), code="ended")
    if not link.since_date <= until_date <= day_of(at):
        raise NotSupplied(_("Choose a day between the beginning and today."), code="day")
    link.until_date, link.ended_at, link.ended_by = until_date, at, by.reference
    link.save(update_fields=["until_date", "ended_at", "ended_by"])
    both = [
        Fact("agent.link_ended", each, merchant=link.supplier_id, other=link.agent_id, link=link.pk)
        for each in (link.supplier, link.agent)
    ]
    events.record_all(both, by=by, at=at)
    return link


def _hold(supplier: Merchant, agent: Merchant) -> None:
    hold(AGENTS, supplier.chain, agent.chain)
