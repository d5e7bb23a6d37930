"""Offices outside MicroGuard that are told and that look in: market regulators by division, platforms."""

from django.db import models

from microguard.core.models import Record
from microguard.jurisdictions.divisions import full_name


class Office(Record):
    """A regulator of one division, or a platform with the kinds of place that it runs.

    `runs` holds codes of where a deal was made (private chat, group, live room …): a platform is told of
    the cases from there.
    """

    class Kind(models.TextChoices):
        REGULATOR = "REGULATOR"
        PLATFORM = "PLATFORM"

    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=80)
    division = models.CharField(max_length=6, blank=True)  # of a regulator: six-digit code
    runs = models.JSONField(default=list, blank=True)  # of a platform

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="jurisdictions_office_once")]

    def __str__(self) -> str:
        return f"{self.name} {full_name(self.division)}".strip()

    @property
    def chain(self) -> str:
        """The chain of facts about the office."""
        return f"office/{self.pk}"
