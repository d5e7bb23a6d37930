"""A seller says who it is; an officer looks at what proves it. New facts end old ones, nothing is overwritten."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.actions.ownership import OWNER, NotOwner, held_seller
from merchants.models import IdentityChange, IdentityCheck, Licence, Merchant, Registration, Turnover
from merchants.rules.identity import FaultKind, compact, credit_code_fault, resident_id_fault
from merchants.selectors.claiming import owner_of
from merchants.selectors.identity import registration_of
from merchants.states import CHECKED_LEVELS, Exemption, IdentityLevel, LegalForm, LicenceKind
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core import normal_forms
from microguard.core.clock import CHINA, day_of
from microguard.core.encryption import keyed_hash
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.core.reasons import in_words
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

SHORTEST, LONGEST = 2, 80  # characters of a registered name, a holder, a shop; 4 to 40 of a number
SHORTEST_NUMBER, LONGEST_NUMBER = 4, 40
MOST_FEN = 1_000_000_000_000  # ten thousand million yuan; a larger turnover is a slip of the finger
YEARS_BACK = 5
YEARS_AHEAD = 30  # no licence is given for longer; a later last day is a slip of the finger


class OddFact(Refusal):
    """Something about the seller is not as it must be; `code` is the name of what it is."""

    code = "odd_fact"


class NothingToCheck(Refusal):
    """The seller has stated nothing that this proof could prove."""

    code = "nothing_to_check"


@dataclass(frozen=True)
class Registered:
    """A registration as the seller states it; `needs_licence`: it sells what by law needs a licence."""

    code: str
    name: str
    legal_form: str
    needs_licence: bool


@dataclass(frozen=True)
class Licensed:
    """A licence as the seller states it; `valid_until` is its last day, None where it names none."""

    kind: str
    number: str
    holder: str
    valid_until: date | None


@transaction.atomic
def state_registration(
    *, merchant_id: int, told: Registered, resident_id: str = "", by: Actor, at: datetime
) -> Registration:
    """State that the seller is registered, in place of what it stated before.

    `resident_id` is that of the responsible person; it is checked and not kept.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises OddFact: naming the first thing that is wrong; `code_taken` when another seller states this code now
    """
    merchant, profiles = own_seller(merchant_id, by)
    _check_code(told.code)
    name = _text(told.name, "registered_name", SHORTEST, LONGEST)
    if told.legal_form not in LegalForm.values:
        raise OddFact(_("Choose what the business is in law."), code="legal_form")
    if resident_id.strip():
        _check_person(resident_id, day_of(at))
    code = compact(told.code)
    code_hash = hold_code(code)
    if stated_elsewhere(code, profiles) is not None:
        raise OddFact(
            _(
                "Another profile states this credit code. If it is yours, tell us why under"
                " “This credit code is mine”: a person of the office looks at it."
            ),
            code="code_taken",
        )
    fact = _replace(
        Registration,
        merchant,
        profiles,
        at,
        code=code,
        code_hash=code_hash,
        name=name,
        legal_form=told.legal_form,
        needs_licence=told.needs_licence,
        has_checked_person=bool(resident_id.strip()),
    )
    events.record("identity.registration_stated", merchant, by=OWNER, at=at, registration=fact.pk)
    return fact


@transaction.atomic
def state_exemption(
    *, merchant_id: int, exemption: str, needs_licence: bool, resident_id: str, by: Actor, at: datetime
) -> Registration:
    """State why the seller need not be registered, in place of what it stated before.

    Whoever is exempt is a person: its ID number is checked and not kept.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises OddFact: naming the first thing that is wrong
    """
    merchant, profiles = own_seller(merchant_id, by)
    if exemption not in Exemption.values:
        raise OddFact(_("Choose why your shop need not be registered."), code="exemption")
    _check_person(resident_id, day_of(at))
    fact = _replace(
        Registration,
        merchant,
        profiles,
        at,
        exemption=exemption,
        needs_licence=needs_licence,
        has_checked_person=True,
    )
    events.record("identity.exemption_stated", merchant, by=OWNER, at=at, registration=fact.pk)
    return fact


@transaction.atomic
def state_licence(*, merchant_id: int, told: Licensed, by: Actor, at: datetime) -> Licence:
    """State a licence, in place of the same one as it was stated before.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises OddFact: naming the first thing that is wrong
    """
    merchant, profiles = own_seller(merchant_id, by)
    if told.kind not in LicenceKind.values:
        raise OddFact(_("Choose for what the licence is."), code="kind")
    number = _text(compact(told.number), "number", SHORTEST_NUMBER, LONGEST_NUMBER)
    holder = _text(told.holder, "holder", SHORTEST, LONGEST)
    today = day_of(at)
    if told.valid_until is not None and told.valid_until < today:
        raise OddFact(_("The licence has run out. State the one that holds now."), code="valid_until")
    if told.valid_until is not None and told.valid_until.year > today.year + YEARS_AHEAD:
        raise OddFact(
            _("Enter a day up to the year {last}; leave it empty if the paper names no last day."),
            code="valid_until",
            last=today.year + YEARS_AHEAD,
        )
    number_hash = keyed_hash("licence", number)
    # The new one takes the place of the same one as it was stated before, and of those that no longer hold.
    outdated = Q(valid_until__lt=today) | Q(changes__in=IdentityChange.objects.filter(ended_at__isnull=True))
    licence = _replace(
        Licence,
        merchant,
        profiles,
        at,
        Q(number_hash=number_hash) | outdated,
        kind=told.kind,
        number_hash=number_hash,
        licence_number=number,
        holder=holder,
        valid_until=told.valid_until,
    )
    await_end(licence)
    events.record("identity.licence_stated", merchant, by=OWNER, at=at, licence=licence.pk, kind=told.kind)
    return licence


@transaction.atomic
def state_turnover(
    *, merchant_id: int, year: int, shop: str, amount_fen: int, by: Actor, at: datetime
) -> Turnover:
    """State what one shop or account turned over in a calendar year, in place of an earlier word on it.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises OddFact: naming the first thing that is wrong
    """
    merchant, profiles = own_seller(merchant_id, by)
    last = day_of(at).year
    if not last - YEARS_BACK <= year <= last:
        raise OddFact(_("Enter a year from {first} to {last}."), code="year", first=last - YEARS_BACK, last=last)
    shop = _text(shop, "shop", SHORTEST, LONGEST)
    if not 0 <= amount_fen <= MOST_FEN:
        raise OddFact(_("Enter an amount in yuan, 0 or more."), code="amount_fen")
    shop_hash = keyed_hash("shop", normal_forms.handle(shop))
    turnover = _replace(
        Turnover,
        merchant,
        profiles,
        at,
        Q(year=year, shop_hash=shop_hash),
        year=year,
        shop_hash=shop_hash,
        shop=shop,
        amount_fen=amount_fen,
    )
    events.record("identity.turnover_stated", merchant, by=OWNER, at=at, turnover=turnover.pk)
    return turnover


@transaction.atomic
def check_identity(
    *, merchant_id: int, level: str, looked_at: str, looked_date: date, by: Actor, at: datetime
) -> IdentityCheck:
    """Say that one looked at something that proves the seller's current registration or exemption.

    `looked_at` says in words what it was, `looked_date` when.

    :raises microguard.core.errors.NotFound: when there is no such seller
    :raises microguard.core.reasons.ReasonMissing: when it is not said what was looked at
    :raises NothingToCheck: when nothing is stated, nobody owns it, or an exemption is to stand in a register
    :raises OddFact: for an unknown level or a day to come
    """
    merchant, profiles = held_seller(merchant_id)
    policies.require(by, "identity.check")
    words = in_words(looked_at)
    fact = registration_of(profiles)
    if fact is None or owner_of(profiles) is None:
        raise NothingToCheck(_("The seller has not yet said who it is: there is nothing to check."))
    if level not in CHECKED_LEVELS:
        raise OddFact(_("Choose what you have seen."), code="level")
    if level == IdentityLevel.REGISTER and fact.exemption:
        raise NothingToCheck(_("Who is exempt stands in no register. Choose that you have seen documents."))
    if not day_of(fact.stated_at) <= looked_date <= day_of(at):
        raise OddFact(_("Choose a day from the seller's statement until today."), code="looked_date")
    check: IdentityCheck = IdentityCheck.objects.create(
        registration=fact,
        level=level,
        looked_at=words,
        looked_date=looked_date,
        checked_at=at,
        checked_by=by.reference,
    )
    deadlines.meet("identity.check_again", fact.merchant, at=at)
    deadlines.start("identity.check_again", fact.merchant, at=at)
    events.record("identity.checked", merchant, by=by, at=at, check=check.pk, level=level)
    return check


def own_seller(merchant_id: int, by: Actor) -> tuple[Merchant, list[int]]:
    """Return the owned profile and all profiles of the seller, held; pass only for the owner.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    """
    merchant, profiles = held_seller(merchant_id)
    owner = owner_of(profiles)
    policies.require(by, "profile.keep", owner.merchant if owner else merchant)
    if owner is None:
        raise NotOwner(_("Nobody has claimed this profile."))
    return owner.merchant, profiles


def hold_code(code: str) -> str:
    """Hold the credit code, which two sellers could state at once, and return its hash."""
    code_hash = keyed_hash("credit_code", code)
    hold(f"credit_code/{code_hash}")
    return code_hash


def stated_elsewhere(code: str, profiles: list[int]) -> Registration | None:
    """Return the current statement of this credit code by another seller than the one with these profiles."""
    current = Registration.objects.filter(code_hash=keyed_hash("credit_code", code), ended_at__isnull=True)
    found: Registration | None = current.exclude(merchant__in=profiles).first()
    return found


def await_end(licence: Licence) -> None:
    """Start the clock of a licence's update at its last day; it runs from then on."""
    if licence.valid_until is not None:
        last = datetime.combine(licence.valid_until, time.min, CHINA)
        deadlines.start("identity.update", licence.merchant, subject=licence.subject, at=last)


