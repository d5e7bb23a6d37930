"""Django app of demo mode: a believable town, one-click roles, a clock that can be moved."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Exists everywhere, answers only in demo mode."""

    name = "microguard.demo"
    label = "demo"
