"""Django app of administrative divisions and the regulators competent in them."""

from django.apps import AppConfig

from microguard.jurisdictions.divisions import divisions


class JurisdictionsConfig(AppConfig):
    """Lowest floor but one: knows places and offices, nothing of cases."""

    name = "microguard.jurisdictions"
    label = "jurisdictions"

    def ready(self) -> None:
        """Read the table of divisions, so that a damaged one stops the process at its start."""
        divisions()
