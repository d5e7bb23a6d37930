"""What the person at the terminal sees: progress and failures on stderr, answers on stdout."""

import sys


class Failure(Exception):
    """Something that the person at the terminal has to know; its text says what to do."""


def say(text: str) -> None:
    """Print one line of progress on stderr."""
    print(text, file=sys.stderr, flush=True)


def last_lines(text: str, count: int = 15) -> str:
    """Return the end of a log, for a failure's text."""
    return "\n".join(text.rstrip().splitlines()[-count:])
