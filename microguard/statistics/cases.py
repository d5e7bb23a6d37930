"""Cases of a period as one table: what a regulator downloads, without a name, phone, handle or story."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints import states as complaint_states
from complaints.models import Complaint, ComplaintRight
from complaints.states import Right, RightSource
from disputes import states as dispute_states
from microguard.core.clock import CHINA
from microguard.deadlines.models import Deadline
from microguard.jurisdictions.divisions import divisions, full_name
from microguard.law.titles import right_title
from microguard.statistics.expressions import day, days_between, safe_text, without_long_numbers, word, yuan
from microguard.statistics.periods import Period

# Raised whenever a column comes, goes or changes its meaning.
DEFINITIONS_VERSION = "2026-11-b"
ROWS_AT_A_TIME = 500


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = auto()
    DATE = auto()
    YUAN = auto()
    NUMBER = auto()


@dataclass(frozen=True)
class Column:
    """One column: its heading, what it means, and the expression it comes from."""

    heading: str
    meaning: str
    value: Combinable
    kind: Kind = Kind.TEXT

    @property
    def cell(self) -> Combinable:
        """The expression as it goes into a file."""
        return safe_text(self.value) if self.kind is Kind.TEXT else self.value


@dataclass(frozen=True)
class CaseTable:
    """Rows about the cases filed in a period, and notes that say what they are."""

    columns: list[Column]
    selected: QuerySet[Complaint, tuple[Any, ...]]
    notes: list[tuple[str, str]]
    made_at: datetime

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Read the rows through a server-side cursor, a few at a time."""
        return self.selected.iterator(chunk_size=ROWS_AT_A_TIME)


def case_table(period: Period, *, scope: str | None, at: datetime) -> CaseTable:
    """Return the table of the cases filed in the period, in the language that is active.

    `scope` is the beginning of the division codes that the reader may see; None stands for all of them.
    """
    columns = [*_what_is_alleged(), *_what_became_of_it()]
    in_order = filed_in_scope(period, scope).order_by("filed_at", "pk")
    selected = in_order.values_list(*(column.cell for column in columns))
    contents = (_("Contents"), _("One complaint a row, counted by the day of filing; drafts are left out."))
    return CaseTable(columns, selected, [contents, *notes(period, scope, at)], at)


def filed_in_scope(period: Period, scope: str | None) -> QuerySet[Complaint]:
    """Return the complaints filed in the period in the divisions whose code begins with the scope."""
    filed: QuerySet[Complaint] = (
        Complaint.objects.filed() if scope is None else Complaint.objects.filed().in_scope(scope)
    )
    return filed.filter(filed_at__gte=period.begins_at, filed_at__lt=period.ends_at)


def _what_is_alleged() -> list[Column]:
    states = complaint_states
    cities = divisions().values()
    provinces = {city.code: full_name(city.province or city.code) for city in cities}
    places = {city.code: city.name for city in cities if city.province}
    return [
        Column(_("Case number"), _("The number all parties use for the case."), F("number")),
        Column(_("Filed on"), _("Day on which the complaint was filed."), day("filed_at"), Kind.DATE),
        Column(_("Source"), _("How the matter reached us."), _label("source", states.Source)),
        Column(_("Province"), _("Province the buyer lives in."), word("division", provinces)),
        Column(_("City or district"), _("City or district the buyer lives in."), word("division", places)),
        Column(_("Where the deal was made"), _("As the buyer chose it."), _label("channel", states.Channel)),
        Column(_("Paid by"), _("How the buyer paid."), _label("paid_by", states.PaidBy)),
        Column(
            _("Goods or service"),
            _("In the buyer's words; long numbers are blotted out."),
            without_long_numbers("item"),
        ),
        Column(_("Problem"), _("What went wrong, as the buyer chose it."), _label("problem", states.Problem)),
        Column(
            _("Consumer rights"),
            _("Rights said to be infringed: by rule from the facts of the complaint, or as an officer decided."),
            _rights(),
        ),
        Column(_("Amount (yuan)"), _("What the buyer paid."), yuan("amount_fen"), Kind.YUAN),
    ]


