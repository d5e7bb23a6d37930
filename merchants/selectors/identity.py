"""Reading a seller's identity: current facts, history, level of proof, and whether it fits together."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from merchants.models import IdentityCheck, Licence, Registration, Turnover
from merchants.rules.standing_in_register import Because, OwnWord, to_be_checked
from merchants.selectors.claiming import owner_of
from merchants.states import Exemption, IdentityLevel
from microguard.law.duties import register

LINE = "seller.registration.turnover"  # the duty whose figure is the line of sporadic trade
MOST = 100


def registration_of(profiles: Collection[int]) -> Registration | None:
    """Return the registration or exemption that is current, the one stated last when profiles were merged."""
    found = Registration.objects.filter(merchant__in=profiles, ended_at__isnull=True)
    last: Registration | None = found.order_by("-stated_at", "-pk").first()
    return last


def licences_of(profiles: Collection[int]) -> QuerySet[Licence]:
    """Return the current licences, the one that runs out first first."""
    found: QuerySet[Licence] = Licence.objects.filter(merchant__in=profiles, ended_at__isnull=True)
    return found.order_by("valid_until", "pk")[:MOST]


def turnovers_of(profiles: Collection[int]) -> QuerySet[Turnover]:
    """Return the current turnovers of all shops, the last year first."""
    found: QuerySet[Turnover] = Turnover.objects.filter(merchant__in=profiles, ended_at__isnull=True)
    return found.order_by("-year", "pk")[:MOST]


def registrations_of(profiles: Collection[int]) -> QuerySet[Registration]:
    """Return every registration and exemption that was ever stated, the newest first, with its checks."""
    found: QuerySet[Registration] = Registration.objects.filter(merchant__in=profiles)
    return found.order_by("-stated_at", "-pk").prefetch_related("checks")[:MOST]


def level_of(profiles: Collection[int]) -> IdentityLevel:
    """Return the highest proof in force of who the seller with these profiles is.

    A check is in force while the fact it proves is current and the owner is the one at whose time it was made.
    """
    owner = owner_of(profiles)
    if owner is None:
        return IdentityLevel.NOTHING
    fact = registration_of(profiles)
    checks = IdentityCheck.objects.filter(registration=fact, checked_at__gte=owner.since_at) if fact else None
    proven = set(checks.values_list("level", flat=True)) if checks is not None else set()
    order = list(IdentityLevel)
    return max({IdentityLevel.CONTACT, *map(IdentityLevel, proven)}, key=order.index)


def line_fen(on: date) -> int | None:
    """Return the yearly turnover in fen up to which sporadic trade is exempt on this day."""
    yuan = register().threshold_of(LINE, on)
    return None if yuan is None else yuan * 100


def reasons_to_check(profiles: Collection[int], *, on: date) -> tuple[Because, ...]:
    """Return why a person should look at the seller's registration again; nothing when it fits."""
    fact = registration_of(profiles)
    said = OwnWord(
        is_registered=fact is not None and not fact.exemption,
        is_exempt=fact is not None and bool(fact.exemption),
        is_sporadic=fact is not None and fact.exemption == Exemption.SPORADIC,
        needs_licence=fact is not None and fact.needs_licence,
        licences=tuple(licence.valid_until for licence in licences_of(profiles)),
        turnovers=tuple((each.year, each.amount_fen) for each in turnovers_of(profiles)),
    )
    return to_be_checked(said, line_fen=line_fen(on), on=on)
