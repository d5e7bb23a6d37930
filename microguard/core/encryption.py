"""Encrypted fields with a keyed hash beside them for exact look-up.

AES-256-GCM; the additional data binds a ciphertext to its table, column and key, so a value copied to
another column does not decrypt. Keys come as a ring: the first encrypts, all decrypt.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=4)
def _ring(spec: str) -> dict[str, AESGCM]:
    ring = {}
    for entry in spec.split(","):
        key_id, _, key = entry.strip().partition(":")
        raw = base64.b64decode(key)
        if len(raw) != 32:
            raise ImproperlyConfigured(f"MICROGUARD_FIELD_KEYS: key {key_id!r} must be 32 bytes in base64.")
        ring[key_id] = AESGCM(raw)
    return ring


def encrypt(text: str, place: str) -> bytes:
    """Return key id, nonce and ciphertext of the text, bound to the place ("table.column")."""
    ring = _ring(settings.FIELD_KEYS)
    key_id = next(iter(ring))
    nonce = os.urandom(12)
    sealed = ring[key_id].encrypt(nonce, text.encode(), f"{place}:{key_id}".encode())
    return key_id.encode() + b":" + nonce + sealed


def decrypt(sealed: bytes, place: str) -> str:
    """Return the text.

    :raises cryptography.exceptions.InvalidTag: when the bytes were altered or moved from another place
    """
    key_id, _, rest = bytes(sealed).partition(b":")
    cipher = _ring(settings.FIELD_KEYS)[key_id.decode()]
    return cipher.decrypt(rest[:12], rest[12:], place.encode() + b":" + key_id).decode()


def keyed_hash(kind: str, normal_form: str) -> str:
    """Return the keyed hash (hex) by which an encrypted value of this kind is found again."""
    key = base64.b64decode(settings.INDEX_KEY)
    return hmac.new(key, f"{kind}\x00{normal_form}".encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """A text that is stored encrypted; it can be read by the application but not searched or sorted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def _check_str_default_value(self) -> list[Any]:
        return []  # a text default is right here: it is sealed on its way to the database

    @property
    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Seal the text on its way to the database; an empty text stays empty."""
        if isinstance(value, str):
            value = encrypt(value, self._place) if value else b""
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """Open the value on its way from the database."""
        if value is None:
            return None
        return decrypt(value, self._place) if value else ""

    def to_python(self, value: Any) -> Any:
        """Leave a value of a form as the text it is."""
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse plain text in dumps.

        :raises TypeError: always
        """
        raise TypeError("An encrypted field is not written to a dump.")
