"""Where a handle was seen, under which keys it is found, and whether several people use it."""

from django.db import models
from django.db.models import Q

from merchants.models.registry import Handle
from merchants.states import HandleType, SharedBecause
from microguard.core.models import Record, one_of, paired


class HandleSighting(Record):
    """One case in which a handle was named, when and by whom it was noted.

    A sighting is withdrawn when its case turns out to be about another seller: the handle then says nothing of
    this one any more, until somebody names it again.
    """

    handle = models.ForeignKey(Handle, on_delete=models.PROTECT, related_name="sightings")
    seen_in = models.CharField(max_length=40)  # chain of the case
    seen_at = models.DateTimeField()
    seen_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handle", "seen_in"], name="merchants_sighting_once"),
            paired("withdrawn"),
        ]
        indexes = [models.Index(fields=["seen_in"], name="merchants_sighting_by_chain")]

    def __str__(self) -> str:
        return self.seen_in


class HandleKey(Record):
    """One key under which a handle is found although it was typed or masked otherwise.

    `key_hash` is the first half of a keyed hash: without our secret it tells nothing of the handle.
    """

    handle = models.ForeignKey(Handle, on_delete=models.PROTECT, related_name="keys")
    key_hash = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_hash", "handle"], name="merchants_handlekey_once"),
        ]

    def __str__(self) -> str:
        return self.key_hash


class SharedHandle(Record):
    """A person's word that several people use a handle; it is about the handle, whoever carries it.

    While the mark stands the handle alone proposes nobody.
    """

    type = models.CharField(max_length=20, choices=HandleType)
    value_hash = models.CharField(max_length=64)
    because = models.CharField(max_length=20, choices=SharedBecause)
    marked_at = models.DateTimeField()
    marked_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            one_of("type", HandleType),
            one_of("because", SharedBecause),
            paired("ended"),
            models.UniqueConstraint(
                fields=["value_hash"], condition=Q(ended_at__isnull=True), name="merchants_shared_marked_once"
            ),
        ]

    def __str__(self) -> str:
        return str(SharedBecause(self.because).label)
