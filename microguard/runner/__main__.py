"""The entrance of `./run`."""

import signal
import sys
from types import FrameType

from microguard.runner.commands import Stopped, run
from microguard.runner.console import Failure, say

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop(number: int, _frame: FrameType | None) -> None:
    """Leave by the way we came, which stops what was started; a second Ctrl-C does no harm."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(128 + number)


def main() -> int:
    """Run the command on the command line and return its exit code."""
    for each in STOPS:
        # Whoever called us by nohup wants us to outlive the terminal.
        if each is not signal.SIGHUP or signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, stop)
    try:
        return run(sys.argv[1:])
    except Failure as failure:
        say(f"error: {failure}")
    except PermissionError as error:
        say(f"error: {error.filename} is not ours to use: call ./run in a checkout of your own.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
