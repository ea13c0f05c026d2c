"""What the application wrote to its log."""

import io
import json
import sys

import pytest
import structlog

from vuoro.core import log


@pytest.fixture
def lines(application, monkeypatch):
    """What the application wrote to its log since the last look."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    structlog.reset_defaults()
    log.configure("info")
    # A logger that was used keeps its stream; a fresh one writes to the stream that this test captures.
    used, fresh = log.log, structlog.get_logger()
    for name, module in list(sys.modules.items()):
        if name.startswith("vuoro.") and getattr(module, "log", None) is used:
            monkeypatch.setattr(module, "log", fresh)

    def read():
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return [json.loads(line) for line in text.splitlines()]

    return read