def settle(fact: Registration | Licence, *, at: datetime) -> None:
    """Note that what became of this fact is known: its clock is met and the seller's word on a change ends."""
    fact.changes.filter(ended_at__isnull=True).update(ended_at=at, ended_by=OWNER.reference)
    deadlines.meet("identity.update", fact.merchant, at=at, subject=fact.subject)


def _replace(
    model: type[Any], merchant: Merchant, profiles: list[int], at: datetime, old: Q | None = None, **columns: Any
) -> Any:
    """End the seller's current facts of this kind that are `old` (all, if not told); write the new one."""
    current = model.objects.filter(old or Q(), merchant__in=profiles, ended_at__isnull=True)
    if "kind" in columns:
        current = current.filter(kind=columns["kind"])
    for fact in current.select_related("merchant").distinct():
        if model is not Turnover:
            settle(fact, at=at)
        if model is Registration:
            deadlines.cancel(fact.merchant, "identity.check_again", at=at)  # with the fact its proof ends
        fact.ended_at, fact.ended_by = at, OWNER.reference
        fact.save(update_fields=["ended_at", "ended_by"])
    return model.objects.create(merchant=merchant, stated_at=at, stated_by=OWNER.reference, **columns)


def _check_code(text: str) -> None:
    fault = credit_code_fault(text)
    if fault is None:
        return
    if fault.kind == FaultKind.LENGTH:
        raise OddFact(_("The credit code has 18 characters. You entered {n}."), code="credit_code", n=fault.length)
    raise OddFact(
        _("The credit code has 18 characters; character {n} is wrong."), code="credit_code", n=fault.place
    )


def _check_person(resident_id: str, on: date) -> None:
    fault = resident_id_fault(resident_id, on=on)
    if fault is None:
        return
    sentences = {
        FaultKind.LENGTH: _("The ID number has 18 characters. You entered {n}."),
        FaultKind.DATE: _("Characters 7 to 14 of the ID number are no date of birth."),
        FaultKind.MINOR: _(
            "This is the number of somebody under 18. Let an adult who is responsible for the shop enter theirs."
            " If you are 16 or 17 and live on what you earn, call us."
        ),
    }
    wrong = _("The ID number has 18 characters; character {n} is wrong.")
    n = fault.length if fault.kind == FaultKind.LENGTH else fault.place
    raise OddFact(sentences.get(fault.kind, wrong), code="resident_id", n=n)


def _text(text: str, field: str, least: int, most: int) -> str:
    text = " ".join(text.split())
    if not least <= len(text) <= most:
        raise OddFact(_("Enter {least} to {most} characters."), code=field, least=least, most=most)
    return text
