"""Django app of figures and exports."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Roof: reads the three apps, written to by nobody."""

    name = "microguard.statistics"
    label = "statistics"
