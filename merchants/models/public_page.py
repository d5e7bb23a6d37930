"""What of a seller anybody may read: the name under which it shows itself."""

from django.db import models
from django.db.models import Q

from merchants.models.registry import Merchant
from microguard.core.models import Record

LONGEST_NAME = 30


class PublishedName(Record):
    """The shop name that a seller who has claimed the profile shows on its public page, in plain letters.

    `name_form` is the comparable form by which its beginning finds it. No other name of a seller is stored
    unencrypted, so no beginning of another name finds anybody.
    """

    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, related_name="published_name")
    name = models.CharField(max_length=LONGEST_NAME)
    name_form = models.CharField(max_length=2 * LONGEST_NAME, db_collation="C")  # sorted as it is searched
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(name="merchants_publishedname_names", condition=~Q(name="") & ~Q(name_form="")),
        ]
        indexes = [
            models.Index(fields=["name_form", "merchant"], name="merchants_name_by_beginning"),
        ]

    def __str__(self) -> str:
        return self.name
