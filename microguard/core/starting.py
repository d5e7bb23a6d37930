"""Data files at the start of a process: whatever is wrong with one stops it, in one sentence."""

import sys
from collections.abc import Callable

# The code by which a worker of gunicorn says that it cannot boot; with any other it would be started for ever.
CANNOT_START = 3


class DataError(ValueError):
    """A data file that ships with MicroGuard cannot be used; the sentence names the file and the entry."""


def load_or_stop(*loaders: Callable[[], object]) -> None:
    """Read the data by these functions before anything else is done with the process.

    Called from `AppConfig.ready`, so web, worker, beat and every command do it. What is malformed ends the
    process: its sentence on stderr, no traceback.

    :raises SystemExit: when a loader found something wrong
    """
    try:
        for load in loaders:
            load()
    except DataError as error:
        print(error, file=sys.stderr)  # noqa: T201 - logging may not be there yet, and would add to the sentence
        raise SystemExit(CANNOT_START) from None
