"""Reading who supplies whom."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from merchants.models import AgentLink
from merchants.rules.agents import Terms, is_clue
from merchants.selectors import profiles_of

DEEPEST = 30  # levels that are followed
# From a profile to its agents (a level down) and to the other profiles of the same seller (the same level).
CHAIN = """
    WITH RECURSIVE chain AS (
        SELECT %s::bigint AS id, 0 AS level
        UNION
        SELECT next.id, chain.level + next.step FROM chain, LATERAL (
            SELECT agent_id AS id, 1 AS step FROM merchants_agentlink
             WHERE supplier_id = chain.id AND ended_at IS NULL
            UNION ALL SELECT merged_into_id, 0 FROM merchants_merchant
             WHERE id = chain.id AND merged_into_id IS NOT NULL
            UNION ALL SELECT id, 0 FROM merchants_merchant WHERE merged_into_id = chain.id
        ) AS next WHERE chain.level + next.step < %s
    )
    SELECT chain.id, max(level), bool_and(m.merged_into_id IS NULL) FROM chain, LATERAL (
        SELECT merged_into_id FROM merchants_merchant WHERE id = chain.id OFFSET 0
    ) AS m GROUP BY chain.id
"""


@dataclass(frozen=True)
class AgentChain:
    """A seller with the agents below it: `persons` and `levels` count the seller itself.

    `links` are those by which they hang together, `is_clue` says whether they are worth a regulator's look.
    """

    persons: int
    levels: int
    links: tuple[AgentLink, ...]
    is_clue: bool


def chain_below(merchant_id: int) -> AgentChain:
    """Return the seller of this profile with all agents below it, counted by one query."""
    levels = _levels_below(merchant_id)
    found = AgentLink.objects.filter(supplier__in=levels, ended_at__isnull=True)
    links = tuple(found.select_related("supplier", "agent").order_by("since_date", "pk"))
    deepest = 1 + max(level for level, _is_root in levels.values())
    terms = [Terms(link.joining_fee_fen, link.reward) for link in links]
    persons = sum(is_root for _level, is_root in levels.values())
    return AgentChain(persons, deepest, links, is_clue(deepest, terms))


def supplies(supplier_id: int, agent_id: int) -> bool:
    """Tell whether goods come from one seller to the other, directly or over others."""
    return agent_id in _levels_below(supplier_id) and agent_id not in profiles_of(supplier_id)


def suppliers_of(merchant_id: int) -> QuerySet[AgentLink]:
    """Return the links by which others supply this seller."""
    found: QuerySet[AgentLink] = AgentLink.objects.filter(
        agent__in=profiles_of(merchant_id), ended_at__isnull=True
    )
    return found.select_related("supplier", "agent").order_by("since_date", "pk")


def _levels_below(merchant_id: int) -> dict[int, tuple[int, bool]]:
    """Return each profile below with its deepest level, and whether it is the root of its seller."""
    with connection.cursor() as cursor:
        cursor.execute(CHAIN, [merchant_id, DEEPEST])
        return {key: (level, is_root) for key, level, is_root in cursor.fetchall()}
