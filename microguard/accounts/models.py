"""People with an account, the roles they hold, and one-time codes for people without one."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from microguard.accounts.roles import OUTSIDE, SEPARATED, STAFF, Role
from microguard.core.models import Record, one_of
from microguard.jurisdictions.models import Office


class User(AbstractUser):
    """A person of the staff or of an outside office; buyers and sellers have no account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=50)
    landline = models.CharField(max_length=30, blank=True)  # shown to parties as the contact person's number

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the one name that is kept."""
        return self.name


class Membership(Record):
    """One role of one person; of regulators and platforms with the office it is held for."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(role.value, role.label) for role in Role])
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="accounts_membership_once"),
            models.CheckConstraint(
                name="accounts_membership_role_known",
                condition=Q(role__in=sorted(STAFF | OUTSIDE)),
            ),
            models.CheckConstraint(
                name="accounts_membership_office_of_outside_roles",
                condition=Q(role__in=sorted(OUTSIDE), office__isnull=False)
                | Q(role__in=sorted(STAFF), office__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(role__in=sorted(SEPARATED)),
                name="accounts_membership_separated_administration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {Role(self.role).label}"


class CodePurpose(models.TextChoices):
    """What a one-time code is sent for; a code for one thing opens no other."""

    FILE = "FILE"
    OPEN_CASE = "OPEN_CASE"
    SIGN = "SIGN"
    CLAIM = "CLAIM"
    CORRECT_RECORD = "CORRECT_RECORD"


class OneTimeCode(Record):
    """A six-digit code sent to one phone for one purpose; used once, five tries, ten minutes."""

    purpose = models.CharField(max_length=20, choices=CodePurpose)
    phone_hash = models.CharField(max_length=64, db_index=True)
    code_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("purpose", CodePurpose),
            models.CheckConstraint(name="accounts_onetimecode_five_tries", condition=Q(wrong_tries__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"
