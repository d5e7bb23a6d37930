"""Assessments of reported cases, against one comparison of every row of every table: the least they need."""

from datetime import datetime

from microguard.bench.people import Office
from microguard.bench.rounds import Race, Stopwatch, expect
from microguard.core import clock
from microguard.law.real_cases import real_cases
from microguard.law.rights import assess
from microguard.law.tables import rulebook

TIMES = 10


def race(_office: Office, at: datetime) -> Race:
    """Return the race: each reported case ten times over; `assessments` says how many the time is for."""
    on = clock.day_of(at)
    facts = [case.facts for case in real_cases()] * TIMES
    states = [assess(case, on).state for case in facts]
    book = rulebook(on)
    rows = [row.when for table in (*book.questions, *book.remedies) for row in table.rows]

    def once(watch: Stopwatch) -> None:
        with watch.running():
            answers = [assess(case, on) for case in facts]
        expect(all(answer.remedies for answer in answers), "a case got no answer")

    def floor(watch: Stopwatch) -> None:
        met = 0
        with watch.running():
            for state in states:
                for when in rows:
                    for name, values in when.items():
                        if state[name] not in values:
                            break
                    else:
                        met += 1
        expect(met > len(states), "no row was met")

    return Race(
        "rights",
        f"{len(facts)} assessments",
        once,
        f"{len(rows)} rows compared for each",
        floor,
        samples=5,
        more={"assessments": len(facts)},
    )
