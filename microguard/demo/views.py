"""Demo mode: be somebody by one click, move the clock, read the mail."""

import json
import mailbox
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.accounts.models import User
from microguard.core import clock
from microguard.core.models import DemoClock
from microguard.core.redirects import back
from microguard.deadlines.actions import RUNNING
from microguard.deadlines.models import Deadline
from microguard.demo.people import BUYER_PHONE, PEOPLE, SELLER_PHONE
from microguard.events.bell import ring

LONGEST_STEP = timedelta(days=400)
MAILS_SHOWN = 50


def in_demo_mode(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 outside demo mode."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, **kwargs)

    return guarded


@in_demo_mode
def become(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as one of the demo's people, or prove the demo's buyer or seller phone."""
    logout(request)
    phones = {"buyer": BUYER_PHONE, "seller": SELLER_PHONE}
    if role in phones:
        request.session[PROVEN_PHONE] = phone_hash(phones[role])
        return redirect("complaints:mine")
    person = next((person for person in PEOPLE if role in person.roles), None)
    if person is None:
        raise Http404
    user = User.objects.get(username=person.username)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("start")


@csrf_exempt
@in_demo_mode
def advance(request: HttpRequest) -> HttpResponse:
    """Move the clock forward: by hours, or to just after the next due instant; then sweep once."""
    step = _step(request)
    if step is None or not timedelta(0) <= step <= LONGEST_STEP:
        return HttpResponseBadRequest("advance_hours must be a number from 0 to 9600")
    with transaction.atomic():
        row, _made = DemoClock.objects.select_for_update().get_or_create(pk=1, defaults={"shift": timedelta(0)})
        row.shift += step
        row.save(update_fields=["shift"])
    for task in ("deadlines.sweep", "events.relay", "notifications.dispatch"):
        ring(task)
    if request.content_type == "application/json":
        return JsonResponse({"now": clock.now().isoformat()})
    return back(request, "home")


def _step(request: HttpRequest) -> timedelta | None:
    if request.POST.get("advance_to") == "next_deadline":
        now = clock.now()
        due = (
            Deadline.objects.filter(RUNNING, due_at__gt=now)
            .order_by("due_at")
            .values_list("due_at", flat=True)
            .first()
        )
        return due - now if due else timedelta(0)
    try:
        if request.content_type == "application/json":
            hours = float(json.loads(request.body)["advance_hours"])
        else:
            hours = float(request.POST.get("advance_hours", ""))
        return timedelta(hours=hours)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


@in_demo_mode
def mail(request: HttpRequest) -> HttpResponse:
    """Show the newest e-mails and text messages that reached the demo's mail server.

    With `about` (a case number or a phone) only those that mention it: a moved clock can send hundreds.
    """
    about = request.GET.get("about", "").strip()
    box: Any = (
        mailbox.Maildir(settings.MAIL_DIR, factory=None) if (Path(settings.MAIL_DIR) / "new").is_dir() else {}
    )
    newest = sorted(box.items(), key=lambda entry: entry[1].get_date(), reverse=True)
    read = (_letter(raw) for _key, raw in newest)
    letters = list(islice((letter for letter in read if not about or _mentions(letter, about)), MAILS_SHOWN))
    if request.GET.get("format") == "json":
        return JsonResponse({"mails": letters})
    return render(request, "demo/mail.html", {"letters": letters, "about": about})


def _letter(raw: Any) -> dict[str, str]:
    letter = message_from_bytes(raw.as_bytes(), policy=modern)
    return {
        "to": str(letter["To"]),
        "subject": str(letter["Subject"]),
        "date": str(letter["Date"]),
        "text": letter.get_content(),
    }


def _mentions(letter: dict[str, str], words: str) -> bool:
    return any(words in letter[part] for part in ("to", "subject", "text"))
