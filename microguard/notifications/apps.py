"""Django app that tells people and systems."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Notices follow from events; only the dispatch loop touches the network."""

    name = "microguard.notifications"
    label = "notifications"
