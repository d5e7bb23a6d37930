"""Django app of the figures: what is timed, and beside what."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Has a command and no stored things."""

    name = "microguard.bench"
    label = "bench"
