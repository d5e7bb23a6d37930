"""The demo bar's variables, in demo mode only."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from microguard.core import clock
from microguard.core.templatetags.mg import moment


def demo(request: HttpRequest) -> dict[str, Any]:
    """Return `demo` for base.html, or nothing outside demo mode."""
    if not settings.DEMO:
        return {}
    from microguard.demo.people import ROLES

    return {
        "demo": {
            "roles": [
                {"role": role, "label": label, "url": reverse("demo:become", args=[role])} for role, label in ROLES
            ],
            "now": moment(clock.now()),
            "advance_url": reverse("demo:clock"),
            "mail_url": reverse("demo:mail"),
            "hook_url": reverse("demo:hook"),
        }
    }
