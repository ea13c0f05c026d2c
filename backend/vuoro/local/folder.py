"""The data folder of one machine: who uses it now, its secrets, its logs."""

from __future__ import annotations

import base64
import errno
import fcntl
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import TextIO

REPOSITORY = Path(__file__).resolve().parents[3]
ROLES = ("postgres", "vuoro_migrator", "vuoro_app", "vuoro_worker", "vuoro_auth")
OURS = ("pg", "pg.new.*", "logs", "run", "secrets.json")
LOG_LIMIT_BYTES = 10_000_000


class LocalError(Exception):
    """Something on this machine is in the way; the message says what, and what to do, in plain words."""


class FolderInUseError(LocalError):
    """Another process runs on this data folder."""


def default_path() -> Path:
    """VUORO_DATA_DIR, else .vuoro in the clone, else .vuoro where the command was given."""
    chosen = os.environ.get("VUORO_DATA_DIR")
    if chosen:
        return Path(chosen)
    return (REPOSITORY if (REPOSITORY / "Makefile").exists() else Path.cwd()) / ".vuoro"


class DataFolder:
    """An open data folder; this process is its only user until close(), however it ends."""

    def __init__(self, path: Path, lock: TextIO) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def open(cls, path: Path) -> DataFolder:
        """Raise FolderInUseError when another process has it, LocalError when it cannot be used."""
        path = path.expanduser().resolve()
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            # "a" leaves the holder's line readable for whoever comes second.
            lock = (path / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise LocalError(_unusable(path, error)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise LocalError(_unusable(path, error)) from error
            raise FolderInUseError(
                f"Vuoro already runs on {path} ({holder or 'just starting'}). "
                "Stop it first, or choose another folder: VUORO_DATA_DIR=…"
            ) from error
        folder = cls(path, lock)
        try:
            folder.announce(f"process {os.getpid()}")
            for name in ("logs", "run"):
                (path / name).mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            folder.close()
            raise LocalError(_unusable(path, error)) from error
        return folder

    def announce(self, text: str) -> None:
        """What a second start shall read about this one."""
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(text + "\n")
        self._lock.flush()

    def close(self) -> None:
        """Let the next one have the folder."""
        self._lock.close()

    def wipe(self) -> None:
        """Delete what Vuoro keeps here, and nothing else: the folder may be anyone's choice."""
        for target in [path for pattern in OURS for path in self.path.glob(pattern)]:
            if target.is_dir():
                shutil.rmtree(target, ignore_errors=True)
            else:
                target.unlink()
        for name in ("logs", "run"):
            (self.path / name).mkdir(exist_ok=True, mode=0o700)

    def log(self, name: str) -> Path:
        """The path of one log; a grown one is put aside first."""
        path = self.path / "logs" / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path

    def secrets(self) -> Secrets:
        """Read the secrets, made at the first call; a cluster without its secrets is refused."""
        path = self.path / "secrets.json"
        if path.exists():
            try:
                return Secrets(json.loads(path.read_text(encoding="utf-8")))
            except (ValueError, KeyError, OSError) as error:
                raise LocalError(
                    f"{path} cannot be read ({error}). Put back a copy, or start over: make run FRESH=1"
                ) from error
        if (self.path / "pg").exists():
            raise LocalError(
                f"{path} is missing, and without it {self.path / 'pg'} cannot be opened. "
                "Put back a copy, or start over: make run FRESH=1"
            )
        made = Secrets.generate()
        write_private(path, json.dumps(made.values, indent=2) + "\n")
        return made


class Secrets:
    """Random passwords of the database roles, and the master key of the encrypted columns."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.master_keys = values["master_keys"]
        self.passwords = {role: values[role] for role in ROLES}

    @classmethod
    def generate(cls) -> Secrets:
        """New ones, 256 random bits each."""
        values = {role: secrets.token_urlsafe(32) for role in ROLES}
        values["master_keys"] = "1:" + base64.b64encode(secrets.token_bytes(32)).decode()
        return cls(values)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def tail(path: Path, lines: int = 15, start: int = 0) -> str:
    """The last lines of a log, from byte `start` on; empty when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _unusable(path: Path, error: OSError) -> str:
    return f"Cannot write to {path} ({error.strerror}). Choose another folder: VUORO_DATA_DIR=…"
