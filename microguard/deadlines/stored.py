"""A clock of a case beside its computation: the same end, or why the stored one is another."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext

from microguard.core.templatetags.mg import calendar_day, due_until
from microguard.deadlines.actions import held_by
from microguard.deadlines.day_by_day import Account, account_of, end_in_words
from microguard.deadlines.ends import suspensions_of
from microguard.deadlines.explanation import Explanation, explain
from microguard.deadlines.legislation import version_of
from microguard.deadlines.loaded_years import work_calendar
from microguard.deadlines.models import Deadline
from microguard.deadlines.wording import RuleLine, rule_line, title_of

# Clocks that never end later than another one allows.
BOUND_BY = {"complaint.correction": "complaint.acceptance"}


class Told(NamedTuple):
    """What a reader is told of a clock's date.

    `rule` is None when the version it was counted by is no longer known, `account` None when no count leads to the
    date; `difference` says why the date is not the counted one, and is empty when it is.
    """

    title: str
    rule: RuleLine | None
    account: Account | None
    difference: str


def told(deadline: Deadline) -> Told:
    """Return how the stored end of the clock comes about, in the reader's language."""
    title, version = title_of(deadline.rule_version), version_of(deadline.rule_version)
    if version is None:
        lost = gettext("The version of the rule by which this date was counted is no longer in our data.")
        return Told(title, None, None, lost)
    rule = rule_line(version)
    if deadline.until:
        agreed = gettext("Both sides agreed on this date in their agreement. It was not counted by a rule.")
        return Told(title, rule, None, agreed)
    explanation = explain(version, deadline.started_at, work_calendar(), suspensions_of(deadline))
    account = replace(account_of(explanation), end=end_in_words(deadline.due_at))
    return Told(title, rule, account, _difference(deadline, explanation))


def _difference(deadline: Deadline, explanation: Explanation) -> str:
    """Return why the stored end is not the counted one; nothing when it is."""
    counted = explanation.end.due_at
    if deadline.due_at == counted and not deadline.stopped_since:
        return ""
    return gettext("Counted as below, this term would end {counted}; in this case it ends {stored}. {why}").format(
        counted=due_until(counted), stored=due_until(deadline.due_at), why=_why(deadline, counted)
    )


def _why(deadline: Deadline, counted: datetime) -> str:
    if deadline.stopped_since:
        sentence = gettext("It stands still since {day}, so its end is open; it is counted again when it runs.")
        return sentence.format(day=calendar_day(deadline.stopped_since))
    bound = BOUND_BY.get(deadline.rule)
    other = Deadline.objects.filter(**held_by(deadline), rule=bound).order_by("-pk").first() if bound else None
    if deadline.due_at < counted and other is not None:
        return gettext("It was brought forward because “{other}” does not wait: that is due {until}.").format(
            other=title_of(other.rule_version), until=due_until(other.due_at)
        )
    if deadline.provisional:
        return gettext("It was counted before the holiday notice was issued, and was kept.")
    if deadline.due_at < counted:
        return gettext("It was brought forward when the term started.")
    return gettext("It was put off by a decision in this case.")
