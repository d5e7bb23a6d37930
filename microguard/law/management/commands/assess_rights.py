"""Tells what may be claimed: facts of disputes in, remedies, conditions and reasons out, in JSON lines."""

import json
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from microguard.core import clock
from microguard.core.errors import Refusal
from microguard.law.answers import answer_line, schema
from microguard.law.rights import assess
from microguard.law.vocabulary import BadFacts, read_facts

LONGEST_LINE = 1_000_000  # bytes; the facts of one dispute are a few thousand


class Command(BaseCommand):
    """Answers one line per input line, in order; a bad line gets an error and the others go on."""

    help = "Assess rights: facts as JSON lines from stdin, one answer a line on stdout. It needs no server."
    # Everything comes from the installed files: no database, no server, no secret.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the day of the law, the language, and the schema."""
        parser.add_argument("--as-of", help="the day whose law is applied (default: today)")
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans", help="of the sentences")
        parser.add_argument("--schema", action="store_true", help="print the vocabulary of the facts and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read stdin to its end.  :raises CommandError: when a line was bad or the day cannot be used"""
        if options["schema"]:
            self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2))
            return
        on = _day(options["as_of"])
        bad = 0
        with translation.override(options["language"]):
            for number, line in enumerate(_lines(), start=1):
                try:
                    reply = answer_line(assess(read_facts(_content(line)), on), options["language"])
                except Refusal as refusal:
                    bad += 1
                    reply = {"line": number, "error": {"code": refusal.code, "message": refusal.message}}
                self.stdout.write(json.dumps(reply, ensure_ascii=False))
        if bad:
            raise CommandError(_("Lines that could not be answered: {bad}").format(bad=bad))


def _lines() -> Any:
    """Return each line of stdin, of one that is too long only its beginning: it is refused, not kept in memory."""
    while line := sys.stdin.buffer.readline(LONGEST_LINE + 1):
        whole = line
        while not line.endswith(b"\n") and (line := sys.stdin.buffer.readline(LONGEST_LINE)):
            continue
        yield whole


def _content(line: bytes) -> Any:
    if len(line) > LONGEST_LINE:
        raise BadFacts(_("This line is longer than {most} bytes."), code="too_long", most=LONGEST_LINE)
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadFacts(_("This line is not JSON."), code="bad_json") from error


def _day(text: str | None) -> date:
    if text is None:
        return clock.machine_day()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("“{value}” is not an ISO date.").format(value=text)) from error
