"""`vuoro doctor`: what is fine here and what is not, one line each, with what to do."""

from __future__ import annotations

import shutil
import smtplib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from alembic.script import ScriptDirectory

from vuoro.core import migrations
from vuoro.core.settings import Settings
from vuoro.local.demo import DEFAULT_PORT, answers
from vuoro.local.ports import PortUnavailableError, require_port
from vuoro.local.progress import Progress

COMFORTABLE_BYTES = 1_000_000_000
PATIENCE_S = 3
ROLES = ("app", "worker", "migrator", "auth")
_TROUBLE = """
select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `todo` is empty when all is well."""

    fine: str
    todo: str = ""


def run_doctor(settings: Settings) -> int:
    """Print the report. Exit code: 0 all is well, 1 something is to be done."""
    progress = Progress()
    todo = 0
    for finding in findings(settings):
        todo += bool(finding.todo)
        if finding.todo:
            progress.say(f"  {progress.bad} {finding.todo}")
        else:
            progress.say(f"  {progress.ok} {finding.fine}")
    progress.say()
    progress.say("  All is well." if not todo else f"  To do: {todo}.")
    return 1 if todo else 0


def findings(settings: Settings) -> Iterator[Finding]:
    """Every check in turn; none changes anything."""
    yield _python()
    yield _disk(settings)
    yield _port(settings)
    yield _web_app(settings)
    yield from _database(settings)
    yield _master_key(settings)
    yield _mail(settings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036  whoever calls this by hand may use any Python
        return Finding("", f"Python {version} is too old: install 3.11 or newer.")
    return Finding(f"Python {version}")


def _disk(settings: Settings) -> Finding:
    place = settings.data_dir.resolve()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < COMFORTABLE_BYTES:
        return Finding("", f"Only {free // 1_000_000} MB are free on the disk of {place}: make room for 1 GB.")
    return Finding(f"Disk: {free / 1e9:.0f} GB free")


def _port(settings: Settings) -> Finding:
    port = urlsplit(settings.public_url).port or DEFAULT_PORT
    try:
        require_port(port)
    except PortUnavailableError as error:
        if answers(port):
            return Finding(f"Port {port}: Vuoro answers there")
        return Finding("", str(error))
    return Finding(f"Port {port} is free")


def _web_app(settings: Settings) -> Finding:
    if (settings.web_dist / "index.html").is_file():
        return Finding("The web app is built")
    return Finding("", f"The web app is not in {settings.web_dist}: run make build, or set VUORO_WEB_DIST.")


def _database(settings: Settings) -> Iterator[Finding]:
    dsns = {role: str(getattr(settings, f"database_{role}_url")) for role in ROLES}
    if not any(dsns.values()):
        yield Finding("Database: none is set, so `vuoro demo` brings its own")
        return
    for role, dsn in dsns.items():
        name = f"VUORO_DATABASE_{role.upper()}_URL"
        if not dsn:
            yield Finding("", f"{name} is missing; see .env.example.")
            continue
        try:
            with psycopg.connect(dsn, connect_timeout=PATIENCE_S) as connection:
                yield from _role(role, name, connection)
        except (psycopg.Error, UnicodeError) as error:
            # Drivers print the address they tried but never the password.
            yield Finding("", f"{name}: the database does not let us in: {_one_line(error)}")


def _role(role: str, name: str, connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    row = connection.execute(_TROUBLE).fetchone()
    user, superuser, bypasses = row or ("?", True, True)
    if superuser or bypasses:
        yield Finding(
            "",
            f"{name}: {user} passes by row-level security: "
            f"ALTER ROLE {user} NOSUPERUSER NOBYPASSRLS, or use vuoro_{role}.",
        )
    else:
        yield Finding(f"Database as {user}: row-level security binds it")
    if role == "migrator":
        yield _migrations(connection)


def _migrations(connection: psycopg.Connection[tuple[object, ...]]) -> Finding:
    head = ScriptDirectory.from_config(migrations.config()).get_current_head()
    try:
        row = connection.execute("select version_num from alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row is None:
        return Finding("", "The database is empty: run vuoro migrate.")
    if row[0] != head:
        return Finding("", f"The database is at migration {row[0]}, the program at {head}: run vuoro migrate.")
    return Finding("The database schema is current")


def _master_key(settings: Settings) -> Finding:
    if settings.key_ring:
        return Finding(f"Master key: {next(iter(settings.key_ring))}")
    if not settings.database_app_url:
        return Finding("Master key: none is set, so `vuoro demo` makes its own")
    return Finding("", "VUORO_MASTER_KEYS is missing: vuoro new-key makes one. Keep a copy outside the server.")


def _mail(settings: Settings) -> Finding:
    if not settings.smtp_host:
        return Finding("Mail: no server is set, so mails are recorded and not sent")
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=PATIENCE_S) as mail:
            if settings.smtp_starttls:
                mail.starttls()
            if settings.smtp_user:
                mail.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException) as error:
        return Finding("", f"Mail: {server} does not take ours: {_one_line(error)}")
    return Finding(f"Mail: {server} takes ours")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
