"""Timing a thing beside its floor, turn by turn in one run, so that their ratio means something."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any


class WrongAnswer(AssertionError):
    """What was timed did not do what it should have done: its time counts for nothing."""


def expect(held: object, sentence: str) -> None:
    """Pass when it held.

    :raises WrongAnswer: with the sentence, when it did not
    """
    if not held:
        raise WrongAnswer(sentence)


class Stopwatch:
    """Adds up the seconds spent inside `running`, and none outside."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time until the block ends."""
        begun = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - begun


# Does the thing once, times the part that counts, checks the answer.
Once = Callable[[Stopwatch], None]


@dataclass
class Race:
    """One thing and its floor: the least that has to be done for the same answer."""

    suite: str
    what: str
    once: Once
    floor_what: str
    floor: Once
    samples: int
    more: dict[str, Any] = field(default_factory=dict)


def _timed(once: Once) -> float:
    watch = Stopwatch()
    once(watch)
    return watch.seconds * 1000


def run(race: Race, *, rounds: int, samples: int | None = None) -> dict[str, Any]:
    """Run all rounds, each first the thing and then its floor, and return the figures; the first is a warm-up.

    :raises WrongAnswer: when an answer was wrong
    """
    samples = samples or race.samples
    things: list[float] = []
    floors: list[float] = []
    for number in range(rounds):
        thing = median(_timed(race.once) for _ in range(samples))
        floor = median(_timed(race.floor) for _ in range(samples))
        if number:
            things.append(thing)
            floors.append(floor)
    return {
        "suite": race.suite,
        "what": race.what,
        "unit": "ms",
        **_figures(things),
        "floor": {"what": race.floor_what, **_figures(floors)},
        "ratio": round(median(things) / median(floors), 2),
        "samples": {"rounds": len(things), "a_round": samples},
        **race.more,
    }


def _figures(medians: list[float]) -> dict[str, float]:
    """Return the median of the rounds' medians, and their range."""
    return {name: round(of(medians), 3) for name, of in (("median", median), ("min", min), ("max", max))}
