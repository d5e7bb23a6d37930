"""Django app of the law as data beyond clocks: rights, routes, duties, and the pages made from them."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """The law is read from files and checked at the start; no row of the database holds it."""

    name = "microguard.law"
    label = "law"

    def ready(self) -> None:
        """Stop the process with a sentence when the data cannot be used.  :raises LawDataError:"""
        from microguard.law.duties import register

        register()
