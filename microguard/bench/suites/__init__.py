"""The suites by name: each makes the race of one thing against its floor, in a database that is seeded."""

from collections.abc import Callable
from datetime import datetime

from microguard.bench.people import Office
from microguard.bench.rounds import Race
from microguard.bench.suites import csv, filing, look_up, pages, rights, sweep, terms

SUITES: dict[str, Callable[[Office, datetime], Race]] = {
    "filing": filing.race,
    "case_page": pages.case_page,
    "docket": pages.docket,
    "sweep": sweep.of("sweep", each=1),
    "sweep_tenfold": sweep.of("sweep_tenfold", each=10),
    "csv": csv.race,
    "rights": rights.race,
    "terms": terms.race,
    "look_up": look_up.race,
}
