"""Due dates, a million of them with ten thousand cases, against as many empty answers."""

from datetime import datetime, timedelta
from itertools import cycle, islice

from complaints.models import Complaint
from microguard.bench.people import Office
from microguard.bench.rounds import Race, Stopwatch, expect
from microguard.core.clock import CHINA
from microguard.deadlines.calendar import shipped_calendar
from microguard.deadlines.legislation import in_force
from microguard.deadlines.terms import Term, compute

A_CASE = 100
DAYS = 200
BEGUN = datetime(2026, 4, 15, 9, 30, tzinfo=CHINA)
# Working days, calendar days and hours, as a regulator's cases have them.
RULES = ("complaint.acceptance", "mediation.term", "respondent.answer", "settlement.cooling_off")


def race(office: Office, at: datetime) -> Race:
    """Return the race, a hundred due dates a case: rules in turn, from instants and from days."""
    terms = A_CASE * Complaint.objects.count()
    calendar = shipped_calendar()
    versions = [in_force(rule, "market_regulator", BEGUN.date()) for rule in RULES]
    instants = [BEGUN + timedelta(days=days) for days in range(DAYS)]
    starts = [*instants, *(instant.date() for instant in instants)]
    triggers = list(islice(cycle((version, start) for start in starts for version in versions), terms))

    def once(watch: Stopwatch) -> None:
        with watch.running():
            computed = [compute(version, start, calendar) for version, start in triggers]
        expect(computed[0] == compute(*triggers[0], calendar) and len(computed) == terms, "terms are missing")

    def floor(watch: Stopwatch) -> None:
        day = BEGUN.date()
        with watch.running():
            made = [Term(day, day, BEGUN, provisional=False) for _ in triggers]
        expect(len(made) == terms, "terms are missing")

    return Race(
        "terms",
        "due dates of four rules in turn, one core",
        once,
        "as many answers of which nothing is computed",
        floor,
        samples=1,
        more={"terms": terms},
    )
