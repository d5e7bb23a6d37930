"""Counts by dimensions: what the rows say, each right once, small numbers withheld."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from complaints.actions.standing import judge_right
from complaints.models import Complaint, ComplaintRight
from complaints.states import Problem
from microguard.accounts.actors import SYSTEM
from microguard.events.models import Event
from microguard.statistics.actions import export_counts
from microguard.statistics.counts import DIMENSIONS
from microguard.statistics.periods import Period
from tests.cases import a_filed_complaint
from tests.clock import MONDAY_MORNING, MONDAY_NOON, TUESDAY_MORNING
from tests.people import Office
from tests.unit.statistics.reading import rows_of_csv, rows_of_xlsx

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def counted(*dimensions: str, kind: str = "csv", scope: str | None = None) -> list[dict[str, Any]]:
    with TemporaryFile() as file:
        export_counts(
            file,
            dimensions=dimensions,
            period=NOVEMBER,
            kind=kind,
            scope=scope,
            language="en",
            by=SYSTEM,
            at=TUESDAY_MORNING,
        )
        return rows_of_csv(file.read()) if kind == "csv" else rows_of_xlsx(file.read())


def file_many(office: Office) -> None:
    """Six of each problem; in one an officer removed the right, in five of another confirmed safety."""
    for problem in Problem.values:
        for _number in range(6):
            a_filed_complaint(problem=problem)
    shoes = Complaint.objects.filter(problem="DEFECT").order_by("pk")
    judge_right(complaint_id=shoes[0].pk, right="fair_trade", verdict="REMOVED", by=office.li, at=MONDAY_NOON)
    for complaint in shoes[1:]:
        judge_right(complaint_id=complaint.pk, right="safety", verdict="CONFIRMED", by=office.li, at=MONDAY_NOON)


def test_the_count_by_right_is_that_of_the_rows(office: Office) -> None:
    file_many(office)
    rows = ComplaintRight.objects.exclude(source="REMOVED")
    expected = {
        right: rows.filter(right=right).values("complaint").distinct().count()
        for right in set(rows.values_list("right", flat=True))
    }
    without = Complaint.objects.exclude(pk__in=rows.values("complaint")).count()

    found = {row["Consumer rights"]: row["Complaints filed"] for row in counted("right")}

    names = {"safety": "Safety", "knowledge": "Knowledge", "choice": "Choice", "fair_trade": "Fair trade"}
    assert found == {names[right]: str(n) for right, n in expected.items()} | {"": str(without)}
    assert (expected["safety"], without) == (11, 7)


def test_a_removed_right_counts_nowhere_and_a_complaint_counts_once_for_each_right(office: Office) -> None:
    complaint = a_filed_complaint(problem="COUNTERFEIT")
    for right in ("safety", "choice"):
        judge_right(complaint_id=complaint.pk, right=right, verdict="CONFIRMED", by=office.li, at=MONDAY_NOON)
    judge_right(complaint_id=complaint.pk, right="fair_trade", verdict="REMOVED", by=office.li, at=MONDAY_NOON)

    assert {row["Consumer rights"] for row in counted("right")} == {"Knowledge", "Safety", "Choice"}
    assert len(counted("source")) == 1


def test_fewer_than_five_are_withheld(db: None) -> None:
    for _number in range(4):
        a_filed_complaint(problem="REFUND_REFUSED")

    assert [row["Complaints filed"] for row in counted("right")] == [""]
    a_filed_complaint(problem="REFUND_REFUSED")
    assert [row["Complaints filed"] for row in counted("right")] == ["5"]


def test_dimensions_cross_and_the_workbook_holds_numbers(office: Office) -> None:
    file_many(office)

    rows = counted("month", "region", "source", "platform", "right", kind="xlsx")

    assert {row["Month"] for row in rows} == {"2026-11"}
    assert {row["Province"] for row in rows} == {"广东省"}
    assert sum(row["Complaints filed"] or 0 for row in rows if row["Consumer rights"] is None) == 7


def test_a_scope_sees_its_own_divisions(office: Office) -> None:
    file_many(office)

    assert counted("right", scope="1101") == []


def test_each_dimension_stands_alone(office: Office) -> None:
    file_many(office)

    for dimension in set(DIMENSIONS) - {"right"}:
        assert sum(int(row["Complaints filed"]) for row in counted(dimension)) == 48, dimension


def test_the_file_that_was_handed_out_is_on_record(db: None) -> None:
    counted("right", "month")

    facts = Event.objects.get(name="statistics.exported").facts
    assert (facts["preset"], facts["first"]) == ("by-right-month", "2026-11-01")


def test_the_command_counts(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock_at: Callable[[datetime], None]
) -> None:
    clock_at(TUESDAY_MORNING)
    for _number in range(5):
        a_filed_complaint(MONDAY_MORNING)
    output = tmp_path / "rights.csv"

    call_command(
        "export_statistics",
        *("--by", "right", "--from", "2026-11-01", "--to", "2026-11-30"),
        *("--format", "csv", "--output", str(output), "--language", "en"),
    )

    assert json.loads(capsys.readouterr().out)["rows"] == 1
    rows = list(csv.reader(io.StringIO(output.read_text(encoding="utf-8-sig"))))
    assert rows == [["Consumer rights", "Complaints filed"], ["Fair trade", "5"]]


@pytest.mark.parametrize(
    "words",
    [
        ["--by", "right"],
        ["--by", "right", "--from", "2026-11-02", "--to", "2026-11-01"],
        ["--by", "colour", "--from", "2026-11-01", "--to", "2026-11-02"],
        ["--by", "right", "--preset", "last-month-cases"],
        ["--preset", "last-month-cases", "--from", "2026-11-01"],
        ["--by", "right", "--from", "soon", "--to", "2026-11-02"],
        [],
    ],
    ids=" ".join,
)
def test_a_count_that_cannot_be_made_is_refused_with_a_sentence(
    db: None, tmp_path: Path, words: list[str]
) -> None:
    with pytest.raises(CommandError):
        call_command("export_statistics", *words, "--format", "csv", "--output", str(tmp_path / "x.csv"))
    assert not list(tmp_path.iterdir())
