"""Django's admin as the desk of officers and mediators."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Puts our own site in the place of the default one, so that apps just register."""

    default_site = "microguard.dashboard.site.Desk"
