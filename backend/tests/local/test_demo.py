"""What `vuoro demo` says and does around its processes; the whole of it runs in the browser tests."""

import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import psutil
import pytest

from vuoro.core.settings import Settings
from vuoro.local.folder import REPOSITORY
from vuoro.local.ports import PortUnavailableError, free_port, require_port
from vuoro.local.processes import Record, stop_all


def test_a_taken_port_names_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortUnavailableError, match=rf"Port {port} is in use\. Try: make run PORT=\d+"):
            require_port(port)


def test_port_0_is_a_free_one_and_nonsense_is_none() -> None:
    assert require_port(0) > 0
    assert require_port(port := free_port()) == port
    with pytest.raises(PortUnavailableError, match="1 to 65535"):
        require_port(70_000)


def test_leftovers_of_a_killed_run_are_ended_but_strangers_are_not(tmp_path: Path) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    path = tmp_path / "processes.json"
    with subprocess.Popen(sleep) as leftover, subprocess.Popen(sleep) as stranger:
        try:
            record = Record(path)
            record.write([leftover])
            # The number of a process that is gone may be another's by now; its birth tells.
            path.write_text(path.read_text()[:-1] + f', {{"pid": {stranger.pid}, "born": 1.0}}]')
            record.end_leftovers()
            assert not psutil.pid_exists(leftover.pid)
            assert stranger.poll() is None
            assert not path.exists()
        finally:
            leftover.kill()
            stranger.kill()


def test_who_does_not_stop_is_killed_in_time() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began = time.monotonic()
        stop_all([process], signal.SIGTERM, 0.3)
        assert process.poll() == -signal.SIGKILL
        assert time.monotonic() - began < 2


def test_env_example_names_exactly_the_settings() -> None:
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^(?:# )?(VUORO_[A-Z_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted(f"VUORO_{name.upper()}" for name in Settings.model_fields)


def test_env_example_shows_the_true_defaults() -> None:
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    for name, shown in re.findall(r"^# VUORO_([A-Z_]+)=(.*)$", text, re.MULTILINE):
        if name.startswith("DATABASE") and name.endswith("URL"):
            continue
        default = Settings.model_fields[name.lower()].default
        plain = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        assert shown == (str(plain).lower() if isinstance(plain, bool) else str(plain)), name


def test_lock_files_name_every_dependency_with_hashes() -> None:
    backend = REPOSITORY / "backend"
    project = tomllib.loads((backend / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    for lock, wanted in (
        ("requirements.txt", runtime),
        ("requirements-dev.txt", [*runtime, *project["dependency-groups"]["dev"]]),
    ):
        text = (backend / lock).read_text(encoding="utf-8")
        locked = set(re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE))
        named = {re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower() for requirement in wanted}
        assert named <= locked, f"{lock} is stale: make lock"
        assert len(re.findall(r"==", text)) <= text.count("--hash=sha256:")
        assert "://" not in text
