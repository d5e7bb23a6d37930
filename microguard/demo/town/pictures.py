"""The town's evidence: pictures that are drawn when somebody hands them in."""

import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from complaints.actions.evidence import add_evidence
from complaints.models import Complaint, Evidence
from complaints.states import Side
from microguard.accounts.actors import Actor
from microguard.demo.town.drawing import DRAWINGS

SCENES = Path(__file__).parent.parent / "data" / "pictures.toml"


@cache
def drawings() -> dict[str, dict[str, Any]]:
    """Return what the pictures show, by name."""
    with SCENES.open("rb") as file:
        return tomllib.load(file)


@cache
def drawn(name: str) -> bytes:
    """Return a picture as a PNG; the same bytes each time."""
    drawing = drawings()[name]
    out = io.BytesIO()
    DRAWINGS[drawing["drawing"]](drawing).save(out, "PNG", compress_level=1)
    return out.getvalue()


@dataclass
class DrawnFile:
    """A picture as somebody uploads it."""

    name: str | None
    size: int | None
    content: bytes

    def chunks(self) -> Iterator[bytes]:
        """Return the bytes, in one piece."""
        yield self.content


def as_file(name: str) -> DrawnFile:
    """Return a picture as somebody uploads it."""
    return DrawnFile(f"demo_{name}.png", len(drawn(name)), drawn(name))


def hand_in(complaint: Complaint, name: str, *, by: Actor, at: datetime) -> Evidence:
    """Put a picture into the buyer's part of the case."""
    kind = drawings()[name]["kind"]
    return add_evidence(
        complaint_id=complaint.pk, upload=as_file(name), side=Side.COMPLAINANT, kind=kind, by=by, at=at
    )
