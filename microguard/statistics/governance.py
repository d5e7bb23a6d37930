"""The five remedies against wrongs in micro-business: what this service does for each, and one figure of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from microguard.deadlines.legislation import legislation
from microguard.statistics.publication import Published


@dataclass(frozen=True)
class Remedy:
    """One remedy: its name, what we do for it, a figure with the way to its definition, and where to go."""

    icon: str
    name: str
    sentence: str
    figure: Published
    definition_url: str
    link: str
    url: str
    further_link: str = ""
    further_url: str = ""


def remedies(published: Iterable[Published], *, operator: str, on: date) -> list[Remedy]:
    """Return the five remedies in their order, with figures from among those published.

    :raises microguard.deadlines.legislation.UnknownOperator:
    """
    figures = {figure.key: figure for figure in published}
    stats, rules, help_page = reverse("stats"), reverse("rules"), reverse("help")
    return [
        Remedy(
            "file",
            _("Legislation"),
            _("Each time limit and each side's duties are kept as dated data, with the article they rest on."),
            _rules_in_force(operator, on),
            rules,
            _("See who owes what"),
            reverse("law:parties"),
            _("See where the law leaves gaps"),
            reverse("law_gaps"),
        ),
        Remedy(
            "scales",
            _("The judicial path"),
            _("Disputes are settled step by step; evidence, answers and agreements stay on record."),
            figures["resolved"],
            f"{stats}#resolved",
            _("See how cases end"),
            stats,
        ),
        Remedy(
            "shield",
            _("Law enforcement"),
            _("Each step has a term and counts as late when missed; regulators see the cases of their area."),
            figures["decided-in-time"],
            f"{stats}#decided-in-time",
            _("Sign in for regulators"),
            reverse("statistics:home"),
        ),
        Remedy(
            "people",
            _("Self-discipline of platforms and sellers"),
            _("A seller answers by a link, without an account, and can show that a promise was kept."),
            figures["answered-in-time"],
            f"{stats}#answered-in-time",
            _("I sell and got a link"),
            f"{help_page}#link",
        ),
        Remedy(
            "info",
            _("Awareness of consumers"),
            _("Look a seller up before paying; plain words say what to ask for and which proof to keep."),
            figures["filed"],
            f"{stats}#filed",
            _("Check a seller"),
            reverse("sellers:look_up"),
        ),
    ]


def _rules_in_force(operator: str, on: date) -> Published:
    in_force = legislation().clocks_of(operator, on)
    by_law = sum(version.statutory for version in in_force)
    detail = _("{law} set by law, {ours} by ourselves").format(law=by_law, ours=len(in_force) - by_law)
    return Published(
        "rules",
        _("Time limits in force"),
        str(len(in_force)),
        detail,
        _("Versions of time limits that hold for us today."),
        is_now=True,
    )
