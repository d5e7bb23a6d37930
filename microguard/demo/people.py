"""The people of the demo: fictitious, each with one role."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from microguard.accounts.roles import Role

BUYER_PHONE = "13800000001"
SELLER_PHONE = "13900000002"


@dataclass(frozen=True)
class Person:
    """One account of the demo."""

    username: str
    name: str
    roles: tuple[Role, ...]
    office: str = ""


PEOPLE = (
    Person("demo_officer", "李接待", (Role.OFFICER, Role.INTAKE_CLERK)),
    Person("demo_mediator", "王调解", (Role.MEDIATOR, Role.INTAKE_CLERK)),
    Person("demo_supervisor", "赵督办", (Role.SUPERVISOR, Role.OFFICER)),
    Person("demo_operator", "陈运维", (Role.OPERATOR,)),
    Person("demo_auditor", "周审计", (Role.AUDITOR,)),
    Person("demo_regulator", "孙监管", (Role.REGULATOR,), "深圳市市场监管（演示）"),
    Person("demo_platform", "吴平台", (Role.PLATFORM,), "社交平台（演示）"),
)


@dataclass(frozen=True)
class OutsideOffice:
    """A regulator or a platform of the demo, and how it wants to be told."""

    kind: str
    ways: tuple[tuple[str, str], ...]
    division: str = ""
    runs: tuple[str, ...] = ()


WECHAT = ("PRIVATE_CHAT", "MOMENTS", "GROUP", "MINI_PROGRAM", "WECHAT_SHOP")
OFFICES = {
    "深圳市市场监管（演示）": OutsideOffice(
        "REGULATOR", (("EMAIL", "regulator@demo.invalid"), ("INBOX", "")), division="440300"
    ),
    "社交平台（演示）": OutsideOffice(
        "PLATFORM", (("WEBHOOK", "{base_url}/demo/hook/"), ("INBOX", "")), runs=WECHAT
    ),
    # Its address leads into a private network: what is meant for it waits for the operator.
    "地址填错的直播平台（演示）": OutsideOffice(
        "PLATFORM", (("WEBHOOK", "https://10.255.255.1/hook"),), runs=("CHANNELS_LIVE",)
    ),
    "信件往来的平台（演示）": OutsideOffice(
        "PLATFORM", (("LETTER", "演示省演示市虚构路1号"),), runs=("OTHER_PLATFORM",)
    ),
}
# What the demo bar offers: buyer and seller by their phones, the others by account.
ROLES = (
    ("buyer", _("Be the buyer")),
    ("seller", _("Be the seller")),
    ("officer", _("Be the officer")),
    ("mediator", _("Be the mediator")),
    ("supervisor", _("Be the supervisor")),
    ("operator", _("Be the operator")),
    ("regulator", _("Be the regulator")),
    ("platform", _("Be the platform")),
)
