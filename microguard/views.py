"""The home page, help, health, and the way from sign-in to one's own place."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from microguard.accounts import policies
from microguard.accounts.middleware import acting


def home(request: HttpRequest) -> HttpResponse:
    """Show the home page."""
    return render(request, "home.html", {})


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