def _what_became_of_it() -> list[Column]:
    decided = Coalesce(day("accepted_at"), day("declined_at"))
    return [
        Column(
            _("Stage of the complaint"),
            _("Where the complaint stood when the file was made."),
            _label("state", complaint_states.State),
        ),
        Column(
            _("Ground for not accepting"),
            _("Only of complaints that were not accepted."),
            _label("decline_ground", complaint_states.DeclineGround),
        ),
        Column(_("Accepted on"), _("Day of the decision to accept."), day("accepted_at"), Kind.DATE),
        Column(
            _("Days to the decision"),
            _("Calendar days from filing to the decision whether to accept."),
            days_between(day("filed_at"), decided),
            Kind.NUMBER,
        ),
        Column(
            _("Stage of the dispute"),
            _("Where the dispute stood when the file was made; empty before acceptance."),
            _label("dispute__state", dispute_states.State),
        ),
        Column(
            _("Seller invited on"),
            _("Day on which the invitation reached the seller."),
            day("dispute__invited_at"),
            Kind.DATE,
        ),
        Column(
            _("Seller answered on"),
            _("Day of the seller's first answer."),
            day("dispute__answered_at"),
            Kind.DATE,
        ),
        Column(
            _("Answered in time"),
            _("Yes or no once the term has ended by an answer or without one; empty otherwise."),
            _answered_in_time(),
        ),
        Column(_("Closed on"), _("Day on which the dispute was closed."), day("dispute__closed_at"), Kind.DATE),
        Column(_("Outcome"), _("How the dispute ended."), _label("dispute__outcome", dispute_states.Outcome)),
        Column(
            _("Recovered (yuan)"),
            _("Money that reached the buyer; empty when none was recorded."),
            yuan("dispute__recovered_fen"),
            Kind.YUAN,
        ),
    ]


def _label(column: str, choices: type[TextChoices]) -> Combinable:
    return word(column, {code: str(label) for code, label in choices.choices})


def right_words() -> dict[str, str]:
    """Return what the rights are called, in the language that is active."""
    return {right: right_title(right).in_language(get_language()) for right in Right.values}


def _rights() -> Subquery:
    alleged = ComplaintRight.objects.filter(complaint=OuterRef("pk")).exclude(source=RightSource.REMOVED)
    listed = StringAgg(word("right", right_words()), "; ", order_by="right")
    return Subquery(alleged.order_by().values("complaint").annotate(listed=listed).values("listed"))


def _answered_in_time() -> Subquery:
    term = Deadline.objects.filter(case_id=OuterRef("pk"), rule="respondent.answer").order_by("-pk")
    answer = Case(
        When(met_at__isnull=False, then=Value(_("Yes"))),
        When(lapsed_at__isnull=False, then=Value(_("No"))),
        output_field=CharField(),
    )
    return Subquery(term.values_list(answer)[:1])


def notes(period: Period, scope: str | None, at: datetime) -> list[tuple[str, str]]:
    """Return what a reader of any table of ours has to know."""
    place = _("All places") if scope is None else full_name(scope.ljust(6, "0")) or scope
    return [
        (_("Period"), f"{period.first.isoformat()} – {period.last.isoformat()}"),
        (_("Time zone"), "Asia/Shanghai"),
        (_("Places"), place),
        (_("Personal data"), _("No names, telephone numbers, accounts or stories of the parties.")),
        (_("Leading apostrophe"), _("Marks a text that a spreadsheet could take for a formula.")),
        (_("Version of the definitions"), DEFINITIONS_VERSION),
        (_("Made at"), at.astimezone(CHINA).isoformat(sep=" ", timespec="seconds")),
    ]
