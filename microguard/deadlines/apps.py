"""Django app of the clocks: the law as data, and the terms that run in each case."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Clocks are rows; nothing is ever scheduled in the broker."""

    name = "microguard.deadlines"
    label = "deadlines"
