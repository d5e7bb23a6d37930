"""No page or notice tells a period as text: the law is data, and pages take their lengths from it."""

import re

import pytest
from django.conf import settings

PERIOD = re.compile(
    r"\d+ ?(?:working |calendar )?(?:days?|hours?|months?)\b|\d+ ?个?(?:工作日|自然日|天|小时|月(?!\d))"
)
# The demo's own buttons: how far they move its clock.
EXEMPT = {"_components/demo_bar.html"}


def templates() -> list[str]:
    folder = settings.BASE_DIR / "templates"
    found = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in {".html", ".txt"}]
    return sorted(set(found) - EXEMPT)


def test_no_template_contains_a_literal_period() -> None:
    texts = {name: (settings.BASE_DIR / "templates" / name).read_text(encoding="utf-8") for name in templates()}

    assert len(texts) > 100
    assert {name: PERIOD.findall(text) for name, text in texts.items() if PERIOD.search(text)} == {}


@pytest.mark.parametrize(
    "text", ["within 7 working days", "after 60 days", "48 hours", "7个工作日内", "60天", "6 个月"]
)
def test_a_period_is_seen(text: str) -> None:
    assert PERIOD.search(text)
