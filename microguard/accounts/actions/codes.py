"""One-time codes: issue one, and prove a phone with it."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from microguard.accounts.models import OneTimeCode
from microguard.core.encryption import keyed_hash
from microguard.core.errors import Refusal

LIFE = timedelta(minutes=10)
PAUSE = timedelta(seconds=60)
PER_DAY = 5
TRIES = 5
LOCK = timedelta(minutes=30)


class TooSoon(Refusal):
    """A code was sent a moment ago, or too many today."""

    code = "otp_wait"


class WrongCode(Refusal):
    """The code does not fit, is too old, or was tried too often."""

    code = "otp_wrong"


def phone_hash(phone: str) -> str:
    """Return the keyed hash of a phone number in normal form."""
    return keyed_hash("phone", phone)


def _code_hash(purpose: str, owner: str, code: str) -> str:
    return keyed_hash(f"code:{purpose}", f"{owner}:{code}")


@transaction.atomic
def issue_code(*, phone: str, purpose: str, language: str, at: datetime) -> tuple[OneTimeCode, str]:
    """Make a code for this phone and purpose and return its row and the six digits to send.

    :raises TooSoon: within 60 seconds of the last one, or after the day's limit
    :raises WrongCode: while the phone is locked after five wrong tries
    """
    owner = phone_hash(phone)
    recent = OneTimeCode.objects.filter(phone_hash=owner, created_at__gt=at - timedelta(days=1)).order_by("-pk")
    last = recent.first()
    _refuse_locked(last, at)
    if last and at - last.created_at < PAUSE:
        wait = PAUSE - (at - last.created_at)
        raise TooSoon(_("Wait {s} seconds before getting another code."), s=int(wait.total_seconds()) or 1)
    if recent.filter(purpose=purpose).count() >= PER_DAY:
        raise TooSoon(_("You have used today's codes for this phone. Call us, or come back tomorrow."))
    digits = f"{secrets.randbelow(1_000_000):06d}"
    row = OneTimeCode.objects.create(
        purpose=purpose,
        phone_hash=owner,
        code_hash=_code_hash(purpose, owner, digits),
        language=language,
        created_at=at,
        expires_at=at + LIFE,
    )
    return row, digits


def prove_phone(*, phone: str, purpose: str, code: str, at: datetime) -> str:
    """Use the code and return the keyed hash of the phone it proves.

    A wrong try is counted even though the caller's work is refused, so it is committed here; call this
    outside any transaction of the deed that the code allows.

    :raises WrongCode: when the code is wrong, expired, used or locked
    """
    refusal: WrongCode | None = None
    with transaction.atomic():
        owner = phone_hash(phone)
        row = (
            OneTimeCode.objects.select_for_update()
            .filter(purpose=purpose, phone_hash=owner)
            .order_by("-created_at", "-pk")
            .first()
        )
        _refuse_locked(row, at)
        if row is None or row.used_at or at >= row.expires_at:
            raise WrongCode(_("The code has expired. Get a new one."), code="otp_expired")
        if hmac.compare_digest(row.code_hash, _code_hash(purpose, owner, code.strip())):
            row.used_at = at
            row.save(update_fields=["used_at"])
            return owner
        row.wrong_tries += 1
        row.save(update_fields=["wrong_tries"])
        if row.wrong_tries >= TRIES:
            refusal = _locked()
        else:
            refusal = WrongCode(
                _("That code is not right. You can try {n} more times."), n=TRIES - row.wrong_tries
            )
    raise refusal


def _locked() -> WrongCode:
    return WrongCode(
        _("Too many tries. Come back in 30 minutes or call {tel}."), code="otp_locked", tel=settings.HELP_PHONE
    )


def _refuse_locked(row: OneTimeCode | None, at: datetime) -> None:
    if row and row.wrong_tries >= TRIES and at < row.created_at + LOCK:
        raise _locked()
