"""The one place that says no: policy.yaml, read by views, desk, exports, notices and tests.

`actions` maps an action to the roles that may do it, each with the relation to the case it needs ("any":
none). `routes` maps every route and method to the action that opens it.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

import yaml
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from microguard.accounts.actors import Actor, Subject
from microguard.accounts.roles import PARTIES, Role
from microguard.core.errors import Refusal

PATH = Path(__file__).parent / "policy.yaml"
PUBLIC = "public"


class NotAllowed(Refusal):
    """The actor may not do this to this thing; from outside it looks as if the thing did not exist."""

    code = "not_allowed"

    def __init__(self, action: str) -> None:
        super().__init__(_("This is not yours to do."))
        self.action = action


@dataclass(frozen=True)
class Table:
    """The permission table as it was read."""

    actions: dict[str, dict[Role, str]]
    routes: dict[str, dict[str, str]]

    def action_for(self, route: str, method: str) -> str | None:
        """Return the action that opens the route by this method; None when the table has no row for it."""
        row = self.routes.get(route) or next(
            (row for pattern, row in self.routes.items() if "*" in pattern and fnmatchcase(route, pattern)),
            None,
        )
        return (row or {}).get("GET" if method in ("HEAD", "OPTIONS") else method)


@lru_cache(maxsize=1)
def table() -> Table:
    """Return the permission table.

    :raises ImproperlyConfigured: when a role or an action in it does not exist
    """
    raw = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    try:
        actions = {
            name: {Role(role): relation or "any" for role, relation in row.items()}
            for name, row in raw["actions"].items()
        }
    except ValueError as error:
        raise ImproperlyConfigured(f"policy.yaml: {error}") from error
    routes: dict[str, dict[str, str]] = {}
    for route, row in raw["routes"].items():
        methods = {"GET": row, "POST": row} if isinstance(row, str) else dict(row)
        unknown = set(methods.values()) - actions.keys() - {PUBLIC}
        if unknown:
            raise ImproperlyConfigured(f"policy.yaml: route {route} names unknown actions {sorted(unknown)}")
        routes[route] = methods
    return Table(actions, routes)


def can(actor: Actor, action: str, subject: Subject | None = None) -> bool:
    """Tell whether the actor may do this to this thing; without a thing: to any thing at all."""
    needed = table().actions[action]
    roles = actor.roles | (subject.roles_of(actor) if subject is not None else frozenset())
    for role in roles & needed.keys():
        relation = needed[role]
        if relation == "any" or subject is None or relation in subject.relations_of(actor):
            return True
    return False


def require(actor: Actor, action: str, subject: Subject | None = None) -> None:
    """Pass when the actor may do this.

    :raises NotAllowed: otherwise
    """
    if not can(actor, action, subject):
        raise NotAllowed(action)


def may_reach(actor: Actor, action: str) -> bool:
    """Tell whether a route that needs this action opens at all; the case itself is judged further inside.

    Parties have no account: a visitor passes to routes of parties, and the case answers 404 if not theirs.
    """
    if action == PUBLIC or can(actor, action):
        return True
    return Role.VISITOR in actor.roles and bool(PARTIES & table().actions[action].keys())
