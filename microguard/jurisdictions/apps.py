"""Django app of administrative divisions and the regulators competent in them."""

from django.apps import AppConfig


class JurisdictionsConfig(AppConfig):
    """Lowest floor but one: knows places and offices, nothing of cases."""

    name = "microguard.jurisdictions"
    label = "jurisdictions"

    def ready(self) -> None:
        """Read the table of divisions: a process that would take a place for another does not start."""
        from microguard.core.starting import load_or_stop
        from microguard.jurisdictions.divisions import divisions

        load_or_stop(divisions)
