"""The pages of an office outside: its notices, and one of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.errors import NotFound
from microguard.notifications.actions.reading import open_notice
from microguard.notifications.models import ChannelName
from microguard.notifications.notices import words_of
from microguard.notifications.selectors import inbox


def paging_key(request: HttpRequest) -> int | None:
    """Return the key after which the list goes on; a bent one starts at the top."""
    key = request.GET.get("before", "")
    return int(key) if key.isdecimal() and len(key) < 19 else None


def platform(request: HttpRequest) -> HttpResponse:
    """Show a platform the notices to it."""
    page = inbox(acting(request).office_id, before=paging_key(request))
    return render(request, "notifications/inbox.html", {"page": page})


def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice to the reader's office; what a machine was told is shown in words."""
    try:
        dispatch = open_notice(dispatch_id=pk, by=acting(request), at=clock.now())
    except NotFound as error:
        raise Http404 from error
    text = words_of(dispatch) if dispatch.channel == ChannelName.WEBHOOK else dispatch.body
    return render(request, "notifications/notice.html", {"dispatch": dispatch, "text": text})
