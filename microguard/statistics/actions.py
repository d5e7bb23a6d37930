"""Handing out a file of figures: who got what is on record."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BufferedRandom

from django.db import transaction
from django.utils import translation

from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.accounts.roles import Role
from microguard.core.clock import day_of
from microguard.events import actions as events
from microguard.statistics.cases import CaseTable, case_table
from microguard.statistics.counts import count_table
from microguard.statistics.exports import WRITERS
from microguard.statistics.periods import PRESETS, Period


@dataclass(frozen=True)
class ExportLog:
    """What the facts about files belong to."""

    chain: str = "statistics/exports"


@dataclass(frozen=True)
class Exported:
    """What was written: number of rows, and the fingerprint of the file."""

    rows: int
    sha256: str


def scope_for(reader: Actor) -> str | None:
    """Return the beginning of the division codes that the reader may see figures of; None is everywhere.

    :raises microguard.accounts.policies.NotAllowed: when there is nothing for this reader to see
    """
    policies.require(reader, "statistics.export")
    if Role.SUPERVISOR in reader.roles:
        return None
    if not reader.scope:
        raise policies.NotAllowed("statistics.export")
    return reader.scope


def export_cases(
    file: BufferedRandom, *, preset: str, kind: str, scope: str | None, language: str, by: Actor, at: datetime
) -> Exported:
    """Write the file of this preset and kind, leave it at its beginning, and record that it was handed out.

    :raises microguard.statistics.exports.xlsx.TooManyRows: when the rows do not fit into a file of this kind
    """
    period = PRESETS[preset](day_of(at))
    with translation.override(language):
        table = case_table(period, scope=scope, at=at)
        return _hand_out(file, table, name=preset, first=period.first, kind=kind, scope=scope, by=by, at=at)


def export_counts(
    file: BufferedRandom,
    *,
    dimensions: Sequence[str],
    period: Period,
    kind: str,
    scope: str | None,
    language: str,
    by: Actor,
    at: datetime,
) -> Exported:
    """Write how many complaints were filed in the period by these dimensions, and record that it was handed out.

    :raises microguard.statistics.exports.xlsx.TooManyRows: when the rows do not fit into a file of this kind
    """
    with translation.override(language):
        table = count_table(period, dimensions, scope=scope, at=at)
        name = f"by-{'-'.join(dimensions)}"
        return _hand_out(file, table, name=name, first=period.first, kind=kind, scope=scope, by=by, at=at)


def _hand_out(
    file: BufferedRandom,
    table: CaseTable,
    *,
    name: str,
    first: date,
    kind: str,
    scope: str | None,
    by: Actor,
    at: datetime,
) -> Exported:
    rows = WRITERS[kind].write(table, file)
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    with transaction.atomic():
        events.record(
            "statistics.exported",
            ExportLog(),
            by=by,
            at=at,
            preset=name,
            first=first.isoformat(),
            kind=kind,
            scope=scope or "",
            rows=rows,
            sha256=sha256,
        )
    return Exported(rows, sha256)
