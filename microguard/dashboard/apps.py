"""Django's admin as the desk of officers and mediators."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Puts our own site in the place of the default one, so that apps just register."""

    default_site = "microguard.dashboard.site.Desk"

    def ready(self) -> None:
        """Register the apps' lists, then the pages that stand above all apps."""
        super().ready()
        for page in (
            "casework",
            "corrections",
            "dispatches",
            "offices",
            "sellers",
            "staff",
            "statements",
            "trail",
        ):
            import_module(f"microguard.dashboard.{page}")
