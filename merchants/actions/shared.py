"""Marking a handle that several people use."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from merchants.models import Handle, SharedHandle
from merchants.states import SharedBecause
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.events import actions as events


class NotMarked(Refusal):
    """The mark cannot be set or taken back."""

    code = "not_marked"


@transaction.atomic
def mark_shared(*, handle_id: int, because: str, by: Actor, at: datetime) -> SharedHandle:
    """Mark that several people use the handle, whoever carries it: from now on it alone proposes nobody.

    :raises microguard.core.errors.NotFound: when there is no such handle
    :raises NotMarked: without a reason of the list, or when it is marked already
    """
    handle = _held(handle_id, by)
    if because not in SharedBecause.values:
        raise NotMarked(_("Choose why several people use it."))
    mark = SharedHandle(
        type=handle.type, value_hash=handle.value_hash, because=because, marked_at=at, marked_by=by.reference
    )
    try:
        with transaction.atomic():
            mark.save()
    except IntegrityError as error:
        raise NotMarked(_("It is marked already.")) from error
    events.record("handle.marked_shared", handle.merchant, by=by, at=at, handle=handle.pk, ground=mark.because)
    return mark


@transaction.atomic
def unmark_shared(*, handle_id: int, by: Actor, at: datetime) -> None:
    """Take the mark back: the handle proposes sellers as any other.

    :raises microguard.core.errors.NotFound: when there is no such handle
    :raises NotMarked: when it is not marked
    """
    handle = _held(handle_id, by)
    standing = SharedHandle.objects.filter(value_hash=handle.value_hash, ended_at__isnull=True)
    if not standing.update(ended_at=at, ended_by=by.reference):
        raise NotMarked(_("It is not marked."))
    events.record("handle.unmarked_shared", handle.merchant, by=by, at=at, handle=handle.pk)


def _held(handle_id: int, by: Actor) -> Handle:
    handle = Handle.by_pk(handle_id)
    hold(handle.merchant.chain)
    policies.require(by, "registry.link")
    return handle
