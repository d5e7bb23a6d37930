"""Django app of figures and exports."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Roof: reads the three apps; writes nothing but the fact that a file was handed out."""

    name = "microguard.statistics"
    label = "statistics"
