"""Pictures of pages laid out on one sheet, each with its address below."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from microguard.notifications.letters import typeface

COLOURS = 64  # enough for text on plain ground, a quarter of the bytes
GAP, LABEL = 16, 28
GROUND, INK = "#e4e7e5", "#1a1d1b"


@dataclass(frozen=True)
class Shot:
    """One page as it was photographed, and what stands below it: its address and its reader."""

    png: bytes
    title: str


@dataclass(frozen=True)
class Layout:
    """How the shots of one size lie on a sheet: pages in a row, and the size to which each is scaled."""

    columns: int
    width: int
    height: int


PHONE_SHEET = Layout(columns=8, width=300, height=760)
DESK_SHEET = Layout(columns=3, width=640, height=480)


def keep(picture: Image.Image, path: Path) -> None:
    """Write a picture with few colours."""
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def opened(shot: Shot) -> Image.Image:
    """Return a shot as a picture."""
    return Image.open(io.BytesIO(shot.png)).convert("RGB")


def sheet(shots: Sequence[Shot], layout: Layout) -> Image.Image:
    """Return all shots on one sheet."""
    columns = min(layout.columns, len(shots))
    rows = -(-len(shots) // columns)
    cell_width, cell_height = layout.width + GAP, layout.height + LABEL + GAP
    ground = Image.new("RGB", (columns * cell_width + GAP, rows * cell_height + GAP), GROUND)
    draw = ImageDraw.Draw(ground)
    font = ImageFont.truetype(str(typeface() / "NotoSansSC-Regular.otf"), 16)
    for place, shot in enumerate(shots):
        left = GAP + place % columns * cell_width
        top = GAP + place // columns * cell_height
        ground.paste(_scaled(shot, layout), (left, top))
        draw.text((left, top + layout.height + 2), shot.title, fill=INK, font=font)
    return ground


def _scaled(shot: Shot, layout: Layout) -> Image.Image:
    return opened(shot).resize((layout.width, layout.height), Image.Resampling.LANCZOS)
