"""Where the law leaves gaps: claims for which the rules found no basis, only a conditional or a blocked one.

Counted in two statements from what was kept of each complaint when its facts or the rules changed.
"""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.models import Complaint, LegalBasis
from complaints.states import Channel, Problem
from microguard.law.basis import Basis, Found, words_of
from microguard.law.titles import title_of
from microguard.statistics.figures import Share
from microguard.statistics.periods import Period
from microguard.statistics.publication import SMALLEST_COUNT, share

GAPS = (Found.NONE, Found.CONFLICTING, Found.CONDITIONAL)


@dataclass(frozen=True)
class Gap:
    """How often a claim in complaints of one problem and place stood so, decided by one rule and question."""

    problem: str
    channel: str
    basis: Basis
    counted: Share


@dataclass(frozen=True)
class Gaps:
    """The gaps of a period, the most frequent first, and how many kinds are too rare to be told."""

    shown: list[Gap]
    withheld: int


def gaps_in(period: Period, *, least: int) -> Gaps:
    """Return the gaps that occur at least so often; each is a share of all complaints of its problem and place."""
    within = {"filed_at__gte": period.begins_at, "filed_at__lt": period.ends_at}
    filed = Complaint.objects.filed().filter(**within).order_by().values_list("problem", "channel")
    whole = {(problem, channel): n for problem, channel, n in filed.annotate(Count("pk"))}
    counted = (
        LegalBasis.objects.filter(
            found__in=GAPS, **{f"complaint__{name}": value for name, value in within.items()}
        )
        .values_list("complaint__problem", "complaint__channel", "found", "rule", "question", "reason")
        .annotate(n=Count("pk"))
        .order_by("-n", "complaint__problem", "complaint__channel", "found", "rule", "question", "reason")
    )
    gaps = [
        Gap(problem, channel, Basis(Found(found), *key), Share(n, whole[problem, channel]))
        for problem, channel, found, *key, n in counted
    ]
    shown = [gap for gap in gaps if gap.counted.part >= least]
    return Gaps(shown, len(gaps) - len(shown))


@dataclass(frozen=True)
class Line:
    """A gap in words; `share` is withheld where there are too few for a rate."""

    problem: str
    channel: str
    found: str
    remedy: str
    question: str
    reason: str
    articles: str
    number: int
    share: str


def lines_of(gaps: Gaps, *, on: date) -> Iterator[Line]:
    """Yield the gaps in words of the active language, as the rules of the day call them."""
    language = get_language()
    problems, channels = dict(Problem.choices), dict(Channel.choices)
    for gap in gaps.shown:
        said = words_of(gap.basis, on)
        remedy = gap.basis.rule.partition(".")[0]
        yield Line(
            str(problems.get(gap.problem, "")),
            str(channels.get(gap.channel, _("not said"))),
            str(gap.basis.found.label),
            title_of(remedy).in_language(language) if remedy else _("No rule comes near."),
            said.question.in_language(language),
            said.reason.in_language(language),
            " · ".join(article.in_language(language) for article in said.articles),
            gap.counted.part,
            _share(gap.counted),
        )


def _share(counted: Share) -> str:
    """Return the share as it is published, and for the few that the office alone sees, the counts."""
    if counted.part < SMALLEST_COUNT:
        return f"{counted.part} / {counted.whole}"
    return share(counted)[0]


def headings() -> list[str]:
    """Return what stands above the columns of a line."""
    return [
        _("Problem"),
        _("Where the deal was made"),
        _("What the rules say"),
        _("What could be claimed"),
        _("It turned on"),
        _("Reason"),
        _("Articles"),
        _("Complaints"),
        _("Share"),
    ]


def as_csv(lines: Iterator[Line]) -> bytes:
    """Return the lines as a file that spreadsheets know for UTF-8. No cell holds what a person wrote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings())
    writer.writerows(astuple(line) for line in lines)
    return BOM_UTF8 + out.getvalue().encode()
