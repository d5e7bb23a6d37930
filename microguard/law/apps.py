"""Django app of the law as data beyond clocks: rights, routes, duties, and the pages made from them."""

from django.apps import AppConfig

from microguard.law.routes import routes


class LawConfig(AppConfig):
    """The law is read from files and checked at the start; no row of the database holds it."""

    name = "microguard.law"
    label = "law"

    def ready(self) -> None:
        """Read the law, so that a damaged file stops the process at its start."""
        routes()
