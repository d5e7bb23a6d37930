"""Where the law leaves gaps: counted in SQL what one counts by hand, rare kinds withheld, the file the same."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from complaints.models import Complaint
from complaints.rules.law_facts import REMEDIES_OF
from complaints.selectors import law_facts
from complaints.states import Channel, Problem
from microguard.law.basis import basis_of, worst
from microguard.law.rights import assess
from microguard.statistics.gaps import GAPS, gaps_in
from microguard.statistics.periods import last_twelve_months
from tests.cases import a_draft, a_filed_complaint
from tests.clock import MONDAY_MORNING, MONDAY_NOON
from tests.people import Office
from tests.visitors import a_browser, at_desk

PAGE, FILE = "/en/law-gaps/", "/en/law-gaps.csv"
YEAR = last_twelve_months(MONDAY_NOON.date())


@pytest.fixture(autouse=True)
def _monday_noon(db: None, clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


def file_some() -> None:
    """Six refused returns in groups, four in moments, five repairs of what never came, and clear cases."""
    for _number in range(6):
        a_filed_complaint(problem="REFUND_REFUSED", channel="GROUP")
    for _number in range(4):
        a_filed_complaint(problem="REFUND_REFUSED", channel="MOMENTS")
    for _number in range(7):
        a_filed_complaint(problem="NOT_DELIVERED", channel="GROUP")
    a_filed_complaint(
        MONDAY_MORNING - timedelta(days=400), problem="REFUND_REFUSED", channel="GROUP", paid_date="2025-10-01"
    )
    a_draft(problem="REFUND_REFUSED", channel="GROUP")


def by_hand(complaints: Any) -> Counter[tuple[str, ...]]:
    """What one counts who assesses each complaint anew."""
    counted: Counter[tuple[str, ...]] = Counter()
    for complaint in complaints:
        day = complaint.filed_at.date()
        whole = assess(law_facts(complaint, on=day), day)
        claims = {claim.kind: basis_of(whole, REMEDIES_OF[claim.kind]) for claim in complaint.claims.all()}
        _claim, basis = worst(claims)
        if basis.found in GAPS:
            counted[complaint.problem, complaint.channel, *map(str, basis)] += 1
    return counted


def test_the_numbers_are_those_of_a_direct_count_over_the_same_complaints() -> None:
    file_some()
    for problem in Problem.values:
        for channel in Channel.values:
            a_filed_complaint(problem=problem, channel=channel)
    filed = Complaint.objects.filed().filter(filed_at__gte=YEAR.begins_at)

    gaps = gaps_in(YEAR, least=1)

    found = {(gap.problem, gap.channel, *map(str, gap.basis)): gap.counted.part for gap in gaps.shown}
    assert found == dict(by_hand(filed))
    assert sum(found.values()) > 20
    for gap in gaps.shown:
        assert gap.counted.whole == filed.filter(problem=gap.problem, channel=gap.channel).count()


def test_everybody_reads_what_occurred_five_times_and_how_many_kinds_are_rarer() -> None:
    file_some()

    page = a_browser().get(PAGE)

    assert [(line.problem, line.channel, line.number, line.share) for line in page.context["lines"]] == [
        ("Return or refund refused", "Group", 6, "6 / 6"),
    ]
    assert page.context["withheld"] == 1
    assert "Moments" not in page.text
    (line,) = page.context["lines"]
    assert (line.found, line.remedy) == ("Only under a condition", "Money back")
    assert line.question
    assert line.reason
    assert "art." in line.articles


def test_the_office_sees_rare_kinds_and_chooses_the_days(office: Office) -> None:
    file_some()
    browser = at_desk(office.li_officer)

    all_of_it = browser.get(PAGE)
    earlier = browser.get(PAGE, {"first": "2025-10-01", "last": "2025-10-31"})

    assert sorted(line.number for line in all_of_it.context["lines"]) == [4, 6]
    assert [line.number for line in earlier.context["lines"]] == [1]


@pytest.mark.parametrize(
    "days",
    [{"first": "x", "last": "2026-01-01"}, {"first": "2026-02-01", "last": "2026-01-01"}, {"first": "0001-01-01"}],
    ids=str,
)
def test_days_that_are_none_get_a_sentence(office: Office, days: dict[str, str]) -> None:
    page = at_desk(office.li_officer).get(PAGE, days)

    assert page.status_code == 422
    assert "Choose a first and a last day" in page.text


def test_a_visitor_cannot_choose_days_to_tell_small_numbers_apart() -> None:
    file_some()

    page = a_browser().get(PAGE, {"first": "2026-11-23", "last": "2026-11-23"})

    assert page.context["period"] == YEAR
    assert page.context["form"] is None


def test_the_file_holds_what_is_published_also_for_the_office(office: Office) -> None:
    file_some()

    files = [browser.get(FILE).content for browser in (a_browser(), at_desk(office.li_officer))]

    assert files[0] == files[1]
    rows = list(csv.DictReader(io.StringIO(files[0].decode("utf-8-sig"))))
    assert [(row["Problem"], row["Complaints"]) for row in rows] == [("Return or refund refused", "6")]


def test_the_page_takes_two_statements_however_many_complaints(django_assert_num_queries: Any) -> None:
    file_some()
    browser = a_browser()

    with django_assert_num_queries(2):
        browser.get(PAGE)


def test_without_complaints_there_is_nothing_to_show() -> None:
    page = a_browser().get("/law-gaps/")

    assert page.status_code == 200
    assert page.context["lines"] == []


def test_the_page_of_the_five_remedies_leads_there() -> None:
    assert 'href="/en/law-gaps/"' in a_browser().get("/en/governance/").text
