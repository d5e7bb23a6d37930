"""What to look at before paying, ending in the look-up of the seller."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from microguard.core import clock
from microguard.law.before_paying import checks
from microguard.law.instruments import instruments
from microguard.law.numbered import in_words


@require_safe
def before_you_pay(request: HttpRequest) -> HttpResponse:
    """Show the checks; the look-up stands below them where the operator publishes records."""
    language, today = get_language(), clock.day_of(clock.now())
    told = [
        {
            "title": in_words(check.title, language, today),
            "do": in_words(check.do, language, today),
            "why": in_words(check.why, language, today),
            "basis": [instruments().called(article).in_language(language) for article in check.basis],
        }
        for check in checks()
    ]
    context = {"checks": told, "is_public": bool(settings.PUBLIC_RECORD_REVIEW)}
    return render(request, "law/before_you_pay.html", context)
