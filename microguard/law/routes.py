"""The routes a consumer may take, as dated data: what each is good for, what it costs, needs and cannot do.

The texts stand in `data/routes.toml`; which of them fit a dispute is chosen in `microguard/law/choosing.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from microguard.law.reading import ARTICLE, Entry, LawDataError, entry_of, tables_of
from microguard.law.wording import Wording

DATA = Path(__file__).parent / "data" / "routes.toml"
OPERATORS = ("consumer_association", "market_regulator", "mediation_organisation")
UNITS = ("working_days", "calendar_days", "hours", "months")
# Whose handling of the same dispute may make a market regulator refuse it.
BODIES = (
    "court",
    "arbitration",
    "market_regulator",
    "other_agency",
    "consumer_association",
    "mediation_organisation",
)
# Every route, in the order in which they are shown when equally useful, with the reasons that it has to word.
REASONS = {
    "police": {"usual", "gone", "several_gone", "banned_substance", "reported"},
    "private_contract": {"usual", "trade", "private"},
    "negotiation": {"usual", "tried", "gone"},
    "platform": {"usual", "name_seller", "no_platform", "tried"},
    "consumer_association": {"usual", "unknown_seller", "once", "not_consumer", "tried"},
    "market_regulator": {"usual", "unknown_seller", "once", "not_living", "private", "handled"},
    "mediation_organisation": {"usual", "unknown_seller"},
    "payment_order": {"usual"},
    "court": {"usual", "tried", "sued", "unknown_seller", "contract_law"},
    "internet_court": {"usual", "unknown_seller"},
    "arbitration": {"usual"},
    "pyramid_tip_off": {"usual"},
    "labour": {"usual"},
}
NEEDED = {"key", "title", "good_for", "fee", "papers", "cannot", "in_force_from", "source", "reasons"}
CITED = {"articles", "provision"}
SOMETIMES = {"fee_fen", "times", "no_time", "in_force_until", "refuses_after", "after_us"}
POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Time:
    """One statutory time on a route: a clock of the legislation with the operator it binds, or its own length."""

    what: Wording
    clock: str = ""
    operator: str = ""
    value: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One route as it stands from one day until another (excluded).

    `fee_fen` is None where the fee is not fixed. Either `times` or `no_time`, a sentence, says how long it takes.
    `refuses_after` names whose handling of the same dispute closes the route, `after_us` says what that means
    for the operator of this service.
    """

    key: str
    title: Wording
    good_for: Wording
    fee: Wording
    fee_fen: int | None
    times: tuple[Time, ...]
    no_time: Wording | None
    papers: tuple[Wording, ...]
    cannot: Wording
    articles: tuple[str, ...]
    provision: Wording | None
    in_force_from: date
    in_force_until: date | None
    source: str
    reasons: Mapping[str, Wording]
    refuses_after: tuple[str, ...]
    after_us: Mapping[str, Wording]

    def holds_on(self, day: date) -> bool:
        """Tell whether this version is in force on the day."""
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)


def load_routes(path: Path = DATA) -> tuple[Route, ...]:
    """Return every version of every route, in their order, all of them checked.

    :raises LawDataError: with one sentence that names the file and the entry
    """
    stated = [(_route(entry), entry) for entry in tables_of(path, "route")]
    stated.sort(key=lambda item: (list(REASONS).index(item[0].key), item[0].in_force_from))
    for (earlier, _entry), (later, entry) in pairwise(stated):
        if earlier.key == later.key and earlier.holds_on(later.in_force_from):
            raise entry.wrong(f"overlaps with {earlier.key} of {earlier.in_force_from}.")
    if missing := REASONS.keys() - {route.key for route, _entry in stated}:
        raise LawDataError(f"{path.name}: {', '.join(sorted(missing))} is missing.")
    return tuple(route for route, _entry in stated)


