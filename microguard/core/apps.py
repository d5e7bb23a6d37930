"""Django app of the small shared concepts."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Holds the tables that belong to no noun: idempotency keys and the demo clock."""

    name = "microguard.core"
    label = "core"
