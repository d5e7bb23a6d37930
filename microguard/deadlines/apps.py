"""Django app of the clocks: the law as data, and the terms that run in each case."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Clocks are rows; nothing is ever scheduled in the broker."""

    name = "microguard.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        """Read every rule and calendar: a process that could not reckon a term does not start."""
        from microguard.core.starting import load_or_stop
        from microguard.deadlines.calendar import shipped_calendar
        from microguard.deadlines.legislation import legislation

        load_or_stop(legislation, shipped_calendar)
