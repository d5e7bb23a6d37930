"""What an office does with a notice: it opens it."""

from datetime import datetime

from django.db import transaction

from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.notifications.models import Dispatch
from microguard.notifications.selectors import notice_to


@transaction.atomic
def open_notice(*, dispatch_id: int, by: Actor, at: datetime) -> Dispatch:
    """Return a notice to the actor's office; the first opening is kept, with who did it.

    :raises microguard.core.errors.NotFound: when it is not this office's
    """
    policies.require(by, "inbox.read")
    dispatch = notice_to(by, dispatch_id)
    if dispatch.read_at is None:
        dispatch.read_at, dispatch.read_by = at, by.reference
        dispatch.save(update_fields=["read_at", "read_by"])
    return dispatch
