"""The filer's draft: a signed cookie names it, so it outlives the session, the tab and the phone's memory."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from complaints.actions.filing import start_draft
from complaints.models import Complaint
from complaints.selectors import draft_of
from microguard.core import clock
from microguard.core.errors import NotFound

COOKIE = "mg_draft"
KEPT = 30 * 24 * 3600  # seconds


def draft_from(request: HttpRequest) -> Complaint | None:
    """Return the draft (or what it has become) of this browser, or None."""
    key = request.get_signed_cookie(COOKIE, default="", max_age=KEPT)
    try:
        return draft_of(UUID(key)) if key else None
    except (NotFound, ValueError, ValidationError):
        return None


def open_draft(request: HttpRequest) -> Complaint:
    """Return this browser's draft, a fresh one when it has none that is still a draft."""
    draft = draft_from(request)
    if draft is None or draft.number:
        draft = start_draft(language=get_language() or "zh-hans", at=clock.now())
    return draft


def remember(response: HttpResponse, draft: Complaint, *, secure: bool) -> HttpResponse:
    """Put the draft's name into the browser's cookie."""
    response.set_signed_cookie(
        COOKIE, str(draft.draft_key), max_age=KEPT, httponly=True, samesite="Lax", secure=secure
    )
    return response
