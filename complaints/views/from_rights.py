"""From what somebody found out about rights to a complaint: its answers are taken along, and none is lost."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.actions.filing import StepAnswers, Wanted, save_step
from complaints.actions.standing import checked
from complaints.forms.fields import MOST_FEN
from complaints.models import Complaint
from complaints.rules.law_facts import claims_of, prepared
from complaints.states import ClaimKind
from complaints.views.drafts import draft_from, open_draft, remember
from microguard.core import clock
from microguard.core.machine import NotPossible
from microguard.core.money import yuan
from microguard.law.basis import law_day
from microguard.law.decisions import Strength
from microguard.law.explorer import facts_of
from microguard.law.rights import assess
from microguard.law.vocabulary import Facts
from microguard.law.words import answers_to, question_of


@require_http_methods(["GET", "POST"])
def from_rights(request: HttpRequest) -> HttpResponse:
    """Begin a complaint with the answers in the address; where one is begun already, ask before they change.

    What the questions about rights do not know is not read. The answer to ours is posted: "use" takes the new ones
    over, "keep" leaves all as it is.
    """
    if "keep" in request.POST:
        return redirect("complaints:step", slug="seller")
    answers = _answers(facts_of(request.GET.dict()), on=clock.day_of(clock.now()))
    begun = draft_from(request)
    if begun is not None and not begun.number and "use" not in request.POST:
        changes = _changes(begun, answers)
        if changes:
            return render(request, "complaints/file/from_rights.html", {"changes": changes})
    draft = open_draft(request)
    answers.columns["told_facts"] = {**draft.told_facts, **answers.columns["told_facts"]}
    try:
        save_step(draft_key=draft.draft_key, answers=answers)
    except NotPossible:  # it was filed from another tab in this very moment
        return redirect("complaints:check")
    messages.success(request, _("Your answers are in the complaint. You can change each of them."))
    return remember(redirect("complaints:step", slug="seller"), draft, secure=settings.SECURE)


def _answers(facts: Facts, *, on: date) -> StepAnswers:
    """Return what a complaint begins with: our choices, what is told beside them, and what may be claimed."""
    begun = prepared(facts)
    found = assess(facts, law_day(on))
    fen = begun.amount_fen if begun.amount_fen and begun.amount_fen <= MOST_FEN else None
    columns = {"problem": begun.problem, "paid_by": begun.paid_by, "channel": begun.channel, "amount_fen": fen}
    claims = [
        Wanted(kind, None, as_law_sets=True) if kind == ClaimKind.COMPENSATION else Wanted(kind, _sum(kind, fen))
        for kind in claims_of(remedy.remedy for remedy in found.remedies if remedy.strength is Strength.MAIN)
    ]
    given = {name: value for name, value in columns.items() if value}
    return StepAnswers({**given, "told_facts": checked(begun.told)}, claims=claims or None)


def _sum(kind: str, fen: int | None) -> int | None:
    return fen if kind in (ClaimKind.REFUND, ClaimKind.RETURN_AND_REFUND) else None


def _changes(draft: Complaint, answers: StepAnswers) -> list[dict[str, str]]:
    """Return the answers of the draft that would become others: what each is about, as it is, as it would be."""
    new = Complaint(**answers.columns)
    rows = [
        (_("Problem"), draft.get_problem_display(), new.get_problem_display()),
        (_("How did you pay?"), draft.get_paid_by_display(), new.get_paid_by_display()),
        (_("Where did you make the deal?"), draft.get_channel_display(), new.get_channel_display()),
        (_("How much did you pay?"), yuan(draft.amount_fen or 0), yuan(new.amount_fen or 0)),
        (_("What do you want?"), _kinds(draft.claims.order_by("pk")), _kinds(answers.claims or ())),
        *(
            (
                question_of(fact).in_language(get_language()),
                _said(fact, draft.told_facts),
                _said(fact, new.told_facts),
            )
            for fact in new.told_facts
        ),
    ]
    none = {"", yuan(0)}
    return [
        {"label": str(label), "old": str(old), "new": str(new)}
        for label, old, new in rows
        if old != new and not {old, new} & none
    ]


def _kinds(claims: Iterable[Any]) -> str:
    return " · ".join(sorted(str(ClaimKind(claim.kind).label) for claim in claims))


def _said(fact: str, told: Mapping[str, Any]) -> str:
    """Return an answer in words, "" for none."""
    value, language = told.get(fact), get_language()
    chosen = value if isinstance(value, list) else [value]
    words = [words.in_language(language) for answer, words in answers_to(fact).items() if answer in chosen]
    return " · ".join(words) or ("" if value is None else str(value))
