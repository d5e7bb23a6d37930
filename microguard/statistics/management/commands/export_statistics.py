"""Writes a file of figures and says in JSON what is in it."""

import json
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from microguard.accounts.actors import SYSTEM
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.jurisdictions.divisions import divisions
from microguard.statistics.actions import Exported, export_cases, export_counts
from microguard.statistics.cases import DEFINITIONS_VERSION
from microguard.statistics.counts import DIMENSIONS
from microguard.statistics.exports import WRITERS
from microguard.statistics.periods import PRESETS, Period


class Command(BaseCommand):
    """Writes the same files that regulators download."""

    help = "Write a file of figures: one JSON line says where it is and what is in it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the options."""
        table = parser.add_mutually_exclusive_group(required=True)
        table.add_argument("--preset", choices=sorted(PRESETS))
        table.add_argument("--by", type=known_dimensions, help=f"a count by some of: {', '.join(DIMENSIONS)}")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="with --by: the first day")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="with --by: the last day")
        parser.add_argument("--format", required=True, choices=sorted(WRITERS))
        parser.add_argument("--output", required=True, help="the file to write")
        parser.add_argument("--scope", type=known_scope, help="first digits of division codes, such as 4403")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; one that stood there before is replaced only by a whole one.

        :raises CommandError: when it cannot be written
        """
        export = self._export(options)
        output = Path(options["output"])
        unfinished = output.with_name(f".{output.name}.part")
        try:
            with unfinished.open("w+b") as file:
                exported = export(
                    file,
                    kind=options["format"],
                    scope=options["scope"],
                    language=options["language"],
                    by=SYSTEM,
                    at=clock.now(),
                )
            unfinished.replace(output)
        except (OSError, Refusal) as error:
            raise CommandError(_("The file was not written: {reason}").format(reason=error)) from error
        finally:
            unfinished.unlink(missing_ok=True)
        answer = {
            "output": str(output),
            "rows": exported.rows,
            "sha256": exported.sha256,
            "definitions_version": DEFINITIONS_VERSION,
        }
        self.stdout.write(json.dumps(answer))

    def _export(self, options: dict[str, Any]) -> Callable[..., Exported]:
        """Return what writes the table that was asked for.

        :raises CommandError: when a count has no period, or a preset another one
        """
        first, last = options["first"], options["last"]
        if options["preset"]:
            if first or last:
                raise CommandError(_("A preset has its own period: leave out --from and --to."))
            return partial(export_cases, preset=options["preset"])
        if not first or not last or last < first:
            raise CommandError(_("A count needs --from and --to, the first day not after the last."))
        return partial(export_counts, dimensions=options["by"], period=Period(first, last))


def known_dimensions(text: str) -> list[str]:
    """Return the names of dimensions as typed, each once.

    :raises argparse.ArgumentTypeError: when one is unknown
    """
    names = list(dict.fromkeys(text.split(",")))
    if unknown := [name for name in names if name not in DIMENSIONS]:
        raise ArgumentTypeError(
            _("“{name}” is no dimension; there are: {names}.").format(name=unknown[0], names=", ".join(DIMENSIONS))
        )
    return names


def known_scope(text: str) -> str:
    """Return the first digits of division codes as typed.

    :raises argparse.ArgumentTypeError: when no division begins with them
    """
    if not text or not any(code.startswith(text) for code in divisions()):
        raise ArgumentTypeError(_("No division code begins with “{text}”.").format(text=text))
    return text
