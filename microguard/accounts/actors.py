"""Who acts: one value for staff, outside offices, parties with a proven phone, and MicroGuard itself."""

from dataclasses import dataclass, field
from typing import Protocol

from microguard.accounts.models import User
from microguard.accounts.roles import Role
from microguard.jurisdictions.divisions import scope_of


@dataclass(frozen=True)
class Actor:
    """The one who acts: roles held everywhere, and what relations to a single case are derived from.

    `reference` goes into events and at/by columns: it names no person. `phone_hash` is the keyed hash of a
    phone number proven by a one-time code; `scope` the division prefix of a regulator.
    """

    reference: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    user_id: int | None = None
    phone_hash: str = ""
    scope: str = ""
    office_id: int | None = None


class Subject(Protocol):
    """A thing that knows who is who towards it."""

    def roles_of(self, actor: Actor) -> frozenset[Role]:
        """Return the party roles that the actor has towards this thing."""

    def relations_of(self, actor: Actor) -> frozenset[str]:
        """Return relations such as "assigned" or "consented" that the actor has to this thing."""


SYSTEM = Actor(reference="system", roles=frozenset({Role.SYSTEM}))


def visitor(phone_hash: str = "") -> Actor:
    """Return the actor of a reader without account; `phone_hash` when a phone was proven in this session."""
    reference = f"phone:{phone_hash[:16]}" if phone_hash else "visitor"
    return Actor(reference=reference, roles=frozenset({Role.VISITOR}), phone_hash=phone_hash)


def actor_of(user: User) -> Actor:
    """Return the actor of a person with an account; an inactive account has no role."""
    if not user.is_active:
        return Actor(reference=f"user:{user.pk}")
    memberships = list(user.memberships.select_related("office"))
    offices = [membership.office for membership in memberships if membership.office]
    regulator = next((office for office in offices if office.division), None)
    return Actor(
        reference=f"user:{user.pk}",
        roles=frozenset(Role(membership.role) for membership in memberships),
        user_id=user.pk,
        scope=scope_of(regulator.division) if regulator else "",
        office_id=offices[0].pk if offices else None,
    )
