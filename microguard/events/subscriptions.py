"""The one registry of who listens to which fact."""

from collections.abc import Callable

from microguard.events.models import Event

Handler = Callable[[Event], None]
_handlers: dict[str, Handler] = {}
_listening: dict[str, list[str]] = {}


def on(*names: str, subscriber: str) -> Callable[[Handler], Handler]:
    """Register a function that is handed every event of these names, once each, in a transaction of its own.

    Handlers touch the database only and may be handed an event whose effect exists already.
    """

    def register(handler: Handler) -> Handler:
        if _handlers.setdefault(subscriber, handler) is not handler:
            raise RuntimeError(f"two subscribers are called {subscriber}")
        for name in names:
            _listening.setdefault(name, []).append(subscriber)
        return handler

    return register


def subscribers(name: str) -> list[str]:
    """Return the subscribers of events of this name, in the order they were registered."""
    return _listening.get(name, [])


def handler_of(subscriber: str) -> Handler:
    """Return the function behind a subscriber's name.

    :raises KeyError: when it no longer exists
    """
    return _handlers[subscriber]
