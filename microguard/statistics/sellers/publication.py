"""A seller's record as anybody may read it: each figure with n / N and what it means, small numbers withheld."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints.states import Problem
from merchants.states import Figure
from microguard.statistics.figures import Share
from microguard.statistics.publication import SMALLEST_COUNT
from microguard.statistics.sellers.standing import Month, Standing

# In the units of the drawing that templates/sellers/_months.html makes.
CHART_HEIGHT, BASE_LINE, BAR_STEP = 100, 102, 20

# What each figure means, in the order of the page.
MEANINGS = {
    Figure.CLOSED: gettext_lazy(
        "Cases about this seller that were closed in the period, by the day of closing, and in which the "
        "seller had the chance to answer: it answered, its term to answer ended, or both settled. What "
        "a buyer alleges is no finding against the seller."
    ),
    Figure.ANSWERED: gettext_lazy(
        "Of all invitations that reached the seller and whose term to answer ended in the period: those "
        "answered before it did. An answer that came later does not count."
    ),
    Figure.MEDIAN_ANSWER: gettext_lazy(
        "Half of the seller's first answers of the period came within this many days of the invitation, "
        "calendar days."
    ),
    Figure.SETTLED: gettext_lazy(
        "Of the complaints closed: those settled and kept, those the buyer confirms as solved, and those "
        "withdrawn because they were solved. Silence never counts as solved."
    ),
    Figure.MEDIAN_CLOSING: gettext_lazy(
        "Half of the complaints closed took at most this many days from filing to closing, calendar days."
    ),
    Figure.KEPT: gettext_lazy(
        "Of the agreements both signed here and that are in force: those the seller performed, of those "
        "performed or due in the period. Performed is what the buyer has confirmed. An agreement holds "
        "in one case; what a seller promises to every buyer is counted under “Public promises kept”."
    ),
    Figure.BREACHES: gettext_lazy(
        "Agreements in force of which a payment fell due in the period and was not made until now. One "
        "the seller has reported and the buyer has not answered to is not among them."
    ),
    Figure.PROMISES: gettext_lazy(
        "Of the complaints closed that are about a deal for which the seller had promised something to "
        "every buyer, on its page and in force on the day of payment: those in which no such promise is "
        "noted as broken. A person of our office notes that with a reason that both sides read; what was "
        "taken back does not count. It says nothing of agreements: see “Agreements kept”."
    ),
    Figure.PROBLEMS: gettext_lazy(
        "What went wrong, as the buyers of the complaints closed chose it: the three chosen most often."
    ),
    Figure.WITHDRAWN: gettext_lazy(
        "Complaints that buyers took back without a solution. They stand apart and count in no other figure."
    ),
    Figure.SET_APART: gettext_lazy(
        "Complaints closed in the period that a person of ours left out of every other figure, with a "
        "reason the buyer read and could object to: above all those filed in bulk against a rival, or "
        "without a purchase. No program decides it."
    ),
}


@dataclass(frozen=True)
class Definition:
    """What a figure of a public seller page is called and means; `key` is its place on the page of definitions."""

    key: str
    label: str
    meaning: str


@dataclass(frozen=True)
class Line:
    """One figure of one seller; `detail` tells n / N."""

    key: str
    label: str
    value: str
    detail: str


@dataclass(frozen=True)
class Bar:
    """One month of the chart: where its bar stands, and its height in hundredths of the highest one."""

    month: Month
    x: int
    y: int
    height: int


def enough_people(standing: Standing) -> bool:
    """Return whether enough different buyers complained for figures to be shown."""
    return standing.people >= SMALLEST_COUNT


def definitions() -> list[Definition]:
    """Return what every figure means, in the order of the page."""
    return [Definition(figure.value, str(figure.label), str(meaning)) for figure, meaning in MEANINGS.items()]


def lines_of(standing: Standing) -> list[Line]:
    """Return the figures of a seller about whom enough people complained, in the order of the page."""
    closings = standing.closings
    values = {
        Figure.CLOSED: (f"{closings.closed:,}", _people(standing.people)),
        Figure.ANSWERED: _rate(standing.answered_in_time),
        Figure.MEDIAN_ANSWER: _days(standing.median_answer_days, standing.answers),
        Figure.SETTLED: _rate(Share(closings.resolved, closings.closed)),
        Figure.MEDIAN_CLOSING: _days(closings.median_days, closings.closed),
        Figure.KEPT: _rate(standing.kept),
        Figure.BREACHES: (f"{standing.open_breaches:,}", ""),
        Figure.PROMISES: _rate(standing.promises_kept),
        Figure.WITHDRAWN: (f"{standing.withdrawn:,}", ""),
        Figure.SET_APART: (f"{standing.set_apart:,}", ""),
    }
    return [Line(figure.value, str(figure.label), value, detail) for figure, (value, detail) in values.items()]


def problems_of(standing: Standing) -> list[tuple[str, int]]:
    """Return the most frequent problems in words, each with its number of cases."""
    return [(str(Problem(problem).label), cases) for problem, cases in standing.problems]


def bars_of(standing: Standing) -> list[Bar]:
    """Return the twelve months as bars; the highest is a hundred high, and a month of any case is seen."""
    most = max((month.closed for month in standing.months), default=0) or 1
    heights = [-(-CHART_HEIGHT * month.closed // most) for month in standing.months]
    return [
        Bar(month, place * BAR_STEP + 3, BASE_LINE - height, height)
        for place, (month, height) in enumerate(zip(standing.months, heights, strict=True))
    ]


def _people(people: int) -> str:
    return ngettext("from {n} buyer", "from {n} buyers", people).format(n=f"{people:,}")


def _rate(share: Share) -> tuple[str, str]:
    """Return a percentage and its n / N; below the least number the counts alone; "–" where there is nothing."""
    if not share.whole:
        return "–", _("none in this period")
    counts = f"{share.part:,}/{share.whole:,}"
    if share.whole < SMALLEST_COUNT:
        return counts, _("too few for a rate")
    return f"{(200 * share.part + share.whole) // (2 * share.whole)}%", counts


def _days(median: float | None, cases: int) -> tuple[str, str]:
    if median is None or cases < SMALLEST_COUNT:
        return "–", _("too few for a median") if cases else _("none in this period")
    days = f"{median:g}"
    words = ngettext("{n} day", "{n} days", 1 if days == "1" else 2).format(n=days)
    return words, ngettext("in {n} case", "in {n} cases", cases).format(n=f"{cases:,}")
