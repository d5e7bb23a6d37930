"""Proposes which mentions are of one seller: handles as JSON lines in, sellers with reasons out."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from merchants.rules.clusters import propose
from merchants.rules.matching import Reason, log_odds, probability
from merchants.rules.pictures import Picture, picture
from merchants.states import HandleType, LinkReason
from microguard.core.errors import Refusal

LONGEST_LINE = 1_000_000  # bytes; the handles of one mention are a few hundred
LONGEST_VALUE = 2_000  # characters
MOST_HANDLES = 200
FEWEST_PERCENT = 0.05  # a candidate that is less probable is not worth a person's look


class BadMention(Refusal):
    """A line that names no seller."""

    code = "bad_mention"


@dataclass(frozen=True, slots=True)
class Mention:
    """One line that could be read."""

    id: str | int
    seen: Picture


class Command(BaseCommand):
    """Answers one line per input line, in order; a bad line gets an error and the others go on."""

    help = (
        "Propose which mentions are of one seller: JSON lines from stdin, one answer a line on stdout. The whole "
        "input is one picture; nothing is written, nothing is merged, and no server is needed."
    )
    # Everything comes from the installed files: no database, no server, no secret.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the language."""
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans", help="of the words")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read stdin to its end.  :raises CommandError: when a line was bad"""
        with translation.override(options["language"]):
            bad = self._answer()
        if bad:
            raise CommandError(_("Lines that could not be answered: {bad}").format(bad=bad))

    def _answer(self) -> int:
        """Write all answers and return how many lines were bad."""
        read = list(_read(_lines()))
        good = [item for item in read if isinstance(item, Mention)]
        replies = iter(answers(good))
        bad = 0
        for number, item in enumerate(read, start=1):
            if isinstance(item, Mention):
                reply = next(replies)
            else:
                bad += 1
                reply = {"line": number, "error": {"code": item.code, "message": item.message}}
            self.stdout.write(json.dumps(reply, ensure_ascii=not _is_writable(reply)))
        return bad


def answers(mentions: list[Mention]) -> list[dict[str, Any]]:
    """Return the answer to each mention; sellers are numbered as they first appear."""
    order = sorted(range(len(mentions)), key=lambda place: _content_key(mentions[place]))
    proposal = propose([mentions[place].seen for place in order])
    rank = {place: at for at, place in enumerate(order)}
    names: dict[int, str] = {}
    for place in range(len(mentions)):
        names.setdefault(proposal.sellers[rank[place]], f"M{len(names) + 1}")
    return [
        {
            "mention_id": mention.id,
            "merchant": names[proposal.sellers[rank[place]]],
            "candidates": [
                answer
                for seller, reasons in proposal.candidates[rank[place]]
                if (answer := _candidate(names[seller], reasons))["score"] >= FEWEST_PERCENT
            ],
        }
        for place, mention in enumerate(mentions)
    ]


def _candidate(name: str, reasons: list[Reason]) -> dict[str, Any]:
    return {
        "merchant": name,
        "score": probability(log_odds(reasons)),
        "reasons": [
            {"key": reason.key, "words": str(LinkReason(reason.key).label), "weight": round(reason.weight, 1)}
            for reason in reasons
        ],
    }


def _content_key(mention: Mention) -> tuple[str, str]:
    """Return by what mentions are ordered before they are compared: never the order of the lines."""
    content = sorted((kind, sorted(found)) for kind, found in mention.seen.values.items())
    return repr(content), str(mention.id)


def _lines() -> Iterator[bytes]:
    """Yield each line of stdin, of one that is too long only its beginning: it is refused, not kept in memory."""
    while line := sys.stdin.buffer.readline(LONGEST_LINE + 1):
        whole = line
        while not line.endswith(b"\n") and (line := sys.stdin.buffer.readline(LONGEST_LINE)):
            continue
        yield whole


def _read(lines: Iterator[bytes]) -> Iterator[Mention | Refusal]:
    ids: set[str | int] = set()
    for line in lines:
        try:
            mention = read_mention(line)
            if mention.id in ids:
                raise BadMention(
                    _("“{id}” stands on an earlier line."), code="repeated_mention", id=str(mention.id)[:80]
                )
        except Refusal as refusal:
            yield refusal
        else:
            ids.add(mention.id)
            yield mention


def read_mention(line: bytes) -> Mention:
    """Return the mention on a line; fields that are not ours (a note, a source) are not read.

    :raises Refusal: with a code that says what is wrong with the line
    """
    if len(line) > LONGEST_LINE:
        raise BadMention(_("This line is longer than {most} bytes."), code="too_long", most=LONGEST_LINE)
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadMention(_("This line is not JSON."), code="bad_json") from error
    if not isinstance(request, dict):
        raise BadMention(_("This line is not a JSON object."), code="bad_json")
    request = {name: value for name, value in request.items() if value is not None}
    for name in ("mention_id", "handles"):
        if name not in request:
            raise BadMention(_("The field “{field}” is missing."), code="missing_field", field=name)
    mention_id, region = request["mention_id"], request.get("region", "")
    if not isinstance(mention_id, str | int) or isinstance(mention_id, bool) or mention_id == "":
        raise BadMention(_("The field “{field}” is not a text."), code="bad_field", field="mention_id")
    if not isinstance(region, str | int) or isinstance(region, bool) or len(str(region)) > LONGEST_VALUE:
        raise BadMention(_("The field “{field}” is not a text."), code="bad_field", field="region")
    return Mention(mention_id, picture(_handles(request["handles"]), [str(region)] if region else []))


def _handles(value: Any) -> list[tuple[str, str]]:
    if not isinstance(value, list):
        raise BadMention(_("The field “{field}” is not a list."), code="bad_field", field="handles")
    if not value:
        raise BadMention(_("This mention has no handle."), code="no_handle")
    if len(value) > MOST_HANDLES:
        raise BadMention(_("A mention has at most {most} handles."), code="too_many_handles", most=MOST_HANDLES)
    handles = []
    for each in value:
        if not isinstance(each, dict) or not {"type", "value"} <= set(each):
            raise BadMention(_("A handle has “type” and “value”."), code="bad_handle")
        kind, text = each["type"], each["value"]
        if kind not in HandleType.values:
            raise BadMention(_("“{type}” is no type of handle."), code="unknown_type", type=str(kind)[:80])
        if isinstance(text, int) and not isinstance(text, bool):
            text = str(text)
        if not isinstance(text, str) or len(text) > LONGEST_VALUE:
            raise BadMention(_("The value of a handle is a text."), code="bad_handle")
        handles.append((kind, text))
    return handles


def _is_writable(reply: dict[str, Any]) -> bool:
    """Tell whether the reply can be written as it is; half a surrogate pair in an id cannot."""
    try:
        json.dumps(reply, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
