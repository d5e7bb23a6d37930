"""When things happen in the demo's town: filings over fourteen months, office hours, and terms read backwards."""

from bisect import bisect
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from math import exp
from random import Random

from microguard.core.clock import CHINA, day_of
from microguard.deadlines.actions import reckon
from microguard.deadlines.loaded_years import work_calendar

DAYS = 425  # about fourteen months
GROWTH = 1.1  # of the logarithm, over the whole time
SUNDAY_REST = 0.7
FESTIVALS = ((11, 11, 21, 2.2), (6, 18, 14, 1.7), (12, 12, 7, 1.3))  # month, day, days it lasts, times as many
LONGEST_TERM = 100  # days
OPENS, CLOSES = 9, 17  # the office's hours
SOON = timedelta(days=3)
NOT_LONG_AGO = timedelta(days=6)


def midnight(day: date) -> datetime:
    """Return the first instant of a day in China."""
    return datetime.combine(day, time.min, CHINA)


class Timing:
    """What "today" means for one run, and random instants around it."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(CHINA)
        self.today = day_of(at)
        self.end_of_today = midnight(self.today + timedelta(days=1))
        self._days = [self.today - timedelta(days=back) for back in range(DAYS, -1, -1)]
        self._filings = list(accumulate(_weight(day, place / DAYS) for place, day in enumerate(self._days)))

    def filed_at(self, rng: Random, share: float) -> datetime:
        """Return an instant after this share (0 to 1) of all filings."""
        day = self._days[bisect(self._filings, share * self._filings[-1] * 0.999_999)]
        hour = rng.choices(range(24), _WAKING)[0]
        instant = midnight(day) + timedelta(hours=hour, seconds=rng.uniform(0, 3600))
        return self.past(rng, instant)

    def past(self, rng: Random, instant: datetime) -> datetime:
        """Return the instant, or one within the last two hours in place of one that is yet to come."""
        return instant if instant < self.at else self.at - timedelta(minutes=rng.uniform(5, 120))

    def moved(self, rng: Random, instant: datetime, *, days: float, by_office: bool) -> datetime:
        """Return an instant so many days later, or earlier when negative, in office hours for the office."""
        then = instant + timedelta(days=days)
        if not by_office:
            return then
        calendar, day, back = work_calendar(), then.date(), days < 0
        if calendar.is_working_day(day) and OPENS <= then.hour < CLOSES:
            return then
        if (then.hour < OPENS) == back or not calendar.is_working_day(day):
            day = calendar.add_working_days(day, -1 if back else 1).day
        hour = CLOSES - rng.uniform(0.1, 3) if back else OPENS + rng.uniform(0.1, 3)
        return midnight(day) + timedelta(hours=hour)

    def caught_at(self, rng: Random, rule: str, ends: str) -> datetime:
        """Return an instant at which a term of this rule begins that ends as asked for, or as near as it can."""
        day = rng.choice(_beginnings(rule, ends, self.today))
        return self.past(rng, midnight(day) + timedelta(hours=rng.uniform(OPENS, CLOSES)))

    def payment_day(self, rng: Random, ends: str) -> date:
        """Return the last day for a payment whose term ends as asked for."""
        nearest = {"lapsed": -1, "today": 0, "soon": rng.choice((1, 2))}
        return self.today + timedelta(days=nearest[ends])


# From midnight on: nobody before six, most in the evening.
_WAKING = (0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 7, 6, 6, 5, 5, 5, 5, 5, 5, 7, 9, 9, 6, 2)


def _weight(day: date, share: float) -> float:
    """Return how many complaints are filed on a day, as a multiple of a plain one."""
    weight = exp(GROWTH * share) * (SUNDAY_REST if day.weekday() == 6 else 1)
    for month, first, lasting, times in FESTIVALS:
        if 0 <= (day - date(day.year, month, first)).days < lasting:
            weight *= times
    return weight


@lru_cache(maxsize=200)
def _beginnings(rule: str, ends: str, today: date) -> list[date]:
    """Return the days on which a term begins that ends as asked for; where there is none, that ends next."""
    noons = [(day, midnight(day) + timedelta(hours=12)) for day in _before(today)]
    ending = sorted((reckon(rule, at=noon)["due_at"], day) for day, noon in noons)
    start, end = midnight(today), midnight(today + timedelta(days=1))
    wanted = {
        "lapsed": [day for due, day in ending if start - NOT_LONG_AGO < due <= start],
        "today": [day for due, day in ending if due == end],
        "soon": [day for due, day in ending if end < due <= end + SOON],
        "later": [day for due, day in ending if due > end + SOON],
    }
    if ends == "lapsed":
        latest = max(due for due, _day in ending if due <= start)
        return [day for due, day in ending if due == latest]
    following = ("today", "soon", "later")
    for name in following[following.index(ends) :]:
        if wanted[name]:
            return wanted[name]
    return [today]


def _before(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(LONGEST_TERM)]
