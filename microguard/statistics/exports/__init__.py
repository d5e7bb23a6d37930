"""One writer for each kind of file; all write the same table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from microguard.statistics.cases import CaseTable
from microguard.statistics.exports import csv, xlsx


@dataclass(frozen=True)
class Writer:
    """How one kind of file is written, and what a browser is told about it."""

    write: Callable[[CaseTable, BinaryIO], int]
    content_type: str


WRITERS = {
    "csv": Writer(csv.write, "text/csv; charset=utf-8"),
    "xlsx": Writer(xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
