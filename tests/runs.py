"""`./run` commands as their users call them, on servers of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

GIVEN = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "BASE_URL", "EMAIL_HOST", "EMAIL_PORT"}


def run(var: Path, *words: str, patience: float) -> tuple[int, list[dict[str, Any]], str]:
    """Run the command with its data below `var`; return its exit code, its lines of JSON and what it said."""
    kept = {name: value for name, value in os.environ.items() if name not in GIVEN and "MICROGUARD" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "microguard.runner", *words],
        cwd=settings.BASE_DIR,
        env={**kept, "MICROGUARD_VAR": str(var)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"], done.stderr
