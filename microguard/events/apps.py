"""Django app of the fact, recorded once: audit trail and outbox."""

from importlib import import_module

from django.apps import AppConfig, apps


class EventsConfig(AppConfig):
    """Loads every app's subscribers, so that recording knows who listens."""

    name = "microguard.events"
    label = "events"

    def ready(self) -> None:
        """Import the `subscribers` and `notices` rooms of the three apps."""
        for app in ("merchants", "complaints", "disputes"):
            if not apps.is_installed(app):
                continue
            for room in ("subscribers", "notices"):
                try:
                    import_module(f"{app}.{room}")
                except ModuleNotFoundError as error:
                    if error.name != f"{app}.{room}":
                        raise
