"""Every request passes the permission table before its view runs."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from microguard.accounts import policies
from microguard.accounts.actors import Actor, actor_of, visitor

PROVEN_PHONE = "proven_phone"  # session key: keyed hash of the phone that a one-time code proved
UNGUARDED_BY_SECOND_FACTOR = ("account_", "mfa_")


def actor_from(request: HttpRequest) -> Actor:
    """Return who is asking: the signed-in person, or a visitor with or without a proven phone."""
    if request.user.is_authenticated:
        return actor_of(request.user)
    return visitor(request.session.get(PROVEN_PHONE, ""))


def acting(request: HttpRequest) -> Actor:
    """Return the actor of a request that has passed the permission table."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class PolicyMiddleware:
    """Sets `request.actor`; answers 404 where the table has no row or the role may not enter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on; personal pages are never kept by a cache."""
        response = self.get_response(request)
        if request.session.accessed and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the view run, or answer in its place."""
        match = request.resolver_match
        assert match is not None
        actor = request.actor = actor_from(request)  # type: ignore[attr-defined]
        action = policies.table().action_for(match.view_name, request.method or "GET")
        if action is None:
            raise Http404
        if not policies.may_reach(actor, action):
            if request.user.is_anonymous:
                return redirect_to_login(request.get_full_path())
            raise Http404
        if self._second_factor_missing(request, match.view_name):
            return redirect("mfa_activate_totp")
        return None

    def _second_factor_missing(self, request: HttpRequest, route: str) -> bool:
        if settings.DEMO or request.user.is_anonymous or route.startswith(UNGUARDED_BY_SECOND_FACTOR):
            return False
        return not is_mfa_enabled(request.user)
