"""A clock of a case or a seller, what stopped or extended it, and the holiday notices an operator has loaded."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

from microguard.core.models import Record, paired

# The first instant of the day on which the next alarm is due: so many days before the last one.
ALARM_DATE = CombinedExpression(F("due_strict_date"), "-", F("alarm_days"), output_field=models.DateField())


class Deadline(Record):
    """One term: what started it, under which rule version, when it ends and how it ended.

    `due_at` is the exclusive end (midnight after the last day), so "in time" is always `at < due_at`.
    It belongs to a case or to a seller of the registry: `chain` says to which. The rule version chosen at the
    start stays, unless the term is extended to another one. `subject` names the thing in there that the clock
    belongs to ("case/17", "obligation/3"). `until` is an agreed end in place
    of a computed one, `not_after` an instant that a computed end never passes: with version, start, and
    suspensions they determine the end, whenever it is reckoned again. `calendar_edition` tells by which calendar
    it was counted (`WorkCalendar.edition`); it is null where the end was agreed: no notice moves that.
    `alarm_days` says how many days before the last day the next alarm is due; it moves on when one is raised, and
    is empty after the last.
    """

    class Basis(models.TextChoices):
        STATUTORY = "STATUTORY"
        POLICY = "POLICY"

    case_id = models.BigIntegerField(null=True)
    merchant_id = models.BigIntegerField(null=True)
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
    until = models.DateTimeField(null=True)
    not_after = models.DateTimeField(null=True)
    calendar_edition = models.PositiveIntegerField(null=True)
    alarm_days = models.PositiveSmallIntegerField(null=True)
    met_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deadlines_deadline_one_holder",
                condition=Q(case_id__isnull=True) ^ Q(merchant_id__isnull=True),
            ),
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
            models.Index(
                ALARM_DATE,
                condition=Q(
                    met_at__isnull=True,
                    lapsed_at__isnull=True,
                    cancelled_at__isnull=True,
                    alarm_days__isnull=False,
                ),
                name="deadlines_deadline_alarms",
            ),
            models.Index(fields=["case_id"], name="deadlines_deadline_by_case"),
            models.Index(
                fields=["merchant_id"],
                condition=Q(merchant_id__isnull=False),
                name="deadlines_deadline_by_merchant",
            ),
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
        """The chain of facts of the case or seller."""
        return f"case/{self.case_id}" if self.merchant_id is None else f"merchant/{self.merchant_id}"

    @property
    def stopped_since(self) -> date | None:
        """The first day on which the clock has been standing still, or None when it runs."""
        return next((pause.since_date for pause in self.suspensions.all() if pause.until_date is None), None)


class Suspension(Record):
    """Whole days on which a clock stands still: `since_date` is the first of them, `until_date` runs again.

    A clock that is met or cancelled while it stands still leaves its suspension without an end.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=40)  # one that the rule version lists, such as "appraisal"
    since_date = models.DateField()
    until_date = models.DateField(null=True)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline"], condition=Q(until_date__isnull=True), name="deadlines_suspension_one_open"
            ),
            models.CheckConstraint(
                name="deadlines_suspension_holds_a_day",
                condition=Q(until_date__isnull=True) | Q(until_date__gt=F("since_date")),
            ),
            models.CheckConstraint(
                name="deadlines_suspension_ended_has_day",
                condition=Q(until_date__isnull=True, ended_at__isnull=True)
                | Q(until_date__isnull=False, ended_at__isnull=False),
            ),
            paired("ended"),
        ]

    def __str__(self) -> str:
        return f"{self.deadline} {self.since_date}"


class Extension(Record):
    """A term that was extended: from one rule version to another, on one person's wish and another's word.

    The law allows each step once. Without the second person there is no extension.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="extensions")
    from_version = models.CharField(max_length=100)
    to_version = models.CharField(max_length=100)
    asked_by = models.CharField(max_length=80)
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deadline", "from_version"], name="deadlines_extension_once"),
            models.CheckConstraint(
                name="deadlines_extension_two_persons", condition=~Q(approved_by=F("asked_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline}: {self.to_version}"


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
