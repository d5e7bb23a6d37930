"""Every event has a notice or says why it has none; every text uses only its declared variables."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from disputes.selectors.timeline import SENTENCES
from microguard.deadlines.legislation import legislation
from microguard.notifications.notices import notices, unannounced

CODE = [
    path
    for app in ("complaints", "disputes", "merchants", "microguard")
    for path in (settings.BASE_DIR / app).rglob("*.py")
]
STARTED = re.compile(r'deadlines\.start\(\s*"([a-z_.]+)"')
RECORDED = re.compile(r"(?:events\.record|Fact)\(([^,]+),")
NAME = re.compile(r'"([a-z_]+\.[a-z_.]+)"')


def events_of_clocks(rules: set[str]) -> set[str]:
    """What can happen to clocks of these rules, by the law data."""
    names = {f"{rule}.lapsed" for rule in rules}
    for version in legislation().every_version():
        if version.key in rules:
            names |= {f"{version.key}.{word}" for word in ("suspended", "resumed") if version.suspended_by}
            names |= {f"{version.key}.ending"} if version.alarm_days_before else set()
            names |= {f"{version.key}.extended"} if version.extension else set()
    return names


def events_in_the_code() -> set[str]:
    names: set[str] = set()
    rules: set[str] = set()
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        for match in RECORDED.finditer(text):
            names |= set(NAME.findall(match.group(1)))
        rules |= set(STARTED.findall(text))
    return names | events_of_clocks(rules)


def test_every_event_in_the_code_has_a_notice_or_a_reason_for_none() -> None:
    announced = {notice.event for notice in notices}

    assert events_in_the_code() - announced - unannounced.keys() == set()


def test_no_event_has_both_a_notice_and_a_reason_for_none() -> None:
    assert {notice.event for notice in notices} & unannounced.keys() == set()


def test_nothing_is_declared_for_an_event_that_is_never_recorded() -> None:
    known = events_in_the_code()

    assert ({notice.event for notice in notices} | unannounced.keys() | SENTENCES.keys()) - known == set()


@pytest.mark.parametrize("notice", notices, ids=lambda notice: notice.name)
def test_the_text_of_a_notice_uses_only_its_declared_variables(notice: object) -> None:
    template = get_template(notice.template)  # type: ignore[attr-defined]
    source = Path(template.origin.name).read_text(encoding="utf-8")

    used = set(re.findall(r"\{\{ (\w+) \}\}|\{% if (\w+) %\}", source))

    assert {name for pair in used for name in pair if name} <= set(notice.variables)  # type: ignore[attr-defined]


def test_every_clock_that_is_started_has_a_rule() -> None:
    rules = {rule for path in CODE for rule in STARTED.findall(path.read_text(encoding="utf-8"))}

    assert rules <= set(legislation().keys)
