"""The figures that anybody may read, the regulator's page and its files."""

from contextlib import ExitStack
from tempfile import TemporaryFile

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from microguard.accounts import policies
from microguard.accounts.middleware import acting
from microguard.accounts.policies import NotAllowed
from microguard.core import clock
from microguard.notifications.selectors import inbox
from microguard.notifications.views import paging_key
from microguard.statistics.actions import export_cases, scope_for
from microguard.statistics.exports import WRITERS
from microguard.statistics.figures import figures
from microguard.statistics.forms import DaysForm
from microguard.statistics.gaps import as_csv, gaps_in, headings, lines_of
from microguard.statistics.governance import remedies
from microguard.statistics.periods import PRESETS, last_month, last_twelve_months
from microguard.statistics.publication import SMALLEST_COUNT, publish


def stats(request: HttpRequest) -> HttpResponse:
    """Show every published figure of the last twelve months with its definition."""
    at = clock.now()
    period = last_twelve_months(clock.day_of(at))
    return render(request, "statistics/stats.html", {"figures": publish(figures(period, at=at)), "period": period})


def governance(request: HttpRequest) -> HttpResponse:
    """Show the five remedies, each with a figure and the page where one sees it."""
    at = clock.now()
    period = last_twelve_months(clock.day_of(at))
    rows = remedies(publish(figures(period, at=at)), operator=settings.OPERATOR, on=period.last)
    return render(request, "statistics/governance.html", {"remedies": rows, "period": period})


@require_GET
def law_gaps(request: HttpRequest) -> HttpResponse:
    """Show where the rules leave buyers without a sure claim; who works here sees rare kinds and chooses days.

    Everybody else reads the last twelve months only: from periods of one's own choice small numbers can be told.
    """
    today, of_office = clock.day_of(clock.now()), _sees_all(request)
    form = DaysForm(request.GET or None, initial={"first": last_twelve_months(today).first, "last": today})
    period = form.period() if of_office and form.is_valid() else last_twelve_months(today)
    gaps = gaps_in(period, least=1 if of_office else SMALLEST_COUNT)
    context = {
        "lines": list(lines_of(gaps, on=today)),
        "headings": [headings()[place] for place in (0, 3, 5, 6, 7, 8)],  # the page joins what belongs together
        "withheld": gaps.withheld,
        "least": SMALLEST_COUNT,
        "period": period,
        "form": form if of_office else None,
    }
    return render(request, "statistics/law_gaps.html", context, status=422 if of_office and form.errors else 200)


def _sees_all(request: HttpRequest) -> bool:
    return policies.can(acting(request), "statistics.read_small")


@require_GET
def law_gaps_file(request: HttpRequest) -> HttpResponse:
    """Hand out the published gaps of the last twelve months, the same to everybody."""
    today = clock.day_of(clock.now())
    lines = lines_of(gaps_in(last_twelve_months(today), least=SMALLEST_COUNT), on=today)
    response = HttpResponse(as_csv(lines), content_type=WRITERS["csv"].content_type)
    response["Content-Disposition"] = f'attachment; filename="law-gaps-{today.isoformat()}.csv"'
    return response


def home(request: HttpRequest) -> HttpResponse:
    """Offer the files, with the month they are about, and show a regulator the notices to it."""
    period = last_month(clock.day_of(clock.now()))
    reader = acting(request)
    page = inbox(reader.office_id, before=paging_key(request)) if policies.can(reader, "inbox.read") else None
    return render(request, "statistics/home.html", {"first": period.first, "last": period.last, "page": page})


@require_GET
def export(request: HttpRequest, preset: str, kind: str) -> FileResponse:
    """Hand out a file of the cases in the reader's scope."""
    if preset not in PRESETS or kind not in WRITERS:
        raise Http404
    reader, at = acting(request), clock.now()
    try:
        scope = scope_for(reader)
    except NotAllowed as error:
        raise Http404 from error
    period = PRESETS[preset](clock.day_of(at))
    with ExitStack() as stack:
        file = stack.enter_context(TemporaryFile())
        export_cases(
            file, preset=preset, kind=kind, scope=scope, language=get_language() or "zh-hans", by=reader, at=at
        )
        stack.pop_all()  # the response closes the file once it is sent
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{preset}-{period.first:%Y-%m}.{kind}",
        content_type=WRITERS[kind].content_type,
    )
