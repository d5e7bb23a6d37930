"""A seller says that a registration or licence has ended or changed: the clock of its update runs from that day.

The clock is of Order 37 art. 12. It ends when the seller states what holds now; at its lapse a person is asked to
look, and nothing else follows.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.actions.identity import OddFact, await_end, own_seller, settle
from merchants.actions.ownership import OWNER
from merchants.models import IdentityChange, Licence, Registration
from merchants.selectors.identity import UPDATE, registration_of
from merchants.states import ChangeKind
from microguard.accounts.actors import Actor
from microguard.core.clock import CHINA, day_of
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events

LONGEST_AGO = timedelta(days=366)  # a day before that is a slip of the finger


@dataclass(frozen=True)
class Change:
    """What happened (`ChangeKind`), on which day, to which licence; to the registration when none is named."""

    kind: str
    changed_date: date
    licence_id: int | None = None


@transaction.atomic
def tell_change(*, merchant_id: int, told: Change, by: Actor, at: datetime) -> IdentityChange:
    """Say that registration, exemption or a licence has ended or changed, in place of an earlier word on it.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises OddFact: naming what is wrong: nothing of the kind is stated, or the day is to come or long past
    """
    merchant, profiles = own_seller(merchant_id, by)
    fact = _fact(profiles, told.licence_id)
    if told.kind not in ChangeKind.values:
        raise OddFact(_("Choose what happened."), code="kind")
    today = day_of(at)
    if not today - LONGEST_AGO <= told.changed_date <= today:
        raise OddFact(_("Choose a day of the last twelve months, up to today."), code="changed_date")
    _end_word(fact, at)
    change: IdentityChange = IdentityChange.objects.create(
        merchant=merchant,
        **_column(fact),
        kind=told.kind,
        changed_date=told.changed_date,
        stated_at=at,
        stated_by=OWNER.reference,
    )
    since = datetime.combine(told.changed_date, time.min, CHINA)
    deadlines.start("identity.update", fact.merchant, subject=fact.subject, at=since)
    events.record("identity.change_told", merchant, by=OWNER, at=at, change=change.pk, kind=told.kind)
    return change


@transaction.atomic
def take_change_back(*, merchant_id: int, change_id: int, by: Actor, at: datetime) -> IdentityChange:
    """Take one's word back that something has ended or changed: what was stated holds as it did before.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises microguard.core.errors.NotFound: when no such word of the seller stands
    """
    merchant, profiles = own_seller(merchant_id, by)
    change: IdentityChange = IdentityChange.objects.lock(
        pk=change_id, merchant__in=profiles, ended_at__isnull=True
    )
    fact = change.registration or change.licence
    assert fact is not None  # one of the two, a constraint says
    _end_word(fact, at)
    if isinstance(fact, Licence):
        await_end(fact)
    events.record("identity.change_taken_back", merchant, by=OWNER, at=at, change=change.pk)
    change.refresh_from_db()
    return change


@transaction.atomic
def end_licence(*, merchant_id: int, licence_id: int, by: Actor, at: datetime) -> Licence:
    """Take a licence off that no longer counts: another is stated, or nothing is sold any more that needs it.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises OddFact: when no such licence is stated
    """
    merchant, profiles = own_seller(merchant_id, by)
    licence = _fact(profiles, licence_id)
    assert isinstance(licence, Licence)
    settle(licence, at=at)
    licence.ended_at, licence.ended_by = at, OWNER.reference
    licence.save(update_fields=["ended_at", "ended_by"])
    events.record("identity.licence_ended", merchant, by=OWNER, at=at, licence=licence.pk)
    return licence


def _fact(profiles: list[int], licence_id: int | None) -> Registration | Licence:
    """Return the current licence, or the current registration or exemption when none is named."""
    if licence_id is None:
        found: Registration | Licence | None = registration_of(profiles)
    else:
        current = Licence.objects.filter(pk=licence_id, merchant__in=profiles, ended_at__isnull=True)
        found = current.select_related("merchant").first()
    if found is None:
        raise OddFact(_("This is not stated any more. Load the page again."), code="about")
    return found


def _end_word(fact: Registration | Licence, at: datetime) -> None:
    """End the seller's word on a change of this fact, with its clock."""
    fact.changes.filter(ended_at__isnull=True).update(ended_at=at, ended_by=OWNER.reference)
    deadlines.cancel(fact.merchant, UPDATE, at=at, subject=fact.subject)


def _column(fact: Registration | Licence) -> dict[str, Registration | Licence]:
    return {"licence" if isinstance(fact, Licence) else "registration": fact}
