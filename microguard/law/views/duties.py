"""The duty register for people: whose duties there are, and one page for each of them."""

from collections import Counter
from itertools import groupby
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from microguard.core import clock
from microguard.law.duties import duties_of, register
from microguard.law.register import Basis, Duty, Kind, Party, Topic, UnknownParty


class Line(NamedTuple):
    """A party with how many duties it has, and how many by law."""

    party: Party
    number: int
    by_law: int


class Shown(NamedTuple):
    """A duty with the address of the page that shows it; nothing when it is not a page anybody can open."""

    duty: Duty
    address: str


def parties(request: HttpRequest) -> HttpResponse:
    """Show every party with how many duties it has today."""
    today = clock.day_of(clock.now())
    lines = []
    for party in register().parties.values():
        bases = Counter(duty.basis for duty in duties_of(party.key, today))
        lines.append(Line(party, bases.total(), bases[Basis.STATUTORY]))
    return render(request, "law/parties.html", {"lines": lines, "today": today})


def duties(request: HttpRequest, party: str) -> HttpResponse:
    """Show one party's duties in force today, topic by topic.  404 for a party that the register has not."""
    today = clock.day_of(clock.now())
    try:
        in_force = duties_of(party, today)
    except UnknownParty as error:
        raise Http404 from error
    topics: list[tuple[Topic, list[Shown]]] = [
        (register().topics[key], [Shown(duty, address_of(duty)) for duty in found])
        for key, found in groupby(in_force, key=lambda duty: duty.topic)
    ]
    return render(
        request, "law/duties.html", {"party": register().parties[party], "topics": topics, "today": today}
    )


def address_of(duty: Duty) -> str:
    """Return the address of the page that shows the duty; nothing for another sign or a page of a case."""
    if duty.shown_by.kind is not Kind.PAGE or duty.shown_by.code is None:
        return ""
    try:
        return reverse(duty.shown_by.code)
    except NoReverseMatch:
        return ""
