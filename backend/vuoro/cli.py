"""The command line. Bad arguments or input: one clear line a fault, exit status 2, nothing written."""

import argparse
import asyncio
import base64
import gc
import json
import os
import secrets
import socket
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn

from vuoro import __version__
from vuoro.core.settings import Settings, SettingsError, require, settings


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except SettingsError as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 130


def _refuse(message: str) -> int:
    for line in message.splitlines():
        print(f"vuoro: {line}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vuoro", description="Reverse mentoring programmes.")
    parser.add_argument("--version", action="version", version=f"vuoro {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int | None], help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=help)
        command.set_defaults(run=run)
        return command

    demo = add("demo", _demo, "the demo company with database, API, worker and web page on one port")
    demo.add_argument("--port", type=int, default=8000, help="port of the page; 0 takes a free one")
    demo.add_argument("--fresh", action="store_true", help="throw the demo's data away and begin anew")

    init = add("init", _init, "the first organization and its admin, with a one-time sign-in link")
    init.add_argument("--name", required=True, help="the organization's name")
    init.add_argument("--slug", required=True, help="its short name: small letters, digits, hyphens")
    init.add_argument("--admin-name", required=True)
    init.add_argument("--admin-email", required=True)
    init.add_argument("--time-zone", default="Europe/Helsinki")
    init.add_argument("--locale", default="en", choices=["fi", "sv", "en"])

    token = add("token", _token, "an API client and its key, shown once")
    token.add_argument("--organization", required=True, help="the organization's slug")
    token.add_argument("--name", required=True, help="what the client is, e.g. HRIS")
    token.add_argument("--scope", action="append", required=True, choices=list(_scopes()))

    link = add("login-link", _login_link, "a one-time sign-in address, for those who run without mail")
    link.add_argument("email")
    link.add_argument("--minutes", type=int, default=60)

    add("doctor", _doctor, "look for what is missing or wrong on this machine")

    serve = add("serve", _serve, "the API and the web page")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)

    add("worker", _worker, "the worker: mails, imports, match runs, deadlines")

    migrate = add("migrate", _migrate, "bring the database to this version's tables")
    migrate.add_argument("--to", default="head", help="a revision; base removes everything")

    openapi = add("openapi", _openapi, "print the OpenAPI document")
    openapi.add_argument("--out", type=Path, help="write it to a file instead")

    bring = add("import", _import, "bring a file of people in, as POST /v1/imports does")
    bring.add_argument("file", type=Path)
    bring.add_argument("--organization", required=True, help="the organization's slug")
    bring.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    match = add("match", _match, "the best pairs of a people file, proven; `match verify` checks such a proof")
    match.add_argument("what", nargs="?", choices=["verify"], help="check a result instead of making one")
    match.add_argument("--people", type=Path, required=True, help="the organization as CSV, see docs/match.md")
    match.add_argument("--program", type=Path, required=True, help="weights, rules and settled pairs as JSON")
    match.add_argument("--out", type=Path, help="where the pairs go, as CSV")
    match.add_argument("--pairs", type=Path, help="verify: the pairs")
    match.add_argument("--report", type=Path, help="how good the pairs are, with the proof; verify reads it")

    audit = add(
        "audit", _audit, "is the audit log as it was written? `checkpoint` tells how far it goes, to keep elsewhere"
    )
    audit.add_argument("what", choices=["verify", "checkpoint"])
    audit.add_argument("--checkpoint", type=Path, help="verify: what `vuoro audit checkpoint` said before")

    add("rotate-keys", _rotate_keys, "wrap all data keys by the newest of VUORO_MASTER_KEYS, while the service runs")
    add("new-key", _new_key, "a new master key for VUORO_MASTER_KEYS")
    add("seed-demo", _seed_demo, "fill the database with the demo companies (demo mode only)")
    return parser


def _scopes() -> tuple[str, ...]:
    from typing import get_args

    from vuoro.core.actor import Scope

    return get_args(Scope)


def _asyncio(work: Coroutine[Any, Any, int]) -> int:
    try:
        import uvloop
    except ImportError:  # not on every platform
        return asyncio.run(work)
    return uvloop.run(work)


def _demo(options: argparse.Namespace) -> int:
    from vuoro.local.demo import run_demo

    return run_demo(options.port, options.fresh)


def _doctor(_: argparse.Namespace) -> int:
    from vuoro.local.doctor import run_doctor

    return run_doctor(settings())


async def _safe_logins(config: Settings) -> int:
    """SettingsError when the API's logins are not the right ones; a database that is away is asked again later."""
    from vuoro.core.startup import databases, refuse_unsafe

    async with databases(config) as (app, auth):
        await refuse_unsafe(app=app, auth=auth)
    return 0


