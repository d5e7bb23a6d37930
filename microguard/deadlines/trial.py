"""Trying a rule out: what its term would be if it started on a day that anybody may choose."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal
from microguard.deadlines.calendar import OutsideCalendar
from microguard.deadlines.day_by_day import Account, account_of
from microguard.deadlines.explanation import explain
from microguard.deadlines.legislation import NoRuleInForce, in_force, legislation
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.wording import RuleLine, rule_line


class BadDay(Refusal):
    """The day from which the term should be counted is none, or lies outside the calendar."""

    code = "bad_day"


class BadRule(Refusal):
    """None of the operator's rules."""

    code = "bad_rule"


class Trial(NamedTuple):
    """A rule tried out: the version in force on the day, and how its end comes about."""

    rule: RuleLine
    account: Account


def try_out(rule: str, day: str, *, operator: str) -> Trial:
    """Return the operator's term of this rule for an event on this day, such as 2026-11-25.

    :raises BadRule: when the operator has no such rule
    :raises BadDay: when the day is none, lies outside the calendar, or is one on which the rule does not hold
    """
    if rule not in {version.key for version in legislation().every_version() if version.operator == operator}:
        raise BadRule(_("Choose one of the time limits in the list."))
    try:
        started = date.fromisoformat(day)
    except ValueError as error:
        raise BadDay(_("Enter a day that exists, for example 2026-11-25.")) from error
    try:
        version = in_force(rule, operator, started)
        return Trial(rule_line(version), account_of(explain(version, started, work_calendar())))
    except NoRuleInForce as error:
        raise BadDay(_("This time limit is not in force on that day. Choose another day.")) from error
    except OutsideCalendar as error:
        raise BadDay(_("Our calendars do not reach to that day. Choose another one.")) from error
