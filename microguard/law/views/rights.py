"""Know your rights: one question a page, then what may be claimed.

Who reads stays unknown: the answers stand in the address as codes, and nothing of them is kept or logged.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from microguard.core import clock
from microguard.core.money import yuan
from microguard.law.explorer import PRICE, Answered, Walk, facts_of, price_fen, query_of, walk
from microguard.law.forms.rights import PriceForm, QuestionForm
from microguard.law.forms.routes import choices_of
from microguard.law.numbered import in_words
from microguard.law.results import message_of, result_of
from microguard.law.rights import assess
from microguard.law.tree import AGENTS, ENDS, HELP, LONGEST_PATH, RESULT, Node, installed
from microguard.law.wording import Wording

CHANGED = "changed"  # in the address of the start: the question asked for is no more


@dataclass(frozen=True)
class Visit:
    """One request: what its address answers, where that leads, today, and the reader's language."""

    request: HttpRequest
    params: dict[str, str]
    walk: Walk
    today: date
    language: str | None

    def words(self, text: Wording) -> str:
        """Return the text as this reader reads it today."""
        return in_words(text, self.language, self.today)

    def address(self, at: str) -> str:
        """Return the address of a question or an end, with all that is answered."""
        place = reverse(f"law:{at}") if at in ENDS else reverse("law:question", kwargs={"node": at})
        return f"{place}?{query_of(self.walk.steps, self.params.get(PRICE))}"

    def rows(self, steps: tuple[Answered, ...]) -> list[dict[str, str]]:
        """Return the answers as a list in which each can be changed while the others are kept."""
        return [
            {
                "label": self.words(step.node.question),
                "value": self.words(step.choice.label),
                "url": self.address(step.node.key),
            }
            for step in steps
        ]


def _visit(request: HttpRequest) -> Visit:
    params = request.GET.dict()
    return Visit(request, params, walk(params), clock.day_of(clock.now()), get_language())


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Ask the first question, and say what this is."""
    return _ask(_visit(request), installed().start)


@require_safe
def question(request: HttpRequest, node: str) -> HttpResponse:
    """Ask one question; once it is answered lead on to where the answers lead."""
    visit, found = _visit(request), installed().nodes.get(node)
    if found is None or node not in (*(step.node.key for step in visit.walk.steps), visit.walk.at):
        return _from_the_start()
    return _ask(visit, found)


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Tell what may be claimed, on what conditions, and what to do now."""
    visit = _visit(request)
    facts = facts_of(visit.params)
    # Whom no choice of the last question fits may still see what the answers before it come to.
    if visit.walk.at != RESULT and not (visit.walk.at == HELP and facts.problem):
        return _from_the_start()
    assessment, steps = assess(facts, visit.today), visit.walk.steps
    form = PriceForm(visit.params if visit.params.get(PRICE) else None)
    context = {
        "result": result_of(assessment, visit.language),
        "message": message_of(steps, assessment, "zh-hans"),
        "message_in_english": message_of(steps, assessment, "en") if visit.language == "en" else "",
        "form": form,
        "is_priced": facts.price_fen is not None,
        "choices": choices_of(facts),
    }
    return _end(visit, "law/result.html", context, status=422 if form.errors else 200)


@require_safe
def agents(request: HttpRequest) -> HttpResponse:
    """Say that money paid to become an agent is no consumer dispute as a rule, and what can be done."""
    visit = _visit(request)
    if visit.walk.at != AGENTS:
        return _from_the_start()
    assessment = assess(facts_of(visit.params), visit.today)
    return _end(visit, "law/agents.html", {"result": result_of(assessment, visit.language)})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Lead a reader whom no choice fits to a person; what was answered so far is not lost."""
    visit = _visit(request)
    if visit.walk.at != HELP:
        return _from_the_start()
    return _end(
        visit, "law/help.html", {"result_url": visit.address(RESULT) if facts_of(visit.params).problem else ""}
    )


def _from_the_start() -> HttpResponse:
    return redirect(f"{reverse('law:rights')}?{CHANGED}=1")


def _ask(visit: Visit, node: Node) -> HttpResponse:
    form = QuestionForm(
        node,
        labels={choice.key: visit.words(choice.label) for choice in node.choices},
        question=visit.words(node.question),
        hint=visit.words(node.hint) if node.hint else "",
        data=visit.params if "go" in visit.params else None,
        initial=visit.params,
    )
    if form.is_valid():
        return redirect(visit.address(visit.walk.at))
    steps = visit.walk.steps
    asked = [step.node.key for step in steps]
    before = steps[: asked.index(node.key)] if node.key in asked else steps
    # What was answered after it is carried along as well: it may still hold.
    kept = {step.node.key: step.choice.key for step in steps if step.node is not node}
    if visit.params.get(PRICE) and not node.asks_price:
        kept[PRICE] = visit.params[PRICE]
    context = {
        "form": form,
        "action": reverse("law:question", kwargs={"node": node.key}),
        "number": len(before) + 1,
        "most": LONGEST_PATH,
        "is_start": node is installed().start,
        "is_changed": CHANGED in visit.params,
        "kept": kept,
    }
    return _page(visit, "law/question.html", before, context, status=422 if form.errors else 200)


def _end(visit: Visit, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    fen = price_fen(visit.params)
    steps = visit.walk.steps
    context["answers"] = {step.node.key: step.choice.key for step in steps}
    context["query"] = query_of(steps, visit.params[PRICE] if fen is not None else None)
    return _page(visit, template, steps, context, status=status)


def _page(
    visit: Visit, template: str, steps: tuple[Answered, ...], context: dict[str, Any], *, status: int
) -> HttpResponse:
    """Render a page with the answers before it; no search engine keeps one with answers in its address."""
    rows, fen = visit.rows(steps), price_fen(visit.params)
    context["back_url"] = rows[-1]["url"] if rows else reverse("home")
    if rows and fen is not None and visit.walk.has_ended:
        rows.append({"label": _("How much did you pay?"), "value": yuan(fen), "url": rows[-1]["url"]})
    response = render(visit.request, template, context | {"rows": rows}, status=status)
    if visit.params:
        response["X-Robots-Tag"] = "noindex"
    return response
