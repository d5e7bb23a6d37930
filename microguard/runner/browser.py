"""Finds the browser for browser tests and pictures, and fetches one where that is possible."""

import os
import shutil
import subprocess

from microguard.runner.console import Failure, last_lines, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FETCH_WITHIN = 300


def find() -> str | None:
    """Return the path of a Chromium or Chrome; None when none can be had.

    :raises Failure: when none can be had though MICROGUARD_REQUIRE_BROWSER=1 asks for one
    """
    path = _present() or (_present() if _fetch("chromium") else None)
    if path is None and os.environ.get("MICROGUARD_REQUIRE_BROWSER") == "1":
        raise Failure("no Chromium or Chrome was found and none could be installed: apt-get install chromium")
    return path


def _present() -> str | None:
    given = os.environ.get("MICROGUARD_BROWSER")
    if given:
        if shutil.which(given) is None:
            raise Failure(f"MICROGUARD_BROWSER is {given!r}, which is no program that can be started.")
        return shutil.which(given)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _fetch(*packages: str) -> bool:
    """Install Debian packages when we may; return whether that succeeded."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"installing {' '.join(packages)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages])
    for step in steps:
        try:
            done = subprocess.run(
                ["apt-get", *step],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=FETCH_WITHIN,
            )
        except subprocess.TimeoutExpired:
            say(f"apt-get {step[0]} took longer than {FETCH_WITHIN} s")
            return False
        if done.returncode:
            say(f"apt-get {step[0]} failed: {last_lines(done.stderr, 1)}")
            return False
    return True
