"""The calendars: which days are worked in each year by which notice, and loading the notice of a new one."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from complaints.models import Complaint
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.digests import digest_of
from microguard.deadlines.calendar import SATURDAY, CalendarYear, WorkCalendar
from microguard.deadlines.loaded_years import (
    BadNotice,
    Paper,
    load_notice,
    missing_year,
    read_paper,
    with_notices,
    work_calendar,
)
from microguard.deadlines.notice_text import BadNoticeText
from microguard.deadlines.recomputation import Change, preview, recompute_now, waiting
from microguard.deadlines.wording import title_of

ROWS = 100
AMENDABLE = 2  # the last years that a notice may still amend


class NoticeForm(forms.Form):
    """A notice as it is pasted; `calendar` says which years it can be for."""

    use_required_attribute = False
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    title = forms.CharField(
        label=gettext_lazy("Title of the notice"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the title: a year is known only by its notice.")},
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the document"),
        help_text=gettext_lazy("As it stands there, like 国办发明电〔2025〕7号"),
        max_length=60,
        error_messages={"required": gettext_lazy("Enter the number: a year is known only by its notice.")},
    )
    issued = forms.DateField(
        label=gettext_lazy("Date of issue"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the date of issue."),
            "invalid": gettext_lazy("Choose the date of issue."),
        },
    )
    text = forms.CharField(
        label=gettext_lazy("Text of the notice"),
        help_text=gettext_lazy(
            "Paste the whole notice, or one day a row: 2027-01-01 off, 2027-01-03 work. "
            "A notice that amends a year, or a correction, names only the days it changes."
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": gettext_lazy("Paste the text of the notice.")},
    )

    def __init__(self, *args: Any, calendar: WorkCalendar, **kwargs: Any) -> None:
        """Offer the first year that is not known, and the last ones that are, to be amended."""
        super().__init__(*args, **kwargs)
        known = [year.year for year in calendar.years[: -AMENDABLE - 1 : -1]]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (known[0] + 1, _("{year}, new").format(year=known[0] + 1)),
            *((year, _("{year}, to be amended").format(year=year)) for year in known),
        ]

    def paper(self) -> Paper:
        """Return what was entered."""
        return Paper(**self.cleaned_data)

    @property
    def digest(self) -> str:
        """The fingerprint of what was entered: what is saved is what was previewed."""
        return digest_of({name: str(value) for name, value in self.cleaned_data.items()})


@dataclass(frozen=True)
class Day:
    """One day of the grid; `kind` is "" for a plain one, else off, work or weekend."""

    number: int
    kind: str


@dataclass(frozen=True)
class Month:
    """One month of the grid: its weeks from Monday to Sunday, with None around its days."""

    name: str
    weeks: list[list[Day | None]]


def year_missing(actor: Actor, *, at: datetime) -> int | None:
    """Return the year that an operator should load now, for those who can."""
    if not policies.can(actor, "calendar.load"):
        return None
    return missing_year(work_calendar(), on=clock.day_of(at))


@require_http_methods(["GET", "POST"])
def calendars(request: HttpRequest) -> HttpResponse:
    """Show the known years; preview a notice, then load it."""
    at, calendar = clock.now(), work_calendar(fresh=True)
    if request.method == "GET":
        return _page(request, NoticeForm(calendar=calendar), calendar, at)
    form = NoticeForm(request.POST, calendar=calendar)
    if form.is_valid():
        try:
            if request.POST.get("previewed") == form.digest and "save" in request.POST:
                return _load(request, form.paper(), at)
            notice = read_paper(form.paper(), calendar, by=acting(request), at=at)
        except BadNoticeText as refusal:
            form.add_error("text", refusal.message)
        except BadNotice as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            following = with_notices(calendar, [notice])
            found = _preview(preview(following, at=at))
            grid = _grid(notice.year, following)
            return _page(request, form, calendar, at, **grid, preview=found, digest=form.digest)
    return _page(request, form, calendar, at)


def _load(request: HttpRequest, paper: Paper, at: datetime) -> HttpResponse:
    notice = load_notice(paper=paper, by=acting(request), at=at)
    recompute_now(at=at)
    messages.success(request, _("Loaded: {title}.").format(title=notice.title))
    return redirect("ops:calendars")


def _page(
    request: HttpRequest, form: NoticeForm, calendar: WorkCalendar, at: datetime, **more: Any
) -> HttpResponse:
    today, following = clock.day_of(at), calendar.known_until.year + 1
    asked = request.GET.get("year", "")
    chosen = calendar.year(int(asked)) if asked.isdecimal() and len(asked) == 4 else None
    shown = chosen or calendar.year(today.year) or calendar.years[-1]
    context = {
        "title": _("Calendars"),
        "form": form,
        "years": [_line(year, calendar) for year in reversed(calendar.years)],
        **_grid(shown.year, calendar),
        "following": following if following <= today.year + 1 else None,
        "missing": missing_year(calendar, on=today) is not None,
        "recounting": waiting(calendar, at=at).count(),
    }
    shared = admin.site.each_context(request)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "ops/calendars.html", shared | context | more, status=status)


def _line(year: CalendarYear, calendar: WorkCalendar) -> dict[str, Any]:
    first, following = date(year.year, 1, 1), date(year.year + 1, 1, 1)
    return {
        "year": year.year,
        "notices": year.notices,
        "working_days": calendar.working_days_between(first, following),
    }


def _grid(year: int, calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "shown": year,
        "months": _months(year, calendar),
        # From a Monday on; in Chinese the one character that tells them apart.
        "weekdays": [date_format(date(2024, 1, day), "D").removeprefix("星期") for day in range(1, 8)],
    }


def _months(year: int, calendar: WorkCalendar) -> list[Month]:
    found = []
    for number in range(1, 13):
        first = date(year, number, 1)
        until = date(year + number // 12, number % 12 + 1, 1)
        days = [first + timedelta(days=offset) for offset in range((until - first).days)]
        cells: list[Day | None] = [None] * first.weekday()
        cells += [Day(day.day, _kind(day, calendar)) for day in days]
        cells += [None] * (-len(cells) % 7)
        weeks = [cells[start : start + 7] for start in range(0, len(cells), 7)]
        found.append(Month(date_format(first, "F"), weeks))
    return found


def _kind(day: date, calendar: WorkCalendar) -> str:
    """Return what differs from a plain working day; only what a notice sets goes against the week."""
    worked, at_weekend = calendar.is_working_day(day), day.weekday() >= SATURDAY
    if worked == at_weekend:
        return "work" if worked else "off"
    return "weekend" if at_weekend else ""


def _preview(found: list[Change]) -> dict[str, Any]:
    """Return what saving would change, by rule and by clock."""
    moving, settled = Counter[str](), Counter[str]()
    for change in found:
        (moving if change.moves else settled)[title_of(change.deadline.rule_version)] += 1
    first = sorted(found, key=lambda change: not change.moves)[:ROWS]
    cases = [change.deadline.case_id for change in first if change.deadline.case_id is not None]
    numbers = dict(Complaint.objects.filter(pk__in=cases).values_list("pk", "number"))
    return {
        "total": len(found),
        "rules": [(title, moving[title], settled[title]) for title in sorted(moving | settled)],
        "rows": [
            {
                "number": numbers.get(change.deadline.case_id or 0, ""),
                "rule": title_of(change.deadline.rule_version),
                "before": change.deadline.due_rolled_date,
                "due": change.term.due_rolled,
                "moves": change.moves,
                "was_provisional": change.deadline.provisional,
                "provisional": change.term.provisional,
            }
            for change in first
        ],
        "more": len(found) - len(first),
    }
