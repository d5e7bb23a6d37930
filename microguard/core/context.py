"""What every page needs: language links, large or normal version, the telephone number for help."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MODE_COOKIE = "mg_mode"
CARE = "care"  # the large version for older readers: bigger text and targets, one column


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the variables that base.html declares."""
    labels = {"zh-hans": "中文", "en": "English"}
    path = request.get_full_path()
    return {
        "language_links": [
            {
                "code": code,
                "label": label,
                "url": translate_url(path, code),
                "current": code == get_language(),
            }
            for code, label in labels.items()
        ],
        "care": request.COOKIES.get(MODE_COOKIE) == CARE,
        "help_phone": settings.HELP_PHONE,
        "footer_links": [
            {"label": _("Help"), "url": reverse("help")},
            {"label": _("How we protect buyers"), "url": reverse("governance")},
            {"label": _("Our figures"), "url": reverse("stats")},
            {"label": _("Rules and time limits"), "url": reverse("rules")},
            {"label": _("Sign in for staff"), "url": reverse("account_login")},
        ],
    }
