"""A real SMTP server for demo and tests that puts every message into a folder and sends none on.

Run as `python -m microguard.runner.mail`; EMAIL_PORT and MICROGUARD_MAIL_DIR say where.
"""

import os
import signal
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox


def main() -> None:
    """Take in messages until asked to stop."""
    folder = Path(os.environ["MICROGUARD_MAIL_DIR"])
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stops = {signal.SIGINT, signal.SIGTERM}
    # Blocked before the server's thread starts, so that the signal comes to sigwait below.
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    server = Controller(Mailbox(folder), hostname="127.0.0.1", port=int(os.environ["EMAIL_PORT"]))
    server.start()
    signal.sigwait(stops)
    server.stop()


if __name__ == "__main__":
    main()
