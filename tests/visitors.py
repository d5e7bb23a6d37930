"""Browsers of the named people, without a screen: what their cookies hold, what they send, what they read."""

import html
import re
from typing import Any

from allauth.mfa.models import Authenticator
from django.core import signing
from django.test import Client

from complaints.models import Complaint
from complaints.views.drafts import COOKIE
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.accounts.models import User
from microguard.notifications.models import Dispatch
from tests.cases import STORY
from tests.people import ZHANG_PHONE

# What Zhang answers on each screen of the filing.
ANSWERS: dict[str, dict[str, Any]] = {
    "seller": {"named_by": "wechat_id", "value": "shoes_2026"},
    "deal": {"item": "运动鞋", "amount_fen": "128", "paid_date": "2026-11-20", "paid_by": "WECHAT_TRANSFER"},
    "problem": {"problem": "DEFECT", "story": STORY},
    "want": {"kinds": ["REFUND"], "refund_fen": "128"},
    "evidence": {"kind": "CHAT"},
    "you": {"complainant_name": "张三", "phone": ZHANG_PHONE, "division": "440300", "code": "123456"},
    "check": {"truth": "on", "bar_known": "on", "platform": "on", "key": "one-tap"},
}


def a_browser(*, phone: str = "", draft: Complaint | None = None) -> Client:
    """A browser in which this phone was proven and whose cookie names this draft."""
    browser = Client()
    if phone:
        session = browser.session
        session[PROVEN_PHONE] = phone_hash(phone)
        session.save()
    if draft is not None:
        browser.cookies[COOKIE] = signing.get_cookie_signer(salt=COOKIE).sign(str(draft.draft_key))
    return browser


def at_desk(user: User) -> Client:
    """A browser in which this person has signed in with a second factor."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def sentences(page: Any) -> list[str]:
    """What the error summary at the top of the page says, as a reader reads it."""
    summary = re.search(r'(?s)<div class="errors".*?<ul>(.*?)</ul>', page.text)
    items = re.findall(r"(?s)<li>(.*?)</li>", summary.group(1)) if summary else []
    return [html.unescape(re.sub(r"<[^>]+>", "", item)).strip() for item in items]


def titled(page: Any) -> str:
    """The title in the browser's tab."""
    return re.search(r"<title>(.*?)</title>", page.text).group(1)


def last_code() -> str:
    """The one-time code that was texted last."""
    return re.search(r"\d{6}", Dispatch.objects.filter(notice="code").latest("pk").body).group()
