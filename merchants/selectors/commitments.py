"""Reading what sellers have promised."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from merchants.models import Commitment
from merchants.states import CommitmentKind


def commitments_of(profiles: Collection[int], on: date, last: date | None = None) -> list[Commitment]:
    """Return what the seller with these profiles had promised for a deal of this day.

    When only a span of days is known, from `on` to `last`, what was promised on each of them is returned.
    """
    made = Commitment.objects.filter(merchant__in=profiles).order_by("kind", "from_date", "pk")
    return [commitment for commitment in made if commitment.binds(on, last or on)]


def open_commitments(profiles: Collection[int], today: date) -> QuerySet[Commitment]:
    """Return the promises of a seller that bind today or will, the oldest first."""
    found: QuerySet[Commitment] = Commitment.objects.filter(
        Q(until_date__isnull=True) | Q(until_date__gt=today), merchant__in=profiles
    )
    return found.order_by("from_date", "pk")


def promised_by(profiles: Collection[int], today: date) -> dict[int, set[CommitmentKind]]:
    """Return of each profile that promises something for a deal of today what kinds of promises it makes."""
    kinds: dict[int, set[CommitmentKind]] = {}
    binding = open_commitments(profiles, today).filter(from_date__lte=today).order_by()
    for profile, kind in binding.values_list("merchant_id", "kind"):
        kinds.setdefault(profile, set()).add(CommitmentKind(kind))
    return kinds
