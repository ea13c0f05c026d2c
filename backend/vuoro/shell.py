"""What an operator does from the shell: the first organization, API keys, sign-in links, file imports."""

import argparse
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select

import vuoro.tables  # noqa: F401 - foreign keys need every table
from vuoro.core import audit_chain, clock, rotation
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db
from vuoro.core.errors import Fault
from vuoro.core.history import audit
from vuoro.core.settings import SettingsError, require
from vuoro.core.words import LOCALES
from vuoro.identity import logins
from vuoro.identity.models import Grant, Organization
from vuoro.people.models import Person

MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


async def find_organization(db: Db, slug: str) -> UUID:
    """The organization of this slug; SettingsError when there is none."""
    found = await db.scalar(select(Organization.id).where(Organization.slug == slug))
    if found is None:
        raise SettingsError(f"--organization: there is no organization {slug}")
    return found


async def init(options: argparse.Namespace) -> int:
    """`vuoro init`: the first organization and its admin; prints a one-time link."""
    faults = []
    if not re.fullmatch("[a-z0-9][a-z0-9-]{1,60}", options.slug):
        faults.append("--slug: small letters, digits and hyphens, at least two")
    if not MAIL.match(options.admin_email):
        faults.append("--admin-email: this is not a mail address")
    if options.time_zone not in available_timezones():
        faults.append("--time-zone: this is not an IANA time zone, such as Europe/Helsinki")
    if faults:
        raise SettingsError("\n".join(faults))
    config = require("database_auth_url", "database_migrator_url")
    organization_id, mail = clock.uuid7(), options.admin_email.lower()
    async with (
        Database(config.database_migrator_url, pool_size=1) as migrator,
        Database(config.database_auth_url, pool_size=1) as auth,
    ):
        async with migrator.transaction(Actor(organization_id)) as db:
            if await db.scalar(select(Organization.id).where(Organization.slug == options.slug)):
                raise SettingsError(f"--slug: {options.slug} is taken")
            db.add(
                Organization(
                    id=organization_id, name=options.name, slug=options.slug, locales=list(LOCALES),
                    default_locale=options.locale, time_zone=options.time_zone,
                )
            )  # fmt: skip
            person = Person(
                organization_id=organization_id, id=clock.uuid7(), external_id=mail, display_name=options.admin_name,
                work_email=mail, time_zone=options.time_zone, languages={},
            )  # fmt: skip
            db.add(person)
            await db.flush()
            db.add(Grant(organization_id=organization_id, person_id=person.id, role="organization_admin"))
            audit(db, "organization.init", organization_id)
        async with auth.transaction() as db:
            link = await logins.make_link(db, organization_id, person.id, minutes=60, method="shell", step="setup")
    print(f"{options.name} stands. {options.admin_name} sets it up here, once, within an hour:\n{link}")
    return 0


async def token(slug: str, name: str, scopes: list[str]) -> int:
    """`vuoro token`: an API client; prints its key, which is shown once."""
    from vuoro.identity import machines  # noqa: PLC0415 - with it the web framework, for this command alone
    from vuoro.identity.schemas import ApiClientIn  # noqa: PLC0415

    config = require("database_app_url", "database_auth_url")
    async with (
        Database(config.database_app_url, pool_size=1) as app,
        Database(config.database_auth_url, pool_size=1) as auth,
    ):
        async with auth.transaction() as db:
            organization_id = await find_organization(db, slug)
        async with app.transaction(Actor(organization_id)) as db:
            client_id = await machines.add_client(
                db, db.me, ApiClientIn.model_validate({"name": name, "scopes": scopes})
            )
        async with auth.transaction() as db:
            key = await logins.make_key(db, organization_id, client_id)
    print(f"The key of {name}, client {client_id}; it is shown this once:", file=sys.stderr)
    print(key)
    return 0


async def login_link(email: str, minutes: int) -> int:
    """`vuoro login-link`: prints a one-time sign-in address."""
    if not 1 <= minutes <= 1440:
        raise SettingsError("--minutes: 1 to 1440")
    config = require("database_auth_url")
    async with Database(config.database_auth_url, pool_size=1) as auth, auth.transaction() as db:
        found = await logins.find_by_mail(db, email)
        if found is None:
            raise SettingsError(f"nobody signs in with {email}")
        print(await logins.make_link(db, found.organization_id, found.person_id, minutes, method="shell"))
    return 0


