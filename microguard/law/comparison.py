"""The routes side by side, in the reader's language: the variables of `templates/law/_routes.html`.

Lengths of terms and the figures of our own cases come from layers above this one, so the page hands them in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from microguard.jurisdictions.rules import Competence, Likelihood
from microguard.jurisdictions.wording import PlaceWords, choice_words, internet_court_words, place_words
from microguard.law.choosing import Fit, Suggested, bar_of
from microguard.law.routes import Time

FIT_LABELS = {
    Fit.FIRST: gettext_lazy("Do this first"),
    Fit.USEFUL: gettext_lazy("Open to you"),
    Fit.LATER: gettext_lazy("Later or besides"),
    Fit.REFUSED: gettext_lazy("Probably refused"),
    Fit.OTHER: gettext_lazy("Something else"),
}
FIT_TONES = {Fit.FIRST: "danger", Fit.USEFUL: "ok", Fit.REFUSED: "warn"}


@dataclass(frozen=True)
class Term:
    """What has to happen within how long, in words."""

    what: str
    length: str


@dataclass(frozen=True)
class Ours:
    """What is said beside the route that is ours: our own terms, and how long cases took if enough were closed."""

    terms: tuple[Term, ...] = ()
    days: str = ""
    cases: str = ""


@dataclass(frozen=True)
class Row:
    """One route in words."""

    key: str
    title: str
    fit: str
    tone: str
    reason: str
    good_for: str
    fee: str
    terms: list[Term]
    no_time: str
    papers: list[str]
    cannot: str
    provision: str
    places: list[PlaceWords]
    choice: str
    ours: Ours | None


def comparison(
    suggested: Iterable[Suggested],
    *,
    competence: Competence,
    operator: str,
    on: date,
    length_of: Callable[[Time], str],
    ours: Ours,
) -> dict[str, Any]:
    """Return the variables of the component: `rows`, `others` (matters of another kind) and the `bar`."""
    language = get_language()
    rows: list[Row] = []
    others: list[Row] = []
    for one in suggested:
        row = _row(one, competence, language, length_of, ours)
        (others if one.fit is Fit.OTHER else rows).append(row)
    bar = bar_of(operator, on)
    return {"rows": rows, "others": others, "bar": bar.in_language(language) if bar else ""}


def _row(
    one: Suggested,
    competence: Competence,
    language: str | None,
    length_of: Callable[[Time], str],
    ours: Ours,
) -> Row:
    route = one.route
    return Row(
        key=route.key,
        title=route.title.in_language(language),
        fit=str(FIT_LABELS[one.fit]),
        tone=FIT_TONES.get(one.fit, ""),
        reason=one.reason.in_language(language),
        good_for=route.good_for.in_language(language),
        fee=route.fee.in_language(language),
        terms=[Term(time.what.in_language(language), length_of(time)) for time in route.times],
        no_time=route.no_time.in_language(language) if route.no_time else "",
        papers=[paper.in_language(language) for paper in route.papers],
        cannot=route.cannot.in_language(language),
        provision=route.provision.in_language(language) if route.provision else "",
        places=_places(one, competence),
        choice=choice_words(competence) if route.key == "market_regulator" else "",
        ours=ours if one.is_ours else None,
    )


def _places(one: Suggested, competence: Competence) -> list[PlaceWords]:
    """Return the competent places; a court's also say why there is no internet court, where there is none."""
    places = [place_words(place) for place in one.places]
    is_possible = competence.internet_court.likelihood is Likelihood.POSSIBLE
    if one.route.key == ("internet_court" if is_possible else "court"):
        places.append(internet_court_words(competence.internet_court))
    return places
