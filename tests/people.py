"""Named people: Zhang buys, Chen sells, Lin is somebody else; Li, Wang, Zhao and Sun work."""

from dataclasses import dataclass

from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import Actor, actor_of, visitor
from microguard.accounts.models import Membership, User
from microguard.accounts.roles import Role
from microguard.jurisdictions.models import Office as OutsideOffice

ZHANG_PHONE = "13800000001"
CHEN_PHONE = "13900000002"
LIN_PHONE = "13700000003"


def zhang() -> Actor:
    """The buyer, with her phone proven."""
    return visitor(phone_hash(ZHANG_PHONE))


def chen() -> Actor:
    """The seller, with his phone proven."""
    return visitor(phone_hash(CHEN_PHONE))


def lin() -> Actor:
    """Somebody with a proven phone and no part in the case."""
    return visitor(phone_hash(LIN_PHONE))


@dataclass(frozen=True)
class Office:
    """The accounts of the office and of the regulator of Shenzhen."""

    li_officer: User
    wang_mediator: User
    zhao_supervisor: User
    zhou_auditor: User
    chen_operator: User
    qian_security: User
    he_clerk: User
    sun_regulator: User
    wu_platform: User

    @property
    def li(self) -> Actor:
        return actor_of(self.li_officer)

    @property
    def wang(self) -> Actor:
        return actor_of(self.wang_mediator)

    @property
    def zhao(self) -> Actor:
        return actor_of(self.zhao_supervisor)

    @property
    def sun(self) -> Actor:
        return actor_of(self.sun_regulator)


def hire_office() -> Office:
    """Make the accounts, each with one role."""
    shenzhen = OutsideOffice.objects.create(kind="REGULATOR", name="深圳监管", division="440300")
    platform = OutsideOffice.objects.create(kind="PLATFORM", name="平台")
    people = {
        "li_officer": (Role.OFFICER, None),
        "wang_mediator": (Role.MEDIATOR, None),
        "zhao_supervisor": (Role.SUPERVISOR, None),
        "zhou_auditor": (Role.AUDITOR, None),
        "chen_operator": (Role.OPERATOR, None),
        "qian_security": (Role.SECURITY_ADMINISTRATOR, None),
        "he_clerk": (Role.INTAKE_CLERK, None),
        "sun_regulator": (Role.REGULATOR, shenzhen),
        "wu_platform": (Role.PLATFORM, platform),
    }
    hired = {}
    for username, (role, outside) in people.items():
        user = User.objects.create(
            username=username, name=username, email=f"{username}@office.invalid", landline="0755-1"
        )
        Membership.objects.create(user=user, role=role, office=outside)
        hired[username] = user
    return Office(**hired)
