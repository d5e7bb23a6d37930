"""Who plays in the town: buyers and sellers with made-up phones, and the office's people."""

from collections.abc import Iterator
from dataclasses import dataclass

from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import Actor, actor_of, visitor
from microguard.accounts.models import User
from microguard.demo.people import BUYER_PHONE, SELLER_PHONE

# A surname and a heavenly stem: the Chinese for John Doe, so that everybody sees that nobody is meant.
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True)
class Person:
    """A buyer or a seller: name, phone, and the actor of whoever has proven it."""

    name: str
    phone: str

    @property
    def phone_hash(self) -> str:
        """The keyed hash of the phone."""
        return phone_hash(self.phone)

    @property
    def actor(self) -> Actor:
        """The visitor who has proven this phone."""
        return visitor(self.phone_hash)


DEMO_BUYER = Person("张三", BUYER_PHONE)
DEMO_SELLER = Person("陈四", SELLER_PHONE)


def people(prefix: str, *, first: int) -> Iterator[Person]:
    """Return people from this number on, each with a name and a phone of its own; `prefix` has eight digits."""
    for number in range(first, len(SURNAMES) * len(STEMS)):
        name = SURNAMES[number % len(SURNAMES)] + STEMS[number // len(SURNAMES)]
        yield Person(name, f"{prefix}{number:03d}")


@dataclass(frozen=True)
class Office:
    """The people of the office who act in the town."""

    officer: Actor
    mediator: Actor


def office() -> Office:
    """Return the demo's officer, who is its intake clerk too, and its mediator."""
    hired = {name: actor_of(User.objects.get(username=f"demo_{name}")) for name in ("officer", "mediator")}
    return Office(**hired)
