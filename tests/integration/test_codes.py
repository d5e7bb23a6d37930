"""One-time codes: one phone, one purpose, once, five tries, ten minutes."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from microguard.accounts.actions.codes import LIFE, LOCK, TooSoon, WrongCode, issue_code, phone_hash, prove_phone
from microguard.accounts.models import CodePurpose, OneTimeCode
from microguard.core.errors import Refusal
from microguard.notifications.actions.sending import send_code
from microguard.notifications.models import Dispatch
from tests.clock import A_DAY, A_SECOND, MONDAY_MORNING
from tests.people import CHEN_PHONE, ZHANG_PHONE
from tests.threads import at_once

A_MINUTE = timedelta(minutes=1)


def a_code(phone: str = ZHANG_PHONE, purpose: str = CodePurpose.FILE, at: datetime = MONDAY_MORNING) -> str:
    _row, digits = issue_code(phone=phone, purpose=purpose, language="zh-hans", at=at)
    return digits


def prove(
    code: str, phone: str = ZHANG_PHONE, purpose: str = CodePurpose.FILE, at: datetime = MONDAY_MORNING
) -> str:
    return prove_phone(phone=phone, purpose=purpose, code=code, at=at)


def refusal_of(code: str, phone: str = ZHANG_PHONE, at: datetime = MONDAY_MORNING, **other: str) -> str:
    with pytest.raises(WrongCode) as refused:
        prove(code, phone, at=at, **other)
    return refused.value.code


def wrong(code: str) -> str:
    """Another code than this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_proves_its_phone(db: None) -> None:
    assert prove(f" {a_code()} ") == phone_hash(ZHANG_PHONE)


def test_a_code_has_six_digits_and_is_stored_nowhere_readable(db: None) -> None:
    code = a_code()

    assert len(code) == 6
    assert code.isdecimal()
    assert code not in repr(OneTimeCode.objects.values().get())
    assert ZHANG_PHONE not in repr(OneTimeCode.objects.values().get())


def test_a_code_is_used_once(db: None) -> None:
    code = a_code()
    prove(code)

    assert refusal_of(code) == "otp_expired"


def test_a_code_for_one_thing_opens_no_other(db: None) -> None:
    code = a_code(purpose=CodePurpose.FILE)

    assert refusal_of(code, purpose=CodePurpose.SIGN) == "otp_expired"


def test_a_code_of_one_phone_proves_no_other(db: None) -> None:
    code = a_code(CHEN_PHONE)

    assert refusal_of(code, ZHANG_PHONE) == "otp_expired"


def test_a_code_ends_at_its_exact_instant(db: None) -> None:
    code = a_code()

    assert refusal_of(code, at=MONDAY_MORNING + LIFE) == "otp_expired"
    assert prove(code, at=MONDAY_MORNING + LIFE - A_SECOND) == phone_hash(ZHANG_PHONE)


def test_a_newer_code_replaces_the_older(db: None) -> None:
    old = a_code()
    new = a_code(at=MONDAY_MORNING + A_MINUTE)
    later = MONDAY_MORNING + 2 * A_MINUTE

    if old != new:
        assert refusal_of(old, at=later) == "otp_wrong"
    assert prove(new, at=later) == phone_hash(ZHANG_PHONE)


def test_the_fifth_wrong_try_locks_even_the_right_code(db: None) -> None:
    code = a_code()

    answers = [refusal_of(wrong(code)) for _ in range(5)]

    assert answers == ["otp_wrong"] * 4 + ["otp_locked"]
    assert refusal_of(code) == "otp_locked"
    assert OneTimeCode.objects.get().wrong_tries == 5


def test_four_wrong_tries_still_leave_the_right_one(db: None) -> None:
    code = a_code()
    for _ in range(4):
        refusal_of(wrong(code))

    assert prove(code) == phone_hash(ZHANG_PHONE)


def test_a_locked_phone_gets_no_new_code_for_half_an_hour(db: None) -> None:
    code = a_code()
    for _ in range(5):
        refusal_of(wrong(code))

    with pytest.raises(WrongCode) as locked:
        a_code(at=MONDAY_MORNING + LOCK - A_SECOND)
    fresh = a_code(at=MONDAY_MORNING + LOCK)

    assert locked.value.code == "otp_locked"
    assert prove(fresh, at=MONDAY_MORNING + LOCK) == phone_hash(ZHANG_PHONE)


def test_a_wrong_try_counts_even_though_the_deed_is_refused(committed: None) -> None:
    code = a_code()

    refusal_of(wrong(code))

    assert OneTimeCode.objects.get().wrong_tries == 1


def test_another_code_is_sent_after_a_minute_at_the_earliest(db: None) -> None:
    a_code()

    with pytest.raises(TooSoon) as early:
        a_code(at=MONDAY_MORNING + A_MINUTE - A_SECOND)
    a_code(at=MONDAY_MORNING + A_MINUTE)

    assert early.value.values == {"s": 1}
    assert OneTimeCode.objects.count() == 2


def test_a_phone_gets_five_codes_a_day_for_one_purpose(db: None) -> None:
    for minute in range(5):
        a_code(at=MONDAY_MORNING + minute * A_MINUTE)

    with pytest.raises(TooSoon):
        a_code(at=MONDAY_MORNING + A_DAY - A_SECOND)
    a_code(purpose=CodePurpose.SIGN, at=MONDAY_MORNING + 10 * A_MINUTE)
    a_code(at=MONDAY_MORNING + A_DAY)


def test_a_code_that_is_refused_sends_no_message(db: None) -> None:
    send_code(phone=ZHANG_PHONE, purpose="FILE", language="en", at=MONDAY_MORNING)

    with pytest.raises(TooSoon):
        send_code(phone=ZHANG_PHONE, purpose="FILE", language="en", at=MONDAY_MORNING + A_SECOND)

    assert Dispatch.objects.count() == 1


def test_a_code_and_its_message_are_there_together_or_not_at_all(db: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        send_code(phone=ZHANG_PHONE, purpose="FILE", language="en", at=MONDAY_MORNING)
        raise RuntimeError("the page failed after sending")

    assert (OneTimeCode.objects.count(), Dispatch.objects.count()) == (0, 0)


def test_twenty_at_once_get_five_tries_between_them(committed: None) -> None:
    code = a_code()

    refusals = at_once(*[lambda: prove(wrong(code))] * 20)

    assert all(isinstance(refusal, Refusal) for refusal in refusals)
    assert sorted(refusal.code for refusal in refusals) == ["otp_locked"] * 16 + ["otp_wrong"] * 4
    assert OneTimeCode.objects.get().wrong_tries == 5


def test_of_ten_who_use_the_code_at_once_one_gets_in(committed: None) -> None:
    code = a_code()

    answers = at_once(*[lambda: prove(code)] * 10)

    assert answers.count(phone_hash(ZHANG_PHONE)) == 1
    assert sum(isinstance(answer, WrongCode) for answer in answers) == 9
