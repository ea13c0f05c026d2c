"""Child processes that never outlive us for long, whatever kills us."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from vuoro.local.folder import write_private

Tick = Callable[[], None]
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def no_tick() -> None:
    """For callers who show no progress."""


def die_with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """For Popen(preexec_fn=): the kernel signals the child when we die. Linux only; else the next start cleans up."""
    libc = _libc
    if libc is None:
        return None

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)

    return ask_kernel


def wait(process: subprocess.Popen[bytes], tick: Tick = no_tick, timeout_s: float | None = None) -> int:
    """The exit code; TimeoutError after timeout_s. tick() may raise to give up."""
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    while (code := process.poll()) is None:
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError
        tick()
        time.sleep(0.02)
    return code


def stop_all(processes: Iterable[subprocess.Popen[bytes]], how: signal.Signals, patience_s: float) -> None:
    """Ask all at once, wait together, then kill those still there (each with its own group)."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.send_signal(how)
    deadline = time.monotonic() + patience_s
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and, when it leads a group of its own, the group."""
    try:
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()


class Record:
    """The children of this run in a file, so that the next run can end those that were left behind."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, processes: Iterable[subprocess.Popen[bytes]]) -> None:
        """Note these, instead of what was noted before."""
        rows = []
        for process in processes:
            try:
                # With its birth time a pid names one process for good: the kernel reuses the number alone.
                rows.append({"pid": process.pid, "born": psutil.Process(process.pid).create_time()})
            except psutil.NoSuchProcess:
                continue
        write_private(self._path, json.dumps(rows))

    def clear(self) -> None:
        """Nothing is left to end."""
        self._path.unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """End what the last run noted and did not end."""
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        left = []
        for row in rows:
            try:
                process = psutil.Process(row["pid"])
                if abs(process.create_time() - row["born"]) < 0.1:
                    left.extend([process, *process.children(recursive=True)])
            except psutil.NoSuchProcess:
                continue
        # Their database went down with us, so there is nothing they could still bring to a good end.
        end(left, signal.SIGTERM, 0.5)
        self.clear()


def end(processes: list[psutil.Process], how: signal.Signals, patience_s: float) -> None:
    """End processes that are not our children."""
    for process in processes:
        try:
            process.send_signal(how)
        except psutil.NoSuchProcess:
            continue
    for process in psutil.wait_procs(processes, timeout=patience_s)[1]:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=2)
