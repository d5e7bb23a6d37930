"""The only caller of the system clock, and that clock is PostgreSQL's.

Doors (views, commands, tasks) call `now()` once and pass the instant on as `at`; everything inside
takes time as an argument. In demo mode a one-row offset moves the clock forward.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

CHINA = ZoneInfo("Asia/Shanghai")
_REAL = "SELECT clock_timestamp()"
_DEMO = "SELECT clock_timestamp() + coalesce((SELECT shift FROM core_democlock), interval '0')"


def now() -> datetime:
    """Return the present instant (aware) by PostgreSQL's clock, shifted by the demo offset in demo mode."""
    return _ask(_DEMO if settings.DEMO else _REAL)


def unshifted() -> datetime:
    """Return the present instant as the rest of the world has it, also in demo mode: for signatures only."""
    return _ask(_REAL)


def _ask(question: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(question)
        (instant,) = cursor.fetchone()
    return instant.astimezone(CHINA)


def machine_day() -> date:
    """Return today in China by this machine's clock: only for commands that must work without a server."""
    return datetime.now(CHINA).date()  # noqa: TID251 - the one place for it


def day_of(at: datetime) -> date:
    """Return the calendar day in China on which the instant falls."""
    return at.astimezone(CHINA).date()
