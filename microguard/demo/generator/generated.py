"""Cases by the number: written in one COPY per table and batch, such as the real actions would have left them.

The same count, seed and instant give the same cases, but for keys, ciphertexts and links. All of it happened
before: nothing waits to be delivered or sent.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import transaction
from PIL import Image

from complaints.models import Complaint
from microguard.accounts.models import User
from microguard.accounts.roles import Role
from microguard.core.errors import Refusal
from microguard.core.files import Stored, receive
from microguard.core.machine import NotPossible
from microguard.core.references import HOW_MANY, numbered
from microguard.demo.generator import intake
from microguard.demo.generator.course import Books, Course, Staff
from microguard.demo.generator.ending import settle_at_once
from microguard.demo.generator.matters import matter, seller, seller_of
from microguard.demo.generator.routes import (
    ASK,
    ASKED_FIRST,
    COMMON,
    DECIDED_LATE,
    LATE,
    SCENES,
    UNSWEPT,
    Route,
    Scene,
)
from microguard.demo.generator.timing import Timing, midnight

BATCH = 500
MOST_SCENES = 100  # and one in a hundred beyond; the rest is left to itself
LEFT_UNSWEPT = 3
COMPLAINTS_A_SELLER = 4  # on average
STRIDE = 10_000_019  # a prime: numbers in a row would tell how many cases there are
GOLDEN = 0.618_033_988_749_895
PROOFS = 5
A_MINUTE = timedelta(minutes=1)


class NobodyToDecide(Refusal):
    """Cases need officers, who decided them."""

    code = "no_officer"


@dataclass(frozen=True)
class Seeded:
    """How many cases were written, about how many registered sellers."""

    cases: int
    sellers: int


@dataclass(frozen=True)
class Plan:
    """One case to come: its way, the step that is fixed in time, and what is said beforehand."""

    route: Route
    fixed: int
    fixed_at: datetime
    until: datetime
    words: dict[str, str]
    pay_days: int = 0


def seed_cases(
    *,
    count: int,
    seed: int,
    at: datetime,
    unswept: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Seeded:
    """Write so many cases of the fourteen months before `at`, and return what was written.

    A quarter (of many thousands fewer) is caught in each stage around `at`, with terms that lapsed, end today,
    soon and later. With `unswept`, a few sellers' terms ended at the last midnight and no sweep has passed yet.

    :raises NobodyToDecide: when there is no account of an officer
    """
    timing = Timing(at)
    books = Books(staff=_staff(), proofs=payment_proofs(), keys_at_a_time=min(count, BATCH))
    sellers = count // COMPLAINTS_A_SELLER + 1
    numbers = _numbers(seed)
    plans = _plans(count, seed, timing, unswept=unswept)
    waiting = 0
    for place, (plan, rng) in enumerate(plans, start=1):
        _live(books, plan, timing, number=next(numbers), rng=rng, seed=seed, sellers=sellers)
        waiting += 1
        if waiting == BATCH or place == count:
            with transaction.atomic():
                for sheet in books.sheets.values():
                    sheet.copy()
            waiting = 0
            progress(place)
    return Seeded(count, len(books.sellers))


def _staff() -> Staff:
    """Return who works here.  :raises NobodyToDecide:"""

    def those(role: Role) -> list[int]:
        active = User.objects.filter(memberships__role=role, is_active=True)
        return list(active.order_by("pk").values_list("pk", flat=True))

    staff = Staff(those(Role.OFFICER), those(Role.MEDIATOR))
    if not staff.officers:
        raise NobodyToDecide("There is no account of an officer, so nobody can have decided these cases.")
    return staff


def payment_proofs() -> list[Stored]:
    """Keep a few pictures of payments on disk, for all cases to name, and return what they are."""
    proofs = []
    for shade in range(PROOFS):
        picture = io.BytesIO()
        Image.new("RGB", (360, 640), (230, 240 - 8 * shade, 230)).save(picture, "PNG")
        size = picture.tell()
        upload = InMemoryUploadedFile(picture, None, "demo_payment.png", "image/png", size, None)
        proofs.append(receive(upload))
    return proofs


def _numbers(seed: int) -> Iterator[str]:
    """Yield case numbers that no case has, in an order that depends on the seed."""
    place = Random(f"numbers {seed}").randrange(HOW_MANY)  # noqa: S311 - no secret
    while True:
        fresh = []
        for _ in range(BATCH):
            place = (place + STRIDE) % HOW_MANY
            fresh.append(numbered(place))
        taken = set(Complaint.objects.filter(number__in=fresh).values_list("number", flat=True))
        yield from (number for number in fresh if number not in taken)


def _plans(count: int, seed: int, timing: Timing, *, unswept: bool) -> Iterator[tuple[Plan, Random]]:
    """Yield what is to happen in each case: first those left to themselves, oldest first, then the scenes."""
    caught = min(count // 4, MOST_SCENES + count // 100)
    for place in range(count):
        rng = Random((seed << 32) + place)  # noqa: S311 - the same town each time, no secret
        alone = count - caught
        if place < alone:
            share = (place + rng.random()) / alone
            yield _common(rng, timing, share, place * GOLDEN % 1), rng
        else:
            left = unswept and count - place <= LEFT_UNSWEPT
            yield _scene(rng, timing, UNSWEPT if left else SCENES[(place - alone) % len(SCENES)]), rng


def _common(rng: Random, timing: Timing, share: float, luck: float) -> Plan:
    """Return the way of a case that is left to itself; `luck` chooses it."""
    route, mark = COMMON[0][1], luck * sum(weight for weight, _route in COMMON)
    for weight, candidate in COMMON:
        route = candidate
        mark -= weight
        if mark < 0:
            break
    if route[1].verb is intake.accept:
        if rng.random() < DECIDED_LATE:
            route = (route[0], LATE, *route[2:])
        if rng.random() < ASKED_FIRST:
            route = (route[0], *ASK, *route[1:])
    return Plan(route, 0, timing.filed_at(rng, share), timing.at, {})


def _scene(rng: Random, timing: Timing, scene: Scene) -> Plan:
    """Return the way of a case that is caught in a stage."""
    fixed = scene.caught % len(scene.route)
    pay_days = 0
    if scene.rule == "settlement.performance":
        fixed_at = timing.at - timedelta(days=rng.uniform(2.2, 5))
        pay_days = (timing.payment_day(rng, scene.ends) - fixed_at.date()).days
    elif scene.rule:
        fixed_at = timing.caught_at(rng, scene.rule, scene.ends)
    else:
        fixed_at = timing.at - timedelta(days=rng.uniform(scene.least, scene.most))
    # What ended last is left to the first sweep; all before it was swept.
    until = timing.at if scene.swept else midnight(timing.today) - A_MINUTE
    return Plan(scene.route, fixed, fixed_at, until, scene.words, pay_days)


def _live(books: Books, plan: Plan, timing: Timing, *, number: str, rng: Random, seed: int, sellers: int) -> None:
    """Play one case and hand its rows to the books."""
    instants = _instants(plan, timing, rng)
    about = seller_of(rng, seed=seed, sellers=sellers)
    known = books.sellers.get(about.index)
    if known and plan.fixed and known.registered_at >= instants[0]:
        # Its time is fixed, so it cannot wait for the profile of this seller: it is about one of its own.
        about, known = seller(seed, sellers + len(books.sellers)), None
    told = matter(rng, about, filed_at=instants[0], new=known is None, **plan.words)
    case = Course(books, told, number=number, rng=rng)
    case.pay_days = plan.pay_days
    last = instants[0]
    for place, step in enumerate(plan.route):
        if place < len(instants):
            last = instants[place]
        else:
            days = rng.uniform(step.least, step.most)
            last = timing.moved(rng, last, days=days, by_office=step.by_office)
        if step.verb in {intake.accept, settle_at_once} and known:
            last = max(last, known.registered_at + A_MINUTE)
        if last > plan.until:
            break
        case.pass_time(last)
        try:
            step.verb(case, last)
        except NotPossible:
            break  # a term has ended meanwhile and the case went another way
    case.pass_time(plan.until)
    case.close_books()


def _instants(plan: Plan, timing: Timing, rng: Random) -> list[datetime]:
    """Return when the steps up to the fixed one are done, reckoned back from it."""
    instants = [plan.fixed_at]
    for place in range(plan.fixed, 0, -1):
        step, before = plan.route[place], plan.route[place - 1]
        days = -rng.uniform(step.least, step.most)
        instants.append(timing.moved(rng, instants[-1], days=days, by_office=before.by_office))
    return instants[::-1]
