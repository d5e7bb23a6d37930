"""Reading a seller's identity: current facts, history, level of proof, and whether it fits together."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from merchants.models import (
    IdentityChange,
    IdentityCheck,
    IdentityObjection,
    Licence,
    Ownership,
    Registration,
    Turnover,
)
from merchants.rules.standing_in_register import Because, OwnWord, to_be_checked
from merchants.selectors.claiming import owner_of
from merchants.states import Exemption, IdentityLevel
from microguard.core.clock import day_of
from microguard.deadlines.models import Deadline
from microguard.law.duties import register

LINE = "seller.registration.turnover"  # the duty whose figure is the line of sporadic trade
UPDATE = "identity.update"
MOST = 100


def registration_of(profiles: Collection[int]) -> Registration | None:
    """Return the registration or exemption that is current, the one stated last when profiles were merged."""
    found = Registration.objects.filter(merchant__in=profiles, ended_at__isnull=True)
    last: Registration | None = found.order_by("-stated_at", "-pk").first()
    return last


def licences_of(profiles: Collection[int]) -> QuerySet[Licence]:
    """Return the current licences, the one that runs out first first."""
    found: QuerySet[Licence] = Licence.objects.filter(merchant__in=profiles, ended_at__isnull=True)
    return found.order_by(F("valid_until").asc(nulls_last=True), "pk")[:MOST]


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
    proven = {IdentityLevel(each.level) for each in checks_in_force(fact, owner)} if fact else set()
    order = list(IdentityLevel)
    return max({IdentityLevel.CONTACT, *proven}, key=order.index)


def checks_in_force(fact: Registration, owner: Ownership | None) -> QuerySet[IdentityCheck]:
    """Return what proves this fact while this owner has the profile: nothing while nobody has it."""
    checks: QuerySet[IdentityCheck] = IdentityCheck.objects.filter(registration=fact, withdrawn_at__isnull=True)
    return checks.filter(checked_at__gte=owner.since_at) if owner else checks.none()


def changes_of(profiles: Collection[int]) -> QuerySet[IdentityChange]:
    """Return what the seller said to have changed or ended, the newest word first, those taken back too."""
    found: QuerySet[IdentityChange] = IdentityChange.objects.filter(merchant__in=profiles)
    return found.select_related("registration", "licence").order_by("-stated_at", "-pk")[:MOST]


def ended_by_office(profiles: Collection[int]) -> Registration | None:
    """Return the statement that the office ended, when the seller has stated nothing since."""
    last: Registration | None = registrations_of(profiles).first()
    return last if last is not None and last.end_reason else None


def open_objections(profiles: Collection[int]) -> QuerySet[IdentityObjection]:
    """Return the unanswered objections by this seller or against what it states, the oldest first."""
    waiting: QuerySet[IdentityObjection] = IdentityObjection.objects.filter(
        Q(merchant__in=profiles) | Q(registration__merchant__in=profiles), answered_at__isnull=True
    )
    return waiting.select_related("merchant", "registration__merchant").order_by("made_at", "pk")


def last_objection(profiles: Collection[int]) -> IdentityObjection | None:
    """Return the seller's newest objection, while it has stated nothing since."""
    made = IdentityObjection.objects.filter(merchant__in=profiles)
    last: IdentityObjection | None = made.order_by("-made_at", "-pk").first()
    if last is None or Registration.objects.filter(merchant__in=profiles, stated_at__gt=last.made_at).exists():
        return None
    return last


def updates_awaited(profiles: Collection[int], *, at: datetime) -> list[tuple[Registration | Licence, Deadline]]:
    """Return each current fact that has changed or ended, with the clock of its update, running or lapsed."""
    fact, today, facts = registration_of(profiles), day_of(at), dict[str, Registration | Licence]()
    told = IdentityChange.objects.filter(merchant__in=profiles, ended_at__isnull=True)
    told_of = {(each.registration_id, each.licence_id) for each in told}
    if fact is not None and (fact.pk, None) in told_of:
        facts[fact.subject] = fact
    for licence in licences_of(profiles):
        has_run_out = licence.valid_until is not None and licence.valid_until < today
        if has_run_out or (None, licence.pk) in told_of:
            facts[licence.subject] = licence
    if not facts:
        return []
    clocks = Deadline.objects.filter(
        rule=UPDATE,
        merchant_id__in=profiles,
        subject__in=facts,
        started_at__lte=at,
        met_at__isnull=True,
        cancelled_at__isnull=True,
    )
    newest = {clock.subject: clock for clock in clocks.order_by("pk")}
    return [(facts[subject], clock) for subject, clock in newest.items()]


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
        has_changed=any(each.ended_at is None for each in changes_of(profiles)),
    )
    return to_be_checked(said, line_fen=line_fen(on), on=on)


def to_look_at(what: str, *, at: datetime) -> QuerySet[Any]:
    """Return the keys of profiles with an unanswered "objection", or an update that is "awaited" or "late"."""
    if what == "objection":
        return IdentityObjection.objects.filter(answered_at__isnull=True).values("merchant")
    clocks = Deadline.objects.filter(
        rule=UPDATE, started_at__lte=at, met_at__isnull=True, cancelled_at__isnull=True
    )
    if what == "late":
        clocks = clocks.filter(Q(lapsed_at__isnull=False) | Q(alarmed_at__isnull=False))
    of_registration, of_licence = (
        clocks.filter(subject=Concat(Value(f"{kind}/"), Cast(OuterRef("pk"), CharField())))
        for kind in ("registration", "licence")
    )
    told = IdentityChange.objects.filter(ended_at__isnull=True)
    facts = Registration.objects.filter(Exists(of_registration), ended_at__isnull=True, changes__in=told)
    licences = Licence.objects.filter(Exists(of_licence), ended_at__isnull=True)
    run_out = Q(changes__in=told) | Q(valid_until__lt=day_of(at))
    return facts.values("merchant").union(licences.filter(run_out).values("merchant"))
