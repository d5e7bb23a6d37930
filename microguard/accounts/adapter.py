"""Staff accounts are made by a person with that right, never by signing up."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from microguard.core.encryption import decrypt, encrypt

SECOND_FACTOR = "mfa_authenticator.data"


class StaffAdapter(DefaultAccountAdapter):
    """Sign-in for people who already have an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody signs up."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of the second factor encrypted like every other secret."""

    def encrypt(self, text: str) -> str:
        """Return the sealed secret as text."""
        return base64.b64encode(encrypt(text, SECOND_FACTOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        return decrypt(base64.b64decode(encrypted_text), SECOND_FACTOR)
