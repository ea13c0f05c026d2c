"""Authorization is a table: every operation has a row, and every cell of it is tried."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update
from support import permissions
from support.pairs import make_couple

from vuoro.core import clock, crypto
from vuoro.hris.models import Import
from vuoro.identity import service as identity
from vuoro.identity.models import Grant
from vuoro.identity.schemas import ApiClientIn, GrantIn
from vuoro.matching.models import MatchRun, Suggestion
from vuoro.pairs.models import Pair
from vuoro.people.models import Person
from vuoro.programs import enrollments
from vuoro.programs import service as programs
from vuoro.programs.models import Cohort, Enrollment, Program
from vuoro.programs.schemas import EnrollmentIn, ProgramIn
from vuoro.sessions.models import Session

ROWS = permissions.rows()
READS = {"GET"}
READING_SCOPES = ["people:read", "programs:read", "pairs:read", "insights:read"]


class Stage:
    """A running program with a pair, its session, a run with a suggestion, an import, a machine; and the callers."""

    def __init__(self, api: Any, databases: Any, world: Any, application: Any) -> None:
        self.api, self.databases, self.world = api, databases, world
        self.operations = {
            operation["operationId"]: (method.upper(), path)
            for path, item in application.openapi()["paths"].items()
            for method, operation in item.items()
        }
        self.ids: dict[str, UUID] = {}
        self.clients: dict[str, httpx.AsyncClient] = {}

    async def set_up(self) -> "Stage":
        """Put everything in its place."""
        world, app = self.world, self.databases.app
        me = world.manager.actor
        async with app.transaction(me) as db:
            program = await programs.create(db, me, ProgramIn(name="Turns", template="sounding-board"))
            other = await programs.create(db, me, ProgramIn(name="Others", template="sounding-board"))
            await programs.transition(db, me, program, "enrolling")
            cohort = (await programs.get(db, me, program)).cohorts[0].id
            parts = {
                key: await enrollments.enroll(db, me, program, EnrollmentIn(person_id=world[key].id, role=role))
                for key, role in (("noa", "mentor"), ("maria", "mentee"), ("leo", "mentor"))
            }
            await db.execute(update(Program).where(Program.id == program).values(state="running"))
        common = {"organization_id": world.organization_id}
        both = {
            "mentor_id": world["noa"].id, "mentee_id": world["maria"].id,
            "mentor_enrollment_id": parts["noa"], "mentee_enrollment_id": parts["maria"],
        }  # fmt: skip
        pair, session, run, suggestion, file, grant = (clock.uuid7() for _ in range(6))
        async with app.transaction(world["noa"].actor) as db:
            moments = dict.fromkeys(("mentor_signed_at", "mentee_signed_at", "mentee_asked_at", "activated_at"), clock.now())
            db.add(Pair(id=pair, program_id=program, cohort_id=cohort, state="active", **both, **moments, **common))
            await db.flush()
            begin = clock.now() + timedelta(days=3)
            db.add(
                Session(
                    id=session, pair_id=pair, number=1, kit="first-meeting", starts_at=begin, ends_at=begin + timedelta(hours=1),
                    time_zone="UTC", **common,
                )
            )  # fmt: skip
        async with app.transaction(world.system) as db:
            progress = {"phase": "done", "round": 1, "pairs": 1, "bound": 1.0, "gap": 0.0, "fraction": 1.0}
            db.add(MatchRun(id=run, program_id=program, cohort_id=cohort, state="done", progress=progress, **common))
            db.add(Import(id=file, filename="people.csv", size=10, state="checked", **common))
            db.add(Grant(id=grant, person_id=world["amina"].id, role="delegate", unit=None, program_id=program, **common))
            await db.flush()
            db.add(Suggestion(id=suggestion, match_run_id=run, score=500_000, components=[], checks=[], **both, **common))
            held = (("olli", "programme_manager", other), ("jukka", "sponsor", None), ("jukka", "safeguarding_contact", None))
            for key, role, where in held:
                await identity.give(db, db.me, GrantIn(person_id=world[key].id, role=role, program_id=where))
            machines = [
                await identity.add_client(db, db.me, ApiClientIn(name=name, scopes=scopes))
                for name, scopes in (("reader", READING_SCOPES), ("writer", ["people:write"]), ("spare", ["people:read"]))
            ]
        self.ids = {
            "program_id": program, "enrollment_id": parts["noa"], "pair_id": pair, "session_id": session, "run_id": run,
            "suggestion_id": suggestion, "import_id": file, "grant_id": grant, "client_id": machines[2],
            "person_id": world["leo"].id,
        }  # fmt: skip
        callers = {
            "anonymous": None, "employee": world["amina"], "mentor": world["noa"], "mentee": world["maria"],
            "manager": world.manager, "elsewhere": world["olli"], "sponsor": world["jukka"], "admin": world.admin,
            "reader": await self.api.key(world.organization_id, machines[0]),
            "writer": await self.api.key(world.organization_id, machines[1]), "foreign": world.other_admin,
        }  # fmt: skip
        self.clients = {name: self.api(who) for name, who in callers.items()}
        return self

    def body(self, operation: str) -> Any:
        """Something that the operation would take."""
        later = (clock.now() + timedelta(days=9)).isoformat().replace("+00:00", "Z")
        scores = dict.fromkeys(("said_what_i_thought", "my_topics_too", "listened_to", "learned", "would_do_again"), 4)
        bodies: dict[str, Any] = {
            "people_create": {"external_id": str(uuid4()), "display_name": "Aada Uusi"},
            "programs_create": {"name": "New", "template": "sounding-board"},
            "programs_transition": {"to": "closing"},
            "enrollments_create": {"person_id": str(self.world["saga"].id), "role": "mentor"},
            "match_runs_create": {},
            "grants_give": {"person_id": str(self.world["saga"].id), "role": "sponsor"},
            "sessions_plan": {"starts_at": later, "minutes": 45, "time_zone": "Europe/Helsinki"},
            "sessions_move": {"starts_at": later},
            "sessions_cancel": {"reason_class": "illness"},
            "agendas_write": {"text": "What we talk about"},
            "notes_create": {"visibility": "ours", "text": "What we said"},
            "pulses_give": {"scores": scores, "balance": 60, "open_if_both": True},
            "imports_create": {"people": [{"external_id": "N1"}]},
            "imports_change": {"columns": {}},
            "imports_apply": {},
            "logins_ask": {"email": "nobody@nordlys.example"},
            "logins_redeem": {"token": "x" * 43},
            "personas_sign_in": {"persona": "nobody"},
        }
        return bodies.get(operation, {} if self.operations[operation][0] == "PATCH" else None)

    async def attempt(self, operation: str, caller: str, ids: dict[str, UUID] | None = None) -> tuple[str, httpx.Response]:
        """The sign of what happens, and the answer."""
        method, path = self.operations[operation]
        headers = {"If-Match": f'"{await self.version(operation)}.x"'} if method in ("PATCH", "DELETE") else {}
        query = {"mentor_id": str(self.world["noa"].id), "mentee_id": str(self.world["maria"].id)} if "explanation" in path else None
        answer = await self.clients[caller].request(
            method, path.format(**(ids or self.ids)), json=self.body(operation), headers=headers, params=query
        )
        return {401: "1", 403: "3", 404: "4"}.get(answer.status_code, "+"), answer

    async def version(self, operation: str) -> int:
        """What If-Match has to name."""
        return 0 if operation == "preferences_change" else await self._row_version(operation)

    async def _row_version(self, operation: str) -> int:
        tables: dict[str, tuple[Any, str]] = {"enrollments_change": (Enrollment, "enrollment_id"), "programs_change": (Program, "program_id")}
        if operation not in tables:
            return 1
        table, name = tables[operation]
        async with self.databases.app.transaction(self.world.system) as db:
            return (await db.locked(table, self.ids[name])).version


@pytest.fixture
async def stage(api, databases, world, application) -> Stage:
    return await Stage(api, databases, world, application).set_up()


def cells(*, changing: bool, stage: Stage) -> Iterator[tuple[str, str, str]]:
    """Cells that change nothing (reads and refusals), or those of changes that are allowed."""
    for operation, row in ROWS.items():
        for caller, sign in row.items():
            if changing == (sign == "+" and stage.operations[operation][0] not in READS):
                yield operation, caller, sign


def test_every_operation_has_a_row(built_application):
    documented = {
        operation["operationId"] for item in built_application.openapi()["paths"].values() for operation in item.values()
    }
    assert set(ROWS) == documented


def test_every_cell_is_decided():
    assert {sign for row in ROWS.values() for sign in row.values()} <= set("+134")
    assert len(ROWS) * len(permissions.CALLERS) > 900


async def test_everybody_reads_what_the_table_says_and_changes_nothing_else(stage):
    wrong = []
    for operation, caller, sign in cells(changing=False, stage=stage):
        found, answer = await stage.attempt(operation, caller)
        if found != sign:
            wrong.append(f"{operation} as {caller}: {answer.status_code} {answer.text[:150]}, the table says {sign}")
    assert not wrong, "\n" + "\n".join(wrong)


CHANGES = sorted({operation for operation, row in ROWS.items() if "+" in row.values() and not operation.endswith(("_get", "_list"))})


@pytest.mark.parametrize("operation", CHANGES)
async def test_whoever_may_change_something_can(stage, operation):
    if stage.operations[operation][0] in READS:
        return
    wrong = []
    for caller, sign in ROWS[operation].items():
        if sign == "+":
            found, answer = await stage.attempt(operation, caller)
            # A second caller may find the thing gone or the state moved on: that is no refusal.
            if found != "+" and not (found == "4" and wrong == [] and operation.endswith(("_revoke", "_take"))):
                wrong.append(f"{caller}: {answer.status_code} {answer.text[:150]}")
    assert not wrong, "\n" + "\n".join(wrong)


async def test_what_does_not_exist_looks_like_what_one_may_not_see(stage):
    """With ids of nothing, nobody learns more than that there is nothing."""
    wrong = []
    missing = {name: uuid4() for name in stage.ids}
    for operation, (_, path) in stage.operations.items():
        if "{" not in path:
            continue
        for caller in permissions.CALLERS:
            found, answer = await stage.attempt(operation, caller, missing)
            expected = "1" if caller == "anonymous" else "34"
            if found not in expected:
                wrong.append(f"{operation} as {caller}: {answer.status_code} {answer.text[:150]}")
    assert not wrong, "\n" + "\n".join(wrong)
