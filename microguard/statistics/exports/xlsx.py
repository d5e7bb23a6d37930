"""Excel workbook: the rows on one sheet, what they mean on another."""

from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from microguard.core.errors import Refusal
from microguard.statistics.cases import CaseTable, Kind

LAST_ROW = 1_048_575  # of a sheet, counted from 0
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}
NUMBER_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.YUAN: "#,##0.00", Kind.NUMBER: "0"}
WIDTH = 18


class TooManyRows(Refusal):
    """The table does not fit on a sheet."""

    code = "too_many_rows"


def write(table: CaseTable, file: BinaryIO) -> int:
    """Write the table and its notes, and return the number of rows.

    :raises TooManyRows: when a sheet cannot hold them
    """
    with xlsxwriter.Workbook(file, OPTIONS) as workbook:
        workbook.set_properties({"created": table.made_at})
        bold = workbook.add_format({"bold": True})
        rows = _write_data(table, workbook, bold)
        _write_notes(table, workbook, bold)
    return rows


def _write_data(table: CaseTable, workbook: Any, bold: Any) -> int:
    sheet = workbook.add_worksheet(_("Data"))
    sheet.set_column(0, len(table.columns) - 1, WIDTH)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, [column.heading for column in table.columns], bold)
    formats = {kind: workbook.add_format({"num_format": code}) for kind, code in NUMBER_FORMATS.items()}
    writers = {Kind.TEXT: sheet.write_string, Kind.DATE: sheet.write_datetime}
    cells = [(writers.get(column.kind, sheet.write_number), formats.get(column.kind)) for column in table.columns]
    number = 0
    for number, row in enumerate(table.rows(), start=1):
        if number > LAST_ROW:
            raise TooManyRows(_("These are too many rows for a workbook. Choose CSV."))
        for place, ((write_cell, number_format), value) in enumerate(zip(cells, row, strict=True)):
            if value is not None:
                write_cell(number, place, value, number_format)
    sheet.autofilter(0, 0, number, len(table.columns) - 1)
    return number


def _write_notes(table: CaseTable, workbook: Any, bold: Any) -> None:
    sheet = workbook.add_worksheet(_("Notes"))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    columns = [(column.heading, column.meaning) for column in table.columns]
    lines = [*table.notes, ("", ""), (_("Column"), _("Meaning")), *columns]
    for number, (term, meaning) in enumerate(lines):
        sheet.write_string(number, 0, term, bold)
        sheet.write_string(number, 1, meaning)
