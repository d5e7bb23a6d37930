"""Circuits: one per server that takes our messages, opened by failures in a row, closed by the first success."""

from datetime import datetime, timedelta

from microguard.notifications.models import Circuit, Dispatch, DispatchState

OPENS_AFTER = 3  # failures in a row
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)


def closed_ways(*, at: datetime) -> list[str]:
    """Return the keys of the circuits by which nothing may be sent now."""
    return list(Circuit.objects.filter(probe_at__gt=at).values_list("key", flat=True))


def take_probe(key: str, *, at: datetime, until: datetime) -> bool:
    """Tell whether a message may go: always while the circuit is closed, one at a time while it is open."""
    if not Circuit.objects.filter(key=key, probe_at__isnull=False).exists():
        return True
    return bool(Circuit.objects.filter(key=key, probe_at__lte=at).update(probe_at=until))


def free_probe(key: str, *, at: datetime) -> None:
    """Let another message probe: the one that was to do so has never reached the server."""
    Circuit.objects.filter(key=key, probe_at__isnull=False).update(probe_at=at)


def note_failure(key: str, reason: str, *, at: datetime) -> None:
    """Count a failure of the server; from the third in a row on, the others wait for a probe."""
    circuit, _made = Circuit.objects.select_for_update().get_or_create(key=key)
    circuit.failures += 1
    circuit.reason = reason
    if circuit.failures >= OPENS_AFTER:
        doublings = min(circuit.failures - OPENS_AFTER, 10)
        circuit.opened_at = circuit.opened_at or at
        circuit.probe_at = at + min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**doublings)
    circuit.save()


def note_success(key: str, *, at: datetime) -> None:
    """Close the circuit; whatever waited because of the outage is due at once."""
    was_failing = Circuit.objects.filter(key=key, failures__gt=0).update(
        failures=0, reason="", opened_at=None, probe_at=None
    )
    if was_failing:
        waiting = Dispatch.objects.filter(state=DispatchState.DUE, circuit=key, due_at__gt=at)
        # One that somebody else holds just now is on its way already: waiting for it could be for ever.
        free = waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
        Dispatch.objects.filter(pk__in=list(free)).update(due_at=at)
