"""`vuoro demo`: the whole product on one machine, with a company in it, from one command until Ctrl+C."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from vuoro.local.folder import REPOSITORY, DataFolder, LocalError, default_path, tail, write_private
from vuoro.local.ports import PortUnavailableError, require_port
from vuoro.local.postgres import Cluster, start, stop_leftovers, stop_server
from vuoro.local.processes import Record, Tick, die_with_parent, stop_all, wait
from vuoro.local.progress import Progress, Step

DEFAULT_PORT = 8000
READY_TIMEOUT_S = 60.0
# A first crash is mended at once; who keeps crashing waits longer each time.
RESTART_AFTER_S = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
CALM_AFTER_S = 60.0
STOP_PATIENCE_S = 2.5


class StopAsked(BaseException):
    """Ctrl+C, SIGTERM or a closed terminal."""


def run_demo(port: int | None = None, fresh: bool = False) -> int:
    """Run until stopped. Exit code: 0 stopped on request, 1 something failed, 2 the port is taken."""
    progress = Progress()
    with _stop_signals() as check:
        try:
            return _Demo(progress, check).run(DEFAULT_PORT if port is None else port, fresh)
        except PortUnavailableError as error:
            progress.say(f"  {error}")
            return 2
        except (LocalError, OSError) as error:
            progress.say(f"  {error}")
            _say_when_full(progress)
            return 1
        except StopAsked:
            progress.say("  Stopped. The data is kept: make run goes on from here.")
            return 0


@dataclass(slots=True)
class _Service:
    """One supervised process, and when to start it (again)."""

    title: str
    arguments: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    crashes: int = 0


@dataclass(slots=True)
class _Demo:
    progress: Progress
    check: Tick
    services: list[_Service] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    database_due_at: float = 0.0
    database_crashes: int = 0
    made_now: bool = False

    def run(self, port: int, fresh: bool) -> int:
        folder = DataFolder.open(default_path())
        record = Record(folder.path / "run" / "processes.json")
        cluster: Cluster | None = None
        try:
            record.end_leftovers()
            port = require_port(port)
            address = f"http://localhost:{port}"
            folder.announce(f"{address}, process {os.getpid()}")
            if fresh:
                stop_leftovers(folder)
                folder.wipe()
            with self.progress.step("Starting PostgreSQL", "PostgreSQL is running") as step:
                cluster = start(folder, tick=self._ticking(step))
            self._prepare(folder, cluster, record, address)
            self.services = [
                _Service("The API", ["serve", "--host", "127.0.0.1", "--port", str(port)], folder.log("api")),
                _Service("The worker", ["worker"], folder.log("worker")),
            ]
            self._wait_until_ready(folder, cluster, port, record)
            self._welcome(folder, address)
            while True:
                self._supervise(cluster, record)
                self.check()
                time.sleep(0.1)
        finally:
            self._stop(cluster, record)
            folder.close()

    def _ticking(self, step: Step) -> Tick:
        def tick() -> None:
            step.tick()
            self.check()

        return tick

    def _prepare(self, folder: DataFolder, cluster: Cluster, record: Record, address: str) -> None:
        self.environment = {
            **os.environ,
            **cluster.environment(),
            "VUORO_MASTER_KEYS": cluster.secrets.master_keys,
            "VUORO_DEMO": "true",
            "VUORO_PUBLIC_URL": address,
            "VUORO_DATA_DIR": str(folder.path),
            "VUORO_WEB_DIST": os.environ.get("VUORO_WEB_DIST") or str(REPOSITORY / "frontend" / "dist"),
            "PYTHONUNBUFFERED": "1",
        }
        # So that another shell can reach the demo: VUORO_ENV_FILE=.vuoro/settings.env vuoro login-link …
        own = sorted((name, value) for name, value in self.environment.items() if name.startswith("VUORO_"))
        write_private(folder.path / "settings.env", "".join(f"{name}={value}\n" for name, value in own))
        # Compiled modules are kept beside their sources: the second start is quicker by seconds.
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with self.progress.step("Migrating the database", "The database schema is current") as step:
            log = folder.log("migrate")
            begin = log.stat().st_size if log.exists() else 0
            code = self._run(["migrate"], log, record, self._ticking(step))
            if code != 0:
                raise LocalError(f"The database could not be brought up to date:\n{tail(log, 12, begin)}")
        # A company that was there at the last start is looked after while the API starts, which saves seconds.
        if not self._seeded(folder).exists():
            try:
                code = self._run(["seed-demo"], None, record, self.check)
            except StopAsked:
                self.progress.say()
                raise
            self._note_seeding(folder, code)
            self.made_now = True

    @staticmethod
    def _seeded(folder: DataFolder) -> Path:
        """The mark that the demo company was once made to its end."""
        return folder.path / "run" / "seeded"

    def _note_seeding(self, folder: DataFolder, code: int) -> None:
        if code != 0:
            raise LocalError("The demo company could not be made; the lines above say why.")
        self._seeded(folder).touch()

    def _run(self, arguments: list[str], log: Path | None, record: Record, tick: Tick) -> int:
        """One command to its end; its output to a log, or on screen."""
        process = self._spawn(arguments, log)
        try:
            record.write([process])
            return wait(process, tick)
        finally:
            stop_all([process], signal.SIGTERM, STOP_PATIENCE_S)

    def _spawn(self, arguments: list[str], log: Path | None) -> subprocess.Popen[bytes]:
        output = log.open("ab") if log else None
        try:
            return subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", "vuoro.cli", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                # Ctrl+C reaches this process alone, which then stops the others in order.
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  no thread of ours runs
            )
        finally:
            if output:
                output.close()

    def _supervise(self, cluster: Cluster, record: Record) -> None:
        """One round: note who died, start who is due."""
        now = time.monotonic()
        if not cluster.running() and now >= self.database_due_at:
            if now - self.database_due_at > CALM_AFTER_S:
                self.database_crashes = 0
            self.progress.say(f"  PostgreSQL stopped ({_exit(cluster.process.wait())}); starting it again")
            self.database_due_at = now + RESTART_AFTER_S[min(self.database_crashes, len(RESTART_AFTER_S) - 1)]
            self.database_crashes += 1
            try:
                cluster.restart(self.check)
            except LocalError as error:
                self.progress.say(f"  {error}")
        for service in self.services:
            if service.process is not None and (code := service.process.poll()) is not None:
                if now - service.started_at > CALM_AFTER_S:
                    service.crashes = 0
                delay = RESTART_AFTER_S[min(service.crashes, len(RESTART_AFTER_S) - 1)]
                service.crashes += 1
                service.process, service.due_at = None, now + delay
                when = f"in {delay:.0f} s" if delay else "now"
                self.progress.say(
                    f"  {service.title} stopped ({_exit(code)}); starting it again {when}. Log: {service.log}"
                )
            if service.process is None and now >= service.due_at:
                service.process, service.started_at = self._spawn(service.arguments, service.log), now
                record.write(self._running())

    def _running(self) -> list[subprocess.Popen[bytes]]:
        return [service.process for service in self.services if service.process is not None]

    def _wait_until_ready(self, folder: DataFolder, cluster: Cluster, port: int, record: Record) -> None:
        api = self.services[0]
        begin = api.log.stat().st_size if api.log.exists() else 0
        with self.progress.step("Starting the API and the worker", "The API and the worker are running") as step:
            self._supervise(cluster, record)
            seeding = None if self.made_now else self._spawn(["seed-demo"], None)
            try:
                while (seeding and seeding.poll() is None) or not answers(port):
                    self._supervise(cluster, record)
                    if api.crashes >= 3 or step.seconds > READY_TIMEOUT_S:
                        end = tail(api.log, 12, begin)
                        raise LocalError(f"The API does not get ready:\n{end}\nThe whole log: {api.log}")
                    step.tick()
                    self.check()
                    time.sleep(0.05)
            finally:
                stop_all([seeding] if seeding else [], signal.SIGTERM, STOP_PATIENCE_S)
            if seeding:
                self._note_seeding(folder, seeding.returncode)

    def _welcome(self, folder: DataFolder, address: str) -> None:
        say = self.progress.say
        say()
        say(f"  Vuoro is ready:  {address}")
        say()
        if not Path(self.environment["VUORO_WEB_DIST"], "index.html").exists():
            say("  The web app is not built, so only the API answers. Build it with: make build")
        say("  Sign in: open the address and choose who to be: a mentor, an executive, the programme manager")
        say("           or the HR admin. No password is needed; this is a demo on your own machine.")
        say(f"  Logs:    {folder.path / 'logs'}")
        say("  Stop:    Ctrl+C. The data is kept; make run FRESH=1 starts over.")
        say()

    def _stop(self, cluster: Cluster | None, record: Record) -> None:
        running = self._running()
        if running:
            self.progress.say("  Stopping …" if self.progress.ok == "✓" else "  Stopping ...")
        stop_all(running, signal.SIGTERM, STOP_PATIENCE_S)
        if cluster is not None:
            stop_server(cluster.process)
        record.clear()


def answers(port: int) -> bool:
    """Whether a Vuoro on this machine serves there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _say_when_full(progress: Progress) -> None:
    """A full disk shows in many ways, few of which say so."""
    try:
        free = shutil.disk_usage(default_path()).free
    except OSError:
        return
    if free < 20_000_000:
        progress.say(f"  The disk of {default_path()} is full. Free some space and start again; no data is lost.")


def _exit(code: int) -> str:
    return f"code {code}" if code >= 0 else signal.Signals(-code).name


@contextmanager
def _stop_signals() -> Iterator[Tick]:
    """Turn stop signals into a flag, read by the yielded check at places where it is safe to stop."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    def check() -> None:
        if asked:
            raise StopAsked

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield check
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
