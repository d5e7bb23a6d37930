"""What is encrypted cannot be read from the rows, moved, altered, or lost when the key changes."""

import base64
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, models

from complaints.models import Complaint, SellerMention
from complaints.selectors import cases_of_phone
from disputes.actions.performance import report_performance
from microguard.accounts.actions.codes import phone_hash
from microguard.core.encryption import EncryptedTextField, decrypt, encrypt, keyed_hash
from microguard.events.actions import deliver_next
from microguard.notifications.actions.sending import send_code
from microguard.notifications.models import Dispatch
from tests.cases import a_filed_complaint, a_picture, a_signed_dispute
from tests.clock import FRIDAY_NOON, MONDAY_NOON
from tests.database import every_row, execute
from tests.people import CHEN_PHONE, ZHANG_PHONE, Office, chen

PLACE = "complaints_complaint.phone"


def another_key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, EncryptedTextField):
                yield model, field


def stored(table: str, column: str, pk: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def test_a_text_comes_back_as_it_was() -> None:
    for text in ("张三", ZHANG_PHONE, "𠮷 😀", "a" * 10_000):
        assert decrypt(encrypt(text, PLACE), PLACE) == text


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({encrypt(ZHANG_PHONE, PLACE) for _ in range(100)}) == 100


@pytest.mark.parametrize("position", [3, 14, 15, -1], ids=["nonce", "end of nonce", "first byte", "tag"])
def test_an_altered_byte_is_found(position: int) -> None:
    sealed = bytearray(encrypt(ZHANG_PHONE, PLACE))
    sealed[position] ^= 1

    with pytest.raises(InvalidTag):
        decrypt(bytes(sealed), PLACE)


def test_the_rows_of_a_whole_case_hold_none_of_its_secrets(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)
    Complaint.objects.update(email="zhang@mail.cn", minimum_yuan="4321.09")
    report_performance(dispute_id=dispute.pk, proof=a_picture("转账给张三.png"), by=chen(), at=MONDAY_NOON)
    send_code(phone=ZHANG_PHONE, purpose="SIGN", language="en", at=MONDAY_NOON)
    code = Dispatch.objects.get(notice="code").body.split("code is ")[1][:6]
    while deliver_next(at=FRIDAY_NOON):
        continue
    personal = ["张三", "陈四", ZHANG_PHONE, CHEN_PHONE, "shoes_2026", "zhang@mail.cn", "4321.09", "转账给"]
    number = Complaint.objects.get().number or ""
    sealed_in_messages = [f"/c/{number}", code]

    rows = list(every_row())
    found = [
        (word, table)
        for word in personal + sealed_in_messages
        for table, row in rows
        if word in row or word.encode().hex() in row
    ]

    assert len(rows) > 60
    assert found == []


def test_every_encrypted_field_is_seen_to_be_bytes_in_its_table(office: Office) -> None:
    """The dump above looks at every such column: none is kept as text beside it."""
    fields = {f"{model._meta.db_table}.{field.column}" for model, field in encrypted_fields()}

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'bytea'"
        )
        columns = {name for (name,) in cursor.fetchall()}

    assert fields == columns
    assert {"complaints_complaint.phone", "merchants_handle.value", "notifications_dispatch.body"} <= fields


def test_a_value_copied_to_another_column_does_not_decrypt(office: Office) -> None:
    complaint = a_filed_complaint()

    execute("UPDATE complaints_complaint SET complainant_name = phone WHERE id = %s", [complaint.pk])

    with pytest.raises(InvalidTag):
        Complaint.by_pk(complaint.pk)


def test_a_value_copied_to_another_table_does_not_decrypt(office: Office) -> None:
    complaint = a_filed_complaint()

    execute("UPDATE complaints_sellermention SET value = (SELECT phone FROM complaints_complaint)")

    with pytest.raises(InvalidTag):
        list(SellerMention.objects.filter(complaint=complaint))


def test_after_a_new_key_old_rows_are_read_and_new_ones_are_sealed_with_it(office: Office, settings: Any) -> None:
    old = a_filed_complaint()
    assert stored("complaints_complaint", "phone", old.pk).startswith(settings.FIELD_KEYS[:3].encode())

    settings.FIELD_KEYS = f"{another_key('n9')},{settings.FIELD_KEYS}"
    new = a_filed_complaint()

    assert (Complaint.by_pk(old.pk).phone, Complaint.by_pk(new.pk).phone) == (ZHANG_PHONE, ZHANG_PHONE)
    assert stored("complaints_complaint", "phone", new.pk).startswith(b"n9:")
    assert [case.pk for case in cases_of_phone(phone_hash(ZHANG_PHONE))] == [new.pk, old.pk]


def test_a_row_that_is_saved_again_moves_to_the_new_key(office: Office, settings: Any) -> None:
    complaint = a_filed_complaint()
    settings.FIELD_KEYS = f"{another_key('n9')},{settings.FIELD_KEYS}"

    Complaint.by_pk(complaint.pk).save()

    assert stored("complaints_complaint", "phone", complaint.pk).startswith(b"n9:")
    assert Complaint.by_pk(complaint.pk).phone == ZHANG_PHONE


def test_without_the_key_nothing_is_read(office: Office, settings: Any) -> None:
    complaint = a_filed_complaint()
    name = settings.FIELD_KEYS.partition(":")[0]

    settings.FIELD_KEYS = another_key(name)
    with pytest.raises(InvalidTag):
        Complaint.by_pk(complaint.pk)
    settings.FIELD_KEYS = another_key("n9")
    with pytest.raises(KeyError):
        Complaint.by_pk(complaint.pk)


def test_the_hash_for_look_up_depends_on_the_key_the_kind_and_the_value(settings: Any) -> None:
    first = keyed_hash("phone", ZHANG_PHONE)
    assert keyed_hash("phone", ZHANG_PHONE) == first
    others = {keyed_hash("handle:phone", ZHANG_PHONE), keyed_hash("phone", CHEN_PHONE)}

    settings.INDEX_KEY = base64.b64encode(secrets.token_bytes(32)).decode()

    assert len({first, keyed_hash("phone", ZHANG_PHONE), *others}) == 4


def test_an_encrypted_field_is_not_written_to_a_dump(office: Office) -> None:
    from django.core import serializers

    complaint = a_filed_complaint()

    with pytest.raises(TypeError, match="dump"):
        serializers.serialize("json", [complaint])
