"""Comma-separated file: PostgreSQL writes the rows, we write the headings."""

import codecs
import csv
import io
from typing import BinaryIO

from django.db import connection

from microguard.statistics.cases import CaseTable


def write(table: CaseTable, file: BinaryIO) -> int:
    """Write the table and return its number of rows; the file opens with a mark by which Excel knows UTF-8."""
    headings = io.StringIO()
    csv.writer(headings, lineterminator="\n").writerow(column.heading for column in table.columns)
    file.write(codecs.BOM_UTF8 + headings.getvalue().encode())
    compiler = table.selected.query.get_compiler(connection=connection, elide_empty=False)
    with connection.cursor() as cursor:
        # COPY takes no parameters: the driver binds them before it sends the statement.
        query = cursor.mogrify(*compiler.as_sql()).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')", file)
        return int(cursor.rowcount)
