"""A clock that runs in one case, and the holiday notices that an operator has loaded."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from microguard.core.models import Record


class Deadline(Record):
    """One term: what started it, under which rule version, when it ends and how it ended.

    `due_at` is the exclusive end (midnight after the last day), so "in time" is always `at < due_at`.
    The rule version chosen at the start stays. `subject` names the thing inside the case that the clock
    belongs to ("case/17", "obligation/3"). `calendar_edition` tells by which calendar the end was counted
    (`WorkCalendar.edition`); it is null where the end was agreed or brought forward: no notice moves that.
    """

    class Basis(models.TextChoices):
        STATUTORY = "STATUTORY"
        POLICY = "POLICY"

    case_id = models.BigIntegerField()
    subject = models.CharField(max_length=40)
    rule = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=100)
    basis = models.CharField(max_length=10, choices=Basis)
    article = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    due_strict_date = models.DateField()
    due_rolled_date = models.DateField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    calendar_edition = models.PositiveIntegerField(null=True)
    met_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=Q(met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True),
                name="deadlines_deadline_one_open",
            ),
            models.CheckConstraint(
                name="deadlines_deadline_one_end",
                condition=Q(met_at__isnull=True, lapsed_at__isnull=True)
                | Q(met_at__isnull=True, cancelled_at__isnull=True)
                | Q(lapsed_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="deadlines_deadline_statute_cited", condition=~Q(basis="STATUTORY") | ~Q(article="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True),
                name="deadlines_deadline_open_due",
            ),
            models.Index(fields=["case_id"], name="deadlines_deadline_by_case"),
            models.Index(
                fields=["calendar_edition", "id"],
                condition=Q(met_at__isnull=True, lapsed_at__isnull=True, cancelled_at__isnull=True),
                name="deadlines_deadline_to_recount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} of {self.subject}"

    @property
    def chain(self) -> str:
        """The chain of facts of the case."""
        return f"case/{self.case_id}"


class HolidayNotice(Record):
    """One notice of the State Council as an operator loaded it: the days of its year that it names.

    Rows are only added (trigger): a notice that amends an earlier one, or puts a slip right, is a further row.
    """

    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=60)
    issued_date = models.DateField()
    rest_days = ArrayField(models.DateField())
    make_up_days = ArrayField(models.DateField())
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="deadlines_holidaynotice_loaded_once"),
            models.CheckConstraint(
                name="deadlines_holidaynotice_named",
                condition=~Q(title="") & ~Q(number="") & ~Q(loaded_by=""),
            ),
            models.CheckConstraint(
                name="deadlines_holidaynotice_names_days",
                condition=Q(rest_days__len__gt=0) | Q(make_up_days__len__gt=0),
            ),
            models.CheckConstraint(
                name="deadlines_holidaynotice_off_or_worked",
                condition=~Q(rest_days__overlap=F("make_up_days")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.number}"
