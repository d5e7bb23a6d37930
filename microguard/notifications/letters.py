"""Messages on paper: a number through the year, and the page as PDF."""

import json
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import typst
from django.conf import settings
from django.db.models import Max

from microguard.core.clock import day_of
from microguard.core.locks import hold
from microguard.notifications.models import Dispatch, Letter

TEMPLATE = settings.BASE_DIR / "templates" / "letters" / "notice.typ"


def number_letter(dispatch: Dispatch, *, at: datetime) -> Letter:
    """Give the message the next letter number of the year; the count has no gap."""
    year = day_of(at).year
    hold(f"letters/{year}")
    last = Letter.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0
    letter: Letter = Letter.objects.create(dispatch=dispatch, year=year, serial=last + 1)
    return letter


def typeface() -> Path:
    """Return the folder of the Chinese typeface that letters are set in."""
    found = find_spec("pylopdf_fonts_zh_cn")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def letter_pdf(letter: Letter) -> bytes:
    """Return the letter as PDF, as PDF/A where its signs allow that.

    What was typed by people goes in as data and is never read as markup.
    """
    dispatch = letter.dispatch
    day = day_of(dispatch.created_at)
    data = {
        "sender": settings.OPERATOR_NAME,
        "number": str(letter),
        "office": dispatch.office.name if dispatch.office else "",
        "address": dispatch.address,
        "subject": dispatch.subject,
        "paragraphs": [part.strip() for part in dispatch.body.split("\n") if part.strip()],
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "phone": settings.HELP_PHONE,
    }
    written = json.dumps(data, ensure_ascii=False)
    try:
        return _compiled(written, standard="a-2b")
    except typst.TypstError:
        # An archive's PDF takes no sign that the typeface lacks, such as an emoji; on paper a box stands for it.
        return _compiled(written, standard="1.7")


def _compiled(data: str, *, standard: Literal["a-2b", "1.7"]) -> bytes:
    pdf = typst.compile(
        str(TEMPLATE),
        font_paths=[str(typeface())],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=[standard],
    )
    assert isinstance(pdf, bytes)
    return pdf
