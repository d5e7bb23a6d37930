"""Home, help, rules, routes side by side, the large version, health, and the way from sign-in to one's place."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from microguard.accounts import policies
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.context import CARE, MODE_COOKIE
from microguard.core.errors import Refusal
from microguard.core.redirects import back
from microguard.deadlines.legislation import in_force
from microguard.deadlines.trial import BadRule, try_out
from microguard.deadlines.wording import length_of, rule_lines
from microguard.jurisdictions.rules import competent
from microguard.law.choosing import routes_for
from microguard.law.comparison import Ours, Term, comparison
from microguard.law.forms.routes import RoutesForm
from microguard.law.routes import Time
from microguard.statistics.figures import closings_in
from microguard.statistics.periods import last_twelve_months
from microguard.statistics.publication import enough_for_rates, publish_closings

MODE_KEPT_FOR = timedelta(days=365)
# What the home page says about how long things take, by the rule that sets it.
TOLD_AT_HOME = {
    "acceptance": "complaint.acceptance",
    "answer": "respondent.answer",
    "negotiation": "negotiation.term",
    "mediation": "mediation.term",
}
# What we hold ourselves to, beside the routes of others.
TOLD_BESIDE_ROUTES = ("complaint.acceptance", "mediation.term")


def home(request: HttpRequest) -> HttpResponse:
    """Show the home page, with figures once enough cases are closed."""
    today = clock.day_of(clock.now())
    period = last_twelve_months(today)
    closings = closings_in(period)
    lengths = {name: length_of(in_force(rule, settings.OPERATOR, today)) for name, rule in TOLD_AT_HOME.items()}
    numbers = publish_closings(closings)[:3] if enough_for_rates(closings) else []
    return render(request, "home.html", {"numbers": numbers, "period": period, "lengths": lengths})


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Show every time limit in force today for our operator; try one out from a day that the reader chooses."""
    today = clock.day_of(clock.now())
    chosen, day = request.GET.get("rule", ""), request.GET.get("from", "")
    context: dict[str, Any] = {
        "rules": rule_lines(settings.OPERATOR, today),
        "today": today,
        "chosen": chosen,
        "day": day or today.isoformat(),
    }
    if "rule" not in request.GET:
        return render(request, "rules.html", context)
    try:
        context["trial"] = try_out(chosen, context["day"], operator=settings.OPERATOR)
    except Refusal as refusal:
        field = "rule" if isinstance(refusal, BadRule) else "from"
        context["form_errors"] = [{"id": field, "text": refusal.message}]
    return render(request, "rules.html", context, status=422 if "form_errors" in context else 200)


@require_GET
def routes(request: HttpRequest) -> HttpResponse:
    """Show the routes a buyer may take side by side, in the order that fits what the visitor chose."""
    today = clock.day_of(clock.now())
    form = RoutesForm(request.GET, today=today)
    status = 200 if form.is_valid() else 422
    competence = competent(form.deal(), on=today)
    shown = comparison(
        routes_for(form.facts(), competence=competence, operator=settings.OPERATOR, on=today),
        competence=competence,
        operator=settings.OPERATOR,
        on=today,
        length_of=lambda time: _length(time, today),
        ours=_ours(today),
    )
    context = {"form": form, "said": form.said(), "routes": shown, "today": today}
    return render(request, "law/routes.html", context, status=status)


def _length(time: Time, on: date) -> str:
    return length_of(in_force(time.clock, time.operator, on) if time.clock else time)


def _ours(today: date) -> Ours:
    """Return our own terms, and the published median of our cases once enough are closed."""
    rules = [in_force(rule, settings.OPERATOR, today) for rule in TOLD_BESIDE_ROUTES]
    language = get_language()
    terms = tuple(Term(rule.title.in_language(language), length_of(rule)) for rule in rules if not rule.statutory)
    closings = closings_in(last_twelve_months(today))
    if not enough_for_rates(closings):
        return Ours(terms)
    (median,) = (figure for figure in publish_closings(closings) if figure.key == "days-to-close")
    return Ours(terms, median.value, median.detail)


@csrf_exempt  # it sets how large this reader's letters are; a token would only make pages of 404 tell-tale
@require_POST
def care(request: HttpRequest) -> HttpResponse:
    """Switch between the large and the normal version, and lead back to the page where one was."""
    answer = back(request, "home")
    if request.POST.get("mode") == CARE:
        answer.set_cookie(
            MODE_COOKIE, CARE, max_age=MODE_KEPT_FOR, secure=settings.SECURE, httponly=True, samesite="Lax"
        )
    else:
        answer.delete_cookie(MODE_COOKIE, samesite="Lax")
    return answer


def help_page(request: HttpRequest) -> HttpResponse:
    """Show how to reach a person and how to tell a real message."""
    return render(request, "help.html", {})


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


def start(request: HttpRequest) -> HttpResponse:
    """Lead a person who has signed in to where the work is."""
    actor = acting(request)
    if policies.can(actor, "desk.enter"):
        return redirect("admin:index")
    if policies.can(actor, "statistics.export"):
        return redirect("statistics:home")
    return redirect("notifications:platform" if policies.can(actor, "inbox.read") else "home")
