"""How a date of a case was computed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from disputes.selectors.cases import CaseFile, clock_of
from disputes.views.case import of_case
from microguard.accounts.middleware import acting
from microguard.core.errors import NotFound
from microguard.deadlines.stored import told


@require_GET
@of_case
def deadline(request: HttpRequest, case: CaseFile, key: int) -> HttpResponse:
    """Tell how the end of one of the case's clocks comes about, day by day."""
    try:
        found = clock_of(case, key, viewer=acting(request))
    except NotFound as error:
        raise Http404 from error
    case_url = reverse("disputes:case", args=[case.complaint.number])
    context = {"complaint": case.complaint, "case_url": case_url, "deadline": found, **told(found)._asdict()}
    return render(request, "disputes/deadline.html", context)
