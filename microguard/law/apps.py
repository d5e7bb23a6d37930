"""Django app of the law as data beyond clocks: rights, routes, duties, and the pages made from them."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """The law is read from files and checked at the start; no row of the database holds it."""

    name = "microguard.law"
    label = "law"

    def ready(self) -> None:
        """Read all of it: a process that would answer by damaged law does not start."""
        from microguard.core.starting import load_or_stop
        from microguard.law.before_paying import checks
        from microguard.law.checklist import questions
        from microguard.law.duties import register
        from microguard.law.routes import routes
        from microguard.law.signals import signals
        from microguard.law.tables import tables
        from microguard.law.titles import titles
        from microguard.law.tree import installed

        load_or_stop(tables, titles, register, questions, routes, installed, checks, signals)
