"""The command writes the files that regulators download."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from microguard.core.clock import CHINA
from microguard.events.models import Event
from microguard.statistics.cases import DEFINITIONS_VERSION
from microguard.statistics.exports import xlsx
from tests.cases import a_filed_complaint
from tests.clock import MONDAY_MORNING
from tests.unit.statistics.reading import rows_of_csv, rows_of_xlsx

OCTOBER_12 = datetime(2026, 10, 12, 10, 0, tzinfo=CHINA)
BEIJING = "110105"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_command_writes_the_file_and_says_what_is_in_it(
    db: None,
    kind: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    clock_at: Callable[[datetime], None],
) -> None:
    clock_at(MONDAY_MORNING)
    shenzhen = a_filed_complaint(OCTOBER_12)
    a_filed_complaint(OCTOBER_12, division=BEIJING)
    output = tmp_path / f"上月.{kind}"
    options = {"preset": "last-month-cases", "format": kind, "output": str(output), "language": "en"}

    call_command("export_statistics", **options, scope="4403")

    content = output.read_bytes()
    assert json.loads(capsys.readouterr().out) == {
        "output": str(output),
        "rows": 1,
        "sha256": hashlib.sha256(content).hexdigest(),
        "definitions_version": DEFINITIONS_VERSION,
    }
    rows = rows_of_csv(content) if kind == "csv" else rows_of_xlsx(content)
    assert [row["Case number"] for row in rows] == [shenzhen.number]
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize(
    "wrong", [["--preset", "month"], ["--format", "pdf"], ["--scope", "99"], ["--scope", "44%"], ["--scope", ""]]
)
def test_the_command_refuses_what_it_does_not_know(db: None, tmp_path: Path, wrong: list[str]) -> None:
    output = tmp_path / "cases.csv"
    words = ["--preset", "last-month-cases", "--format", "csv", "--output", str(output), *wrong]

    with pytest.raises(CommandError):
        call_command("export_statistics", *words)

    assert list(tmp_path.iterdir()) == []


def test_rows_that_no_sheet_can_hold_are_refused_and_the_old_file_stays(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(MONDAY_MORNING)
    monkeypatch.setattr(xlsx, "LAST_ROW", 1)
    a_filed_complaint(OCTOBER_12)
    a_filed_complaint(OCTOBER_12)
    output = tmp_path / "cases.xlsx"
    output.write_bytes(b"older")

    with pytest.raises(CommandError):
        call_command("export_statistics", preset="last-month-cases", format="xlsx", output=str(output))

    assert output.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [output]
    assert not Event.objects.filter(name="statistics.exported").exists()