def _route(entry: Entry) -> Route:
    cited = entry.table.get("source") != POLICY
    entry.check_fields(NEEDED | (CITED if cited else set()), SOMETIMES)
    key = _one_of(entry, "key", REASONS)
    if ("times" in entry) == ("no_time" in entry):
        raise entry.wrong("either times or no_time says how long it takes.")
    if ("refuses_after" in entry) != ("after_us" in entry):
        raise entry.wrong("refuses_after and after_us belong together.")
    in_force_from, in_force_until = entry.span()
    return Route(
        key=key,
        title=entry.wording("title"),
        good_for=entry.wording("good_for"),
        fee=entry.wording("fee"),
        fee_fen=_fee(entry),
        times=tuple(_time(time) for time in _tables(entry, "times")),
        no_time=entry.wording("no_time") if "no_time" in entry else None,
        papers=_papers(entry),
        cannot=entry.wording("cannot"),
        articles=_articles(entry) if cited else (),
        provision=entry.wording("provision") if cited else None,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        source=_source(entry, cited),
        reasons=_wordings(entry, "reasons", REASONS[key]),
        refuses_after=entry.codes("refuses_after", among=BODIES),
        after_us=_wordings(entry, "after_us", OPERATORS) if "after_us" in entry else {},
    )


def _tables(entry: Entry, field: str) -> list[Entry]:
    """Return the tables inside an entry, each with its place."""
    tables = entry.list(field)
    if field in entry and not tables:
        raise entry.wrong(f"{field} is empty.")
    return [entry_of(table, f"{entry.place}, {field} {n}", field) for n, table in enumerate(tables, start=1)]


def _time(entry: Entry) -> Time:
    if "clock" in entry:
        entry.check_fields({"what", "clock", "operator"})
        return Time(
            entry.wording("what"), clock=entry.text("clock"), operator=_one_of(entry, "operator", OPERATORS)
        )
    entry.check_fields({"what", "value", "unit"})
    value = entry.positive(entry.table["value"], "value")
    return Time(entry.wording("what"), value=value, unit=_one_of(entry, "unit", UNITS))


def _one_of(entry: Entry, field: str, among: Iterable[str]) -> str:
    text = entry.text(field)
    if text not in among:
        raise entry.wrong(f"{field} is {text!r}; it is one of {', '.join(among)}.")
    return text


def _fee(entry: Entry) -> int | None:
    fee = entry.table.get("fee_fen")
    if fee is not None and (type(fee) is not int or fee < 0):
        raise entry.wrong(f"fee_fen is {fee!r}, not a sum in fen.")
    return fee


def _papers(entry: Entry) -> tuple[Wording, ...]:
    papers = tuple(
        Entry({"papers": paper}, f"{entry.place}, paper {n}").wording("papers")
        for n, paper in enumerate(entry.list("papers"), start=1)
    )
    if not papers:
        raise entry.wrong("papers names none.")
    return papers


def _articles(entry: Entry) -> tuple[str, ...]:
    articles = entry.codes("articles")
    for article in articles:
        if not ARTICLE.fullmatch(article):
            raise entry.wrong(f"articles holds {article!r}, which is no key such as SAMR-121-23.")
    if not articles:
        raise entry.wrong("articles names none.")
    return articles


def _source(entry: Entry, cited: bool) -> str:
    """Return the source; a text that nobody has read is never cited."""
    source = entry.text("source")
    if cited and not source.startswith("V/"):
        raise entry.wrong("what cites an article needs a source whose text was read (V/…).")
    return source


def _wordings(entry: Entry, field: str, keys: Iterable[str]) -> Mapping[str, Wording]:
    """Return the wordings of a table that has exactly these keys."""
    table = entry.table[field]
    if not isinstance(table, dict):
        raise entry.wrong(f"{field} is no table.")
    inner = Entry(table, f"{entry.place}, {field}")
    inner.check_fields(keys)
    return MappingProxyType({key: inner.wording(key) for key in table})


@cache
def routes() -> tuple[Route, ...]:
    """Return the installed routes, read and checked once.  :raises LawDataError:"""
    return load_routes()


def routes_on(day: date) -> dict[str, Route]:
    """Return the routes in force on the day by key, in their order."""
    return {route.key: route for route in routes() if route.holds_on(day)}
