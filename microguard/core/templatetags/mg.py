"""How instants, terms and money are written: always absolute, with weekday, clock and distance."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from microguard.core import masking, money
from microguard.core.clock import CHINA

register = template.Library()
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_ZH = "一二三四五六日"


def _day(local: date) -> str:
    if get_language() == "en":
        return f"{_WEEKDAYS_EN[local.weekday()]} {local.day} {_MONTHS_EN[local.month - 1]}"
    return f"{local.month}月{local.day}日（周{_WEEKDAYS_ZH[local.weekday()]}）"


@register.filter
def due_day(at: datetime) -> str:
    """Return the last day of the term that ends (exclusively) at this instant."""
    return _day((at - timedelta(microseconds=1)).astimezone(CHINA))


@register.filter
def due_until(at: datetime) -> str:
    """Return until when something is due, for the exclusive end of a term."""
    local = at.astimezone(CHINA)
    if local.hour or local.minute:
        return gettext("by {day}, {clock} Beijing time").format(day=_day(local), clock=f"{local:%H:%M}")
    return gettext("by {day}, midnight Beijing time").format(day=due_day(at))


@register.filter
def due_text(at: datetime, now: datetime) -> str:
    """Return until when something is due and how far that is, for the exclusive end of a term."""
    until = due_until(at)
    last = (at - timedelta(microseconds=1)).astimezone(CHINA)
    if at <= now:
        overdue = gettext("overdue")
        return f"{until} · {overdue}"
    days = (last.date() - now.astimezone(CHINA).date()).days
    left = ngettext("{n} day left", "{n} days left", days).format(n=days) if days else gettext("today")
    return f"{until} · {left}"


@register.filter
def moment(at: datetime | None) -> str:
    """Return the instant as day, weekday and clock, in Beijing time."""
    if at is None:
        return ""
    local = at.astimezone(CHINA)
    year = f"{local.year}年" if get_language() != "en" else ""
    tail = f" {local.year}" if get_language() == "en" else ""
    return f"{year}{_day(local)}{tail} {local:%H:%M}"


@register.filter
def weekday(day: date) -> str:
    """Return the day with its weekday and without its year, such as “9月24日（周四）”."""
    return _day(day)


@register.filter
def calendar_day(value: object) -> str:
    """Return a date as the active language writes it."""
    return date_format(value, "DATE_FORMAT") if value else ""  # type: ignore[arg-type]


@register.filter
def yuan(fen: int | None) -> str:
    """Return fen as ¥1,280.00; nothing for None."""
    return "" if fen is None else money.yuan(fen)


@register.filter
def masked_name(text: str | None) -> str:
    """Return a person's name with stars."""
    return masking.name(text or "")


@register.filter
def masked_phone(text: str | None) -> str:
    """Return a phone number with stars."""
    return masking.phone(text or "")


@register.filter
def masked_handle(text: str | None) -> str:
    """Return a handle with stars."""
    return masking.handle(text or "")