def _serve(options: argparse.Namespace) -> int:
    gc.disable()  # until memory.settle()
    import uvicorn

    _asyncio(_safe_logins(require("database_app_url", "database_auth_url", "master_keys")))
    ports = [(options.host, options.port, "--port")]
    if settings().metrics_port:
        ports.append((settings().metrics_host, settings().metrics_port, "VUORO_METRICS_PORT"))
    for host, port, choice in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                return _refuse(f"port {port} on {host} cannot be used: {error.strerror}. Choose another with {choice}")
    config = uvicorn.Config(
        "vuoro.app:create_app",
        factory=True,
        host=options.host,
        port=options.port,
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=4,
        timeout_keep_alive=75,  # longer than the proxy keeps an idle connection: it would write into a closed one
        proxy_headers=True,
    )
    server = uvicorn.Server(config)
    server.run()
    return 0 if server.started else 3


def _worker(_: argparse.Namespace) -> int:
    gc.disable()  # until memory.settle()
    from vuoro import worker
    from vuoro.core import log
    from vuoro.core.db import Database
    from vuoro.core.startup import refuse_unsafe

    config = require("database_worker_url", "database_auth_url", "master_keys")
    log.configure(config.log_level)

    async def run() -> int:
        async with Database(config.database_worker_url, pool_size=1) as database:
            while not await refuse_unsafe(worker=database):  # noqa: ASYNC110 - nobody tells when it is there
                await asyncio.sleep(1)
        await worker.run(config)
        return 0

    # The solver's child process dies with the thread that started it, so the loop stays on the main thread.
    return _asyncio(run())


def _migrate(options: argparse.Namespace) -> int:
    from alembic import command
    from sqlalchemy.exc import OperationalError

    from vuoro.core import migrations

    require("database_migrator_url")
    try:
        (command.downgrade if options.to == "base" else command.upgrade)(migrations.config(), options.to)
    except OperationalError as error:
        return _refuse(f"the database does not answer or is busy: {str(error.orig).strip().splitlines()[0]}")
    print("The database is at this version's tables." if options.to == "head" else f"The database is at {options.to}.")
    return 0


def _openapi(options: argparse.Namespace) -> int:
    os.environ.setdefault("VUORO_WEB_DIST", os.devnull)
    from vuoro.app import create_app

    document = json.dumps(create_app().openapi(), ensure_ascii=False, indent=2) + "\n"
    if options.out:
        options.out.write_text(document, "utf-8")
    else:
        sys.stdout.write(document)
    return 0


def _new_key(_: argparse.Namespace) -> int:
    print(f"{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(32)).decode()}")
    return 0


def _rotate_keys(_: argparse.Namespace) -> int:
    from vuoro import shell

    return _asyncio(shell.rotate_keys())


def _init(options: argparse.Namespace) -> int:
    from vuoro import shell

    return _asyncio(shell.init(options))


def _token(options: argparse.Namespace) -> int:
    from vuoro import shell

    return _asyncio(shell.token(options.organization, options.name, options.scope))


def _login_link(options: argparse.Namespace) -> int:
    from vuoro import shell

    return _asyncio(shell.login_link(options.email, options.minutes))


def _import(options: argparse.Namespace) -> int:
    from vuoro import shell

    return _asyncio(shell.bring(options.file, options.organization, options.dry_run))


def _audit(options: argparse.Namespace) -> int:
    from vuoro import shell

    if options.what == "checkpoint" and options.checkpoint:
        return _refuse("--checkpoint is not for this command")
    return _asyncio(
        shell.audit_checkpoint() if options.what == "checkpoint" else shell.audit_verify(options.checkpoint)
    )


def _match(options: argparse.Namespace) -> int:
    needed = {"pairs", "report"} if options.what == "verify" else {"out"}
    alien = "out" if options.what == "verify" else "pairs"
    faults = [f"--{name} is missing" for name in sorted(needed) if getattr(options, name) is None]
    if getattr(options, alien) is not None:
        faults.append(f"--{alien} is not for this command")
    if faults:
        return _refuse("\n".join(faults))
    if options.what == "verify":
        from vuoro.matching import shell

        return shell.run(options)
    from vuoro.matching import apart

    return apart.run(options)


def _seed_demo(_: argparse.Namespace) -> int:
    from vuoro.simulator import demo

    config = require(
        "database_app_url", "database_worker_url", "database_auth_url", "database_migrator_url", "master_keys"
    )
    if not config.demo:
        return _refuse("seed-demo works in demo mode only (VUORO_DEMO=true)")
    return _asyncio(demo.seed(config, lambda line: print(line, flush=True)))


def run() -> NoReturn:
    """Entry of `python -m vuoro.cli`."""
    sys.exit(main())


if __name__ == "__main__":
    run()
