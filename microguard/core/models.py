"""Base of the stored things: row locks, at/by pairs; idempotency keys; the demo clock's one row."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from microguard.core.errors import NotFound


class LockingQuerySet(models.QuerySet[Any]):
    """Adds the row lock that every write begins with."""

    def lock(self, **key: Any) -> Any:
        """Return the row, locked until the transaction ends.

        :raises NotFound: when no row has this key
        """
        row = self.select_for_update(of=("self",)).filter(**key).first()
        if row is None:
            raise NotFound("not found")
        return row


class Record(models.Model):
    """Base of all stored things."""

    objects: ClassVar[Any] = LockingQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def by_pk(cls, pk: int) -> Self:
        """Return the row with this primary key.

        :raises NotFound: when there is none
        """
        row = cls.objects.filter(pk=pk).first()
        if row is None:
            raise NotFound("not found")
        return row


def paired(verb: str) -> models.CheckConstraint:
    """Return the constraint that `<verb>_at` and `<verb>_by` are both there or both missing."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{verb}_pair",
        condition=Q(**{f"{verb}_at__isnull": True, f"{verb}_by": ""})
        | (Q(**{f"{verb}_at__isnull": False}) & ~Q(**{f"{verb}_by": ""})),
    )


def one_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """Return the constraint that the column holds one of the choices."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_known", condition=Q(**{f"{field}__in": choices.values})
    )


class IdempotencyKey(Record):
    """One request that had an effect; written in the transaction of that effect and kept."""

    actor = models.CharField(max_length=80)
    route = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)
    result = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "route", "key"], name="core_idempotency_once")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class DemoClock(Record):
    """How far the demo's clock is ahead; the row exists in demo mode only."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    shift = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(name="core_democlock_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.shift)
