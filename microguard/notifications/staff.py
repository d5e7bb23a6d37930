"""People of the office as recipients of notices."""

from collections.abc import Iterable

from microguard.accounts.models import User
from microguard.accounts.roles import Role
from microguard.notifications.models import ChannelName
from microguard.notifications.ways import Recipient, Way

OFFICE_LANGUAGE = "zh-hans"


def by_mail(user: User) -> Recipient:
    """One person of the office, by e-mail."""
    return Recipient(f"user:{user.pk}", OFFICE_LANGUAGE, (Way(ChannelName.EMAIL, user.email),))


def staff(role: Role) -> Iterable[Recipient]:
    """Everybody of this role who has an address, by e-mail."""
    for user in User.objects.filter(memberships__role=role, is_active=True).exclude(email="").order_by("pk"):
        yield by_mail(user)
