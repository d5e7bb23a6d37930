"""The office that works in a bench's database, and their browsers."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from microguard.accounts.middleware import PROVEN_PHONE
from microguard.accounts.models import Membership, User
from microguard.accounts.roles import Role

HOST = settings.ALLOWED_HOSTS[0]


@dataclass(frozen=True)
class Office:
    """One person per role that the suites need."""

    officer: User
    mediator: User
    supervisor: User


def hire() -> Office:
    """Make the accounts; nobody can sign in with them, for they have no password."""
    return Office(*(_one(role) for role in (Role.OFFICER, Role.MEDIATOR, Role.SUPERVISOR)))


def _one(role: Role) -> User:
    user = User.objects.create(username=f"bench_{role.value}", name=f"bench {role.value}", landline="0000-123456")
    Membership.objects.create(user=user, role=role)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


def browser_of(user: User) -> Client:
    """Return a browser in which this person has signed in."""
    browser = Client(SERVER_NAME=HOST)
    browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def prove(browser: Client, hashed_phone: str) -> None:
    """Let the browser's session be that of somebody who has proven this phone."""
    session = browser.session
    session[PROVEN_PHONE] = hashed_phone
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
