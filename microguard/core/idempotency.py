"""Once only: a request that is repeated (double tap, lost connection) gets the first answer again."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from microguard.core.errors import Refusal
from microguard.core.models import IdempotencyKey


class KeyReused(Refusal):
    """The same key came with another content."""

    code = "key_reused"


def once(*, actor: str, route: str, key: str, request_digest: str, at: datetime, effect: Callable[[], str]) -> str:
    """Run the effect the first time and return its result; return the stored result every later time.

    The key's row is written in the transaction of the effect, so a crash leaves both or neither, and a
    second caller waits on the row until the first has ended.

    :raises KeyReused: when the key was used with another content
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_idempotencykey (actor, route, key, request_digest, result, created_at)"
                " VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (actor, route, key) DO NOTHING",
                [actor, route, key, request_digest, at],
            )
            first = cursor.rowcount == 1
        row = IdempotencyKey.objects.get(actor=actor, route=route, key=key)
        if first:
            row.result = effect()
            row.save(update_fields=["result"])
        elif row.request_digest != request_digest:
            raise KeyReused(_("This form was already sent with other answers. Load the page again."))
        return row.result
