"""Says what is going on, one line a step. Standard library only: infra/setup.py loads this file by path."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

ALIVE_EVERY_S = 15.0


class Step:
    """One step under way; whoever waits calls tick() often, which shows that the step is alive."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._frame = 0
        self._said_at = self._drawn_at = self.started_at = time.monotonic()
        self.title = title
        self.detail = ""

    @property
    def seconds(self) -> float:
        """How long the step is under way."""
        return time.monotonic() - self.started_at

    def tick(self, detail: str | None = None) -> None:
        """Show that the step is alive, no more often than one can read."""
        if detail is not None:
            self.detail = detail
        now = time.monotonic()
        if self._progress.tty and now - self._drawn_at >= 0.1:
            self._drawn_at = now
            self._frame += 1
            mark = self._progress.spinner[self._frame % len(self._progress.spinner)]
            self._progress.draw(f"  {mark} {self._line()} · {self.seconds:.0f} s")
        elif not self._progress.tty and now - self._said_at >= ALIVE_EVERY_S:
            self._said_at = now
            self._progress.say(f"    {self._line()} · {self.seconds:.0f} s")

    def _line(self) -> str:
        return f"{self.title}: {self.detail}" if self.detail else self.title


class Progress:
    """Lines on one stream: a spinner on a terminal, plain lines elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.tty = self.stream.isatty() and os.environ.get("TERM") != "dumb"
        unicode = "utf" in (self.stream.encoding or "").lower()
        self.spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" if unicode else "|/-\\"
        self.ok, self.bad = ("✓", "✗") if unicode else ("ok", "failed:")
        self._drawn = False

    def say(self, line: str = "") -> None:
        """Print a line that stays."""
        self.clear()
        encoding = self.stream.encoding or "ascii"
        self._write(line.encode(encoding, "replace").decode(encoding) + "\n")

    def draw(self, line: str) -> None:
        """Show a line that the next one replaces."""
        columns = shutil.get_terminal_size().columns
        self._write("\r\x1b[2K" + line[: columns - 1])
        self._drawn = True

    def clear(self) -> None:
        """Take the drawn line away."""
        if self._drawn:
            self._write("\r\x1b[2K")
            self._drawn = False

    def _write(self, text: str) -> None:
        # The reader of a pipe may go away; that must not stop what is being set up.
        try:
            self.stream.write(text)
            self.stream.flush()
        except BrokenPipeError:
            pass

    @contextmanager
    def step(self, title: str, done: str = "") -> Iterator[Step]:
        """Show one step under way and print how it ended; `done` replaces the title then."""
        step = Step(self, title)
        if self.tty:
            self.draw(f"  {self.spinner[0]} {title}")
        else:
            self.say(f"  … {title}" if self.ok == "✓" else f"  ... {title}")
        try:
            yield step
        except Exception:
            self.say(f"  {self.bad} {step.title}")
            raise
        except BaseException:
            # Somebody asked to stop: that is no failure of the step.
            self.clear()
            raise
        self.say(f"  {self.ok} {done or step.title} ({step.seconds:.1f} s)")
