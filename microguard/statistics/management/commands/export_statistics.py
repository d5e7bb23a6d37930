"""Writes a file of figures and says in JSON what is in it."""

import json
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from microguard.accounts.actors import SYSTEM
from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.jurisdictions.divisions import divisions
from microguard.statistics.actions import export_cases
from microguard.statistics.cases import DEFINITIONS_VERSION
from microguard.statistics.exports import WRITERS
from microguard.statistics.periods import PRESETS


class Command(BaseCommand):
    """Writes the same files that regulators download."""

    help = "Write a file of figures: one JSON line says where it is and what is in it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the options."""
        parser.add_argument("--preset", required=True, choices=sorted(PRESETS))
        parser.add_argument("--format", required=True, choices=sorted(WRITERS))
        parser.add_argument("--output", required=True, help="the file to write")
        parser.add_argument("--scope", type=known_scope, help="first digits of division codes, such as 4403")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; one that stood there before is replaced only by a whole one.

        :raises CommandError: when it cannot be written
        """
        output = Path(options["output"])
        unfinished = output.with_name(f".{output.name}.part")
        try:
            with unfinished.open("w+b") as file:
                exported = export_cases(
                    file,
                    preset=options["preset"],
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


def known_scope(text: str) -> str:
    """Return the first digits of division codes as typed.

    :raises argparse.ArgumentTypeError: when no division begins with them
    """
    if not text or not any(code.startswith(text) for code in divisions()):
        raise ArgumentTypeError(_("No division code begins with “{text}”.").format(text=text))
    return text
