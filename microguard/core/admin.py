"""The desk's way of telling a refusal: a message on its row instead of a failure page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from microguard.core.errors import Refusal


@contextmanager
def reporting(request: HttpRequest, subject: Any) -> Iterator[None]:
    """Turn a Refusal of the block into an error message that names the subject."""
    try:
        yield
    except Refusal as refusal:
        messages.error(request, f"{subject}: {refusal.message}")
