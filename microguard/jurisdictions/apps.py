"""Django app of administrative divisions and the regulators competent in them."""

from django.apps import AppConfig


class JurisdictionsConfig(AppConfig):
    """Lowest floor but one: knows places and offices, nothing of cases."""

    name = "microguard.jurisdictions"
    label = "jurisdictions"
