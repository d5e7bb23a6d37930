"""How many complaints were filed, by dimensions that the reader names; one statement, small numbers withheld."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, CharField, Count, F, FilteredRelation, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from complaints import states
from complaints.states import RightSource
from microguard.core.clock import CHINA
from microguard.jurisdictions.divisions import divisions, full_name
from microguard.statistics.cases import CaseTable, Column, Kind, filed_in_scope, notes, right_words
from microguard.statistics.expressions import word
from microguard.statistics.periods import Period
from microguard.statistics.publication import SMALLEST_COUNT


class Dimension(NamedTuple):
    """One way to sort complaints: the heading, what it means, and the word for each of its values."""

    heading: str
    meaning: str
    value: Combinable


def _month() -> Dimension:
    text = Func(
        TruncMonth("filed_at", tzinfo=CHINA), Value("YYYY-MM"), function="to_char", output_field=CharField()
    )
    return Dimension(_("Month"), _("Month in which the complaint was filed."), text)


def _region() -> Dimension:
    provinces = {city.code: full_name(city.province or city.code) for city in divisions().values()}
    return Dimension(_("Province"), _("Province the buyer lives in."), word("division", provinces))


def _platform() -> Dimension:
    places = {code: str(label) for code, label in states.Channel.choices}
    return Dimension(_("Where the deal was made"), _("As the buyer chose it."), word("channel", places))


def _source() -> Dimension:
    sources = {code: str(label) for code, label in states.Source.choices}
    return Dimension(_("Source"), _("How the matter reached us."), word("source", sources))


def _right() -> Dimension:
    meaning = _("A complaint counts once for each right it alleges to be infringed; empty where it alleges none.")
    return Dimension(_("Consumer rights"), meaning, word("alleged__right", right_words()))


DIMENSIONS: dict[str, Callable[[], Dimension]] = {
    "month": _month,
    "region": _region,
    "platform": _platform,
    "source": _source,
    "right": _right,
}


def count_table(period: Period, by: Sequence[str], *, scope: str | None, at: datetime) -> CaseTable:
    """Return how many complaints were filed in the period, by these dimensions and in the active language."""
    dimensions = {name: DIMENSIONS[name]() for name in by}
    filed = filed_in_scope(period, scope)
    if "right" in by:
        alleged = Q(rights__source__in=(RightSource.DERIVED, RightSource.CONFIRMED))
        filed = filed.annotate(alleged=FilteredRelation("rights", condition=alleged))
    counted = (
        filed.values(**{f"by_{name}": dimension.value for name, dimension in dimensions.items()})
        .annotate(filed=Count("pk", distinct=True))
        .annotate(shown=Case(When(filed__gte=SMALLEST_COUNT, then=F("filed")), output_field=IntegerField()))
        .order_by(*(f"by_{name}" for name in by))
    )
    columns = [
        *(Column(dimension.heading, dimension.meaning, dimension.value) for dimension in dimensions.values()),
        Column(
            _("Complaints filed"),
            _("Empty where there are fewer than {n}, so that nobody can be recognised.").format(n=SMALLEST_COUNT),
            F("shown"),
            Kind.NUMBER,
        ),
    ]
    contents = (_("Contents"), _("Complaints counted by the day of filing; drafts are left out."))
    selected = counted.values_list(*(f"by_{name}" for name in by), "shown")
    return CaseTable(columns, selected, [contents, *notes(period, scope, at)], at)
