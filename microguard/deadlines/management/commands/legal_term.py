"""Computes legal terms: a clock's key and its trigger in, due dates and article out, in JSON lines."""

import json
import re
import sys
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal
from microguard.deadlines.calendar import CHINA, OutsideCalendar, shipped_calendar
from microguard.deadlines.legislation import in_force
from microguard.deadlines.terms import Suspension, compute

DEFAULT_OPERATOR = "market_regulator"
FIELDS = {"rule", "trigger", "operator", "suspended"}
PLAIN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadRequest(Refusal):
    """A line that asks for nothing that can be computed."""

    code = "bad_request"


class Command(BaseCommand):
    """Answers one line per input line, in order; a bad line gets an error and the others go on."""

    help = (
        "Compute legal terms: JSON lines from stdin, one answer a line on stdout. Counts by the calendars that "
        "ship with this release; years that an operator has loaded since are not among them."
    )
    # Everything comes from the installed files: no database, no server, no secret.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Read stdin to its end.  :raises CommandError: when a line was bad"""
        bad = 0
        for number, line in enumerate(sys.stdin.buffer, start=1):
            try:
                reply: dict[str, Any] = answer(line)
            except Refusal as refusal:
                bad += 1
                reply = {"line": number, "error": {"code": refusal.code, "message": refusal.message}}
            self.stdout.write(json.dumps(reply))
        if bad:
            raise CommandError(_("Lines that could not be answered: {bad}").format(bad=bad))


def answer(line: bytes) -> dict[str, Any]:
    """Return the due dates that one line asks for.

    :raises Refusal: with a code that says what is wrong with the line
    """
    request = _request(line)
    trigger = _trigger(request["trigger"])
    day = trigger.date() if isinstance(trigger, datetime) else trigger
    operator = request.get("operator", DEFAULT_OPERATOR)
    version = in_force(_text(request["rule"], "rule"), _text(operator, "operator"), day)
    suspended = _suspensions(request.get("suspended", []))
    try:
        term = compute(version, trigger, shipped_calendar(), suspended)
    except (OutsideCalendar, OverflowError) as error:
        raise BadRequest(_("The calendar does not cover this time."), code="outside_calendar") from error
    return {
        "due_strict": term.due_strict.isoformat(),
        "due_rolled": term.due_rolled.isoformat(),
        "status": "provisional" if term.provisional else "official",
        "article": version.article,
        "rule_version": version.id,
    }


def _request(line: bytes) -> dict[str, Any]:
    """Return the line's fields that are not null.

    An unknown field is refused: to ignore a misspelt "suspended" would give a wrong date without a word.
    """
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRequest(_("This line is not JSON."), code="bad_json") from error
    if not isinstance(request, dict):
        raise BadRequest(_("This line is not a JSON object."), code="bad_json")
    request = {field: value for field, value in request.items() if value is not None}
    for field in sorted({"rule", "trigger"} - set(request)):
        raise BadRequest(_("The field “{field}” is missing."), code="missing_field", field=field)
    for field in sorted(set(request) - FIELDS):
        raise BadRequest(_("The field “{field}” is not known here."), code="unknown_field", field=field)
    return request


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise BadRequest(_("The field “{field}” is not a text."), code="bad_field", field=field)
    return value


def _trigger(value: Any) -> date | datetime:
    """Return a day, or an instant in China; an instant without an offset is China's time."""
    text = _text(value, "trigger")
    if PLAIN_DAY.fullmatch(text):
        return _day(text)
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=CHINA) if at.tzinfo is None else at.astimezone(CHINA)
    except (ValueError, OverflowError) as error:
        raise _bad_date(text) from error


def _day(value: Any) -> date:
    if not isinstance(value, str) or not PLAIN_DAY.fullmatch(value):
        raise _bad_date(value)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise _bad_date(value) from error


def _bad_date(value: Any) -> BadRequest:
    return BadRequest(_("“{value}” is not an ISO date."), code="bad_date", value=value)


def _suspensions(value: Any) -> list[Suspension]:
    """Return the suspended spans, from the first day (included) to the last (excluded)."""
    if not isinstance(value, list):
        raise BadRequest(_("The field “{field}” is not a list."), code="bad_field", field="suspended")
    spans = []
    for span in value:
        if not isinstance(span, dict) or set(span) != {"from", "to"}:
            raise BadRequest(_("A suspension has “from” and “to”."), code="bad_suspension")
        spans.append((_day(span["from"]), _day(span["to"])))
    return spans