async def rotate_keys() -> int:
    """`vuoro rotate-keys`: wraps every data key by the newest master key; prints how far it is."""
    config = require("database_migrator_url", "master_keys")

    def tell(done: int, total: int) -> None:
        print(f"{done} of {total} keys wrapped by {next(iter(config.key_ring))}", flush=True)

    async with Database(config.database_migrator_url, pool_size=1) as migrator:
        await rotation.rotate(migrator, tell)
    older = list(config.key_ring)[1:]
    if older:
        print(f"No key of this database needs {', '.join(older)} any more; older backups do.")
    return 0


async def bring(path: Path, slug: str, dry_run: bool) -> int:
    """`vuoro import`: the same check and apply as the API's, without the queue; one line for each row in error."""
    config = require("database_worker_url", "database_auth_url")
    async with (
        Database(config.database_worker_url, pool_size=2, statement_timeout_ms=300_000) as worker,
        Database(config.database_auth_url, pool_size=1) as auth,
    ):
        async with auth.transaction() as db:
            organization_id = await find_organization(db, slug)
        try:
            from vuoro.hris.jobs import import_file  # noqa: PLC0415 - no other command reads files

            found = await import_file(worker, Actor(organization_id), path, apply=not dry_run)
        except OSError as error:
            raise SettingsError(f"{path}: {error.strerror or error}") from None
        except Fault as error:
            raise SettingsError(f"{path}: {error.detail}") from None
    result = found.result
    for row in found.refused:
        for problem in row.problems:
            print(f"{path}: {problem.detail}", file=sys.stderr)
    if result.problem is not None:
        print(f"{path}: {result.problem.detail}", file=sys.stderr)
    if result.summary is not None:
        counts = result.summary
        done = "Would be" if dry_run or result.state != "applied" else "Done:"
        print(
            f"{done} {counts.created} new, {counts.updated} changed, "
            f"{counts.unchanged} as before, {counts.errors} in error"
        )
    return 2 if found.refused or result.problem is not None else 0


async def audit_checkpoint() -> int:
    """`vuoro audit checkpoint`: how far each organization's audit log is chained, as JSON to keep elsewhere."""
    config = require("database_worker_url")
    async with Database(config.database_worker_url, pool_size=1) as worker:
        kept = {}
        for slug, organization_id in await _organizations(worker):
            async with worker.transaction(Actor(organization_id)) as db:
                kept[slug] = asdict(await audit_chain.checkpoint(db))
    print(json.dumps(kept, indent=2))
    return 0


async def audit_verify(path: Path | None) -> int:
    """`vuoro audit verify`: 1 and the first line that does not fit of each organization, or 0."""
    earlier = _checkpoints(path) if path else {}
    config = require("database_worker_url")
    broken = 0
    async with Database(config.database_worker_url, pool_size=1, statement_timeout_ms=600_000) as worker:
        organizations = await _organizations(worker)
        for slug, organization_id in organizations:
            async with worker.transaction(Actor(organization_id)) as db:
                verdict = await audit_chain.verify(db, earlier.get(slug))
            if verdict.broken:
                broken += 1
                print(f"vuoro: {slug}: {verdict.broken}", file=sys.stderr)
            else:
                print(f"{slug}: {verdict.lines:,} lines as they were written, {verdict.waiting:,} wait for the worker")
    for slug in sorted(earlier.keys() - {slug for slug, _ in organizations}):
        broken += 1
        print(f"vuoro: {slug}: the checkpoint knows it, the database does not", file=sys.stderr)
    return 1 if broken else 0


def _checkpoints(path: Path) -> dict[str, audit_chain.Checkpoint]:
    try:
        kept = json.loads(path.read_text("utf-8"))
        return {slug: audit_chain.Checkpoint(**one) for slug, one in kept.items()}
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from None
    except (ValueError, TypeError, AttributeError):
        raise SettingsError(f"{path}: this is not what `vuoro audit checkpoint` says") from None


async def _organizations(worker: Database) -> list[tuple[str, UUID]]:
    async with worker.transaction() as db:
        rows = await db.execute(select(Organization.slug, Organization.id).order_by(Organization.slug))
        return [(slug, id) for slug, id in rows]
