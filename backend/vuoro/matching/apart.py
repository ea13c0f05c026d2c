"""`vuoro match` in a process of its own: a call of the solver hears no signal, a process can be ended at once."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parents[2])


def run(options: argparse.Namespace) -> int:
    """Runs `shell.main` with these options; its exit status, or 128 and the number of the signal that ended it."""
    arguments = json.dumps({name: str(value) for name, value in vars(options).items() if isinstance(value, Path)})
    path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", "vuoro.matching.shell", str(os.getpid()), arguments]
    asked: list[int] = []
    process: subprocess.Popen[bytes] | None = None

    def stop(number: int, _: object) -> None:
        asked.append(number)
        if process is not None:
            process.terminate()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the child keeps it so: a Ctrl+C is for us to hear
    try:
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path})  # noqa: S603
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        if asked:  # before there was anything to end
            process.terminate()
        code = process.wait()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for number, handler in before.items():
            signal.signal(number, handler)
    if code >= 0:
        return code
    _clear()
    if asked:
        print("vuoro: stopped; nothing was written", file=sys.stderr)
        return 128 + asked[0]
    print(f"vuoro: the search was ended by signal {-code}; nothing was written", file=sys.stderr)
    return 128 - code


def _clear() -> None:
    """Takes away the line of progress that the search left."""
    if sys.stderr.isatty():
        print(f"\r{' ' * (shutil.get_terminal_size().columns - 1)}\r", end="", file=sys.stderr, flush=True)
