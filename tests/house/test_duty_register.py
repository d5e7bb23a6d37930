"""What the duty register says shows a duty is really there: an event, a clock that runs, a page."""

import pytest

from microguard.deadlines.legislation import legislation
from microguard.law.decisions import REMEDIES
from microguard.law.duties import register
from microguard.law.register import Duty, Kind
from microguard.notifications.notices import notices, unannounced
from tests.house.test_notices import CODE, STARTED
from tests.house.test_policy import ROUTES

EVENTS = {notice.event for notice in notices} | unannounced.keys()
RUNNING = {rule for path in CODE for rule in STARTED.findall(path.read_text(encoding="utf-8"))}
KNOWN = {Kind.EVENT: EVENTS, Kind.CLOCK: RUNNING & legislation().keys, Kind.PAGE: set(ROUTES)}
DUTIES = register().every_version()
SHOWN = [duty for duty in DUTIES if duty.shown_by.kind is not Kind.EXTERNAL]


def named(duty: Duty) -> str:
    return f"{duty.key}@{duty.in_force_from}"


@pytest.mark.parametrize("duty", SHOWN, ids=named)
def test_what_shows_a_duty_exists(duty: Duty) -> None:
    assert duty.shown_by.code in KNOWN[duty.shown_by.kind]


def test_events_clocks_and_pages_all_show_something() -> None:
    assert {duty.shown_by.kind for duty in SHOWN} == set(KNOWN)
    assert all(KNOWN.values())


def test_a_clock_that_nothing_starts_shows_nothing() -> None:
    assert "clue.check" in legislation().keys
    assert "clue.check" not in KNOWN[Kind.CLOCK]


def test_every_claim_but_a_note_rests_on_a_duty() -> None:
    assert set(REMEDIES) - {claim for duty in DUTIES for claim in duty.claims} == {"note_rule_version"}
