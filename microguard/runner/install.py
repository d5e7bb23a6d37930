"""Installs the locked dependencies into `.venv`; run by whichever Python the machine has, before all else.

Only the standard library may be imported here. Called as `python install.py CHECKOUT` by `./run`.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

UV = "uv==0.13.9"


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def succeeds(*command: str | Path, show: bool = True) -> bool:
    """Run a command and return whether it succeeded; its output is for the person at the terminal."""
    output = sys.stderr if show else subprocess.DEVNULL
    try:
        done = subprocess.run([str(part) for part in command], stdout=output, stderr=output)
    except OSError:
        return False
    return done.returncode == 0


def owner_of(path: Path) -> str:
    """Return the name of the user to whom the path belongs."""
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"with id {uid}"


def refuse_foreign(venv: Path) -> None:
    """Stop when the environment belongs to somebody else, whose code would run with our rights."""
    if venv.exists() and venv.stat().st_uid != os.geteuid():
        sys.exit(
            f"{venv} belongs to the user {owner_of(venv)}. Each user needs a checkout of their own: "
            "git clone this one into a folder of yours and call ./run there."
        )


def writable_cache(checkout: Path) -> None:
    """Give uv a cache inside the checkout when the home folder cannot be written."""
    home = os.environ.get("XDG_CACHE_HOME") or f"{os.environ.get('HOME') or '/nonexistent'}/.cache"
    cache = Path(home) / "uv"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        usable = os.access(cache, os.W_OK)
    except OSError:
        usable = False
    if not usable:
        os.environ.setdefault("UV_CACHE_DIR", str(checkout / ".tools" / "cache"))


def find_uv(checkout: Path) -> str | None:
    """Return uv's path: the machine's own, or one put into `.tools`; None when neither can be had."""
    on_path = shutil.which("uv")
    if on_path:
        return on_path
    tools = checkout / ".tools" / "uv"
    if succeeds(tools / "bin" / "uv", "--version", show=False):
        return str(tools / "bin" / "uv")
    say("installing the installer (uv) …")
    made = succeeds(sys.executable, "-m", "venv", "--clear", tools) and succeeds(
        tools / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", UV
    )
    return str(tools / "bin" / "uv") if made else None


def install_with_uv(uv: str, venv: Path, lock: Path) -> bool:
    """Bring the environment in step with the lock file by uv."""
    python = venv / "bin" / "python"
    if not python.exists() and not succeeds(uv, "venv", "-q", "--clear", "--python", sys.executable, venv):
        return False
    return succeeds(uv, "pip", "sync", "-q", "--require-hashes", "--python", python, lock)


def install_with_pip(venv: Path, lock: Path) -> bool:
    """Make the environment anew by the standard library's venv and pip."""
    if importlib.util.find_spec("ensurepip") is None:
        return False
    return succeeds(sys.executable, "-m", "venv", "--clear", venv) and succeeds(
        *(venv / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"),
        *("--require-hashes", "-r", lock),
    )


def install(checkout: Path) -> None:
    """Install what the lock file names, unless another `./run` has just done it."""
    venv, lock = checkout / ".venv", checkout / "requirements.lock"
    python, stamp = venv / "bin" / "python", venv / "installed.lock"
    works = succeeds(python, "-c", "", show=False)
    if works and stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    if venv.exists() and not works:
        say(f"the Python of {venv} does not start any more; making it anew")
        shutil.rmtree(venv)
    if shutil.which("uv") is None and importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"{sys.executable} cannot make virtual environments. On Debian and Ubuntu: "
            f"apt-get install python3-venv (or python{version}-venv)"
        )
    writable_cache(checkout)
    # uv brings its own list of certificate authorities, which knows no company's mirror.
    os.environ.update(UV_SYSTEM_CERTS="1", UV_PYTHON_DOWNLOADS="never")
    os.environ.pop("VIRTUAL_ENV", None)
    uv = find_uv(checkout)
    say("installing dependencies …")
    if not (uv and install_with_uv(uv, venv, lock)):
        say("uv could not do it; trying pip, which takes longer …")
        if not install_with_pip(venv, lock):
            sys.exit("the dependencies could not be installed: is the package index reachable? (see above)")
    shutil.copyfile(lock, stamp)


def main() -> None:
    """Install for one `./run` at a time."""
    checkout = Path(sys.argv[1])
    refuse_foreign(checkout / ".venv")
    try:
        (checkout / ".tools").mkdir(exist_ok=True)
        with (checkout / ".tools" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            install(checkout)
    except PermissionError as error:
        sys.exit(f"{error.filename} cannot be written: call ./run in a checkout of your own.")


if __name__ == "__main__":
    main()
