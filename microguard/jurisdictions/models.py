"""Offices outside MicroGuard that are told and that look in: market regulators by division, platforms."""

from django.db import models

from microguard.core.models import Record
from microguard.jurisdictions.divisions import full_name


class Office(Record):
    """A regulator of one division, or a platform."""

    class Kind(models.TextChoices):
        REGULATOR = "REGULATOR"
        PLATFORM = "PLATFORM"

    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=80)
    division = models.CharField(max_length=6, blank=True)  # of a regulator: six-digit code
    email = models.EmailField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="jurisdictions_office_once")]

    def __str__(self) -> str:
        return f"{self.name} {full_name(self.division)}".strip()
