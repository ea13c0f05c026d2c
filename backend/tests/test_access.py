"""Authorization is a table: every operation has a row, and every cell of it is tried."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import update
from support import permissions

from vuoro.core import clock
from vuoro.core.actor import Actor, Held
from vuoro.hris.models import Import
from vuoro.identity import service as identity
from vuoro.identity.models import Grant
from vuoro.identity.schemas import ApiClientIn, GrantIn
from vuoro.matching.models import MatchRun, Suggestion
from vuoro.pairs import access as pair_access
from vuoro.pairs.models import Pair
from vuoro.programs import enrollments
from vuoro.programs import service as programs
from vuoro.programs.models import Program
from vuoro.programs.schemas import EnrollmentIn, ProgramIn
from vuoro.sessions.models import Session

ROWS = permissions.rows()
READS = ("GET",)
SHARES = 6
SIGNS = {401: "1", 403: "3", 404: "4", 409: "9"}
TABLES = {
    "programs": "program_id", "enrollments": "enrollment_id", "pairs": "pair_id", "sessions": "session_id",
    "match_runs": "run_id", "suggestions": "suggestion_id", "imports": "import_id", "people": "person_id",
    "api_clients": "client_id",
}  # fmt: skip
SOON, PAST = "'2099-01-01'", "'2026-01-01'"
USUAL = {
    "programs": {"state": "'running'"}, "enrollments": {"state": "'approved'"},
    "pairs": {"state": "'active'", "state_before": "null", "due_at": "null", "ended_at": "null",
              "mentor_signed_at": PAST, "mentee_signed_at": PAST},
    "sessions": {"state": "'scheduled'", "starts_at": SOON, "ends_at": "'2099-01-01 01:00'", "held_at": "null",
                 "mentor_pulse": "false", "mentee_pulse": "false"},
    "match_runs": {"state": "'done'", "published_at": "null"}, "suggestions": {"state": "'suggested'"},
    "imports": {"state": "'checked'"}, "people": {"status": "'active'"}, "api_clients": {"revoked_at": "null"},
}  # fmt: skip
HELD = {"starts_at": PAST, "ends_at": "'2026-01-01 01:00'"}
ASKED = {"state": "'asked_mentor'", "due_at": SOON}
APPLIED = {"enrollments": {"state": "'applied'"}}
MATCHING = {"programs": {"state": "'matching'"}}
STATES: dict[str, dict[str, dict[str, str]]] = {
    "pairs_accept": {"pairs": ASKED},
    "pairs_decline": {"pairs": ASKED},
    "pairs_lift": {"pairs": {"state": "'suspended_conflict'", "state_before": "'active'"}},
    "pairs_make": {"pairs": {"state": "'completed'"}},
    "pairs_resume": {"pairs": {"state": "'paused'", "state_before": "'active'"}},
    "agreements_sign": {"pairs": {"mentor_signed_at": "null", "mentee_signed_at": "null"}},
    "enrollments_approve": APPLIED,
    "enrollments_decline": APPLIED,
    "enrollments_waitlist": APPLIED,
    "enrollments_complete_primer": APPLIED,
    "enrollments_create": {"programs": {"state": "'enrolling'"}},
    "match_runs_create": MATCHING,
    "match_runs_publish": {**MATCHING, "pairs": {"state": "'completed'"}},
    "match_runs_cancel": {**MATCHING, "match_runs": {"state": "'running'"}},
    "suggestions_pin": MATCHING,
    "suggestions_reject": MATCHING,
    "suggestions_restore": {**MATCHING, "suggestions": {"state": "'rejected'"}},
    "sessions_schedule": {"sessions": {"state": "'proposed'"}},
    "sessions_hold": {"sessions": HELD},
    "pulses_give": {"sessions": {**HELD, "state": "'held'", "held_at": PAST}},
}
READING_SCOPES = ["people:read", "programs:read", "pairs:read", "insights:read"]


class Stage:
    """A running program with a pair, its session, a run with a suggestion, an import, a machine; and the callers."""

    def __init__(self, api: Any, databases: Any, world: Any, application: Any, superuser: Any) -> None:
        self.api, self.databases, self.world, self.superuser = api, databases, world, superuser
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
                for key, role in (("noa", "mentor"), ("maria", "mentee"), ("leo", "mentor"), ("emil", "mentor"))
            }
            await db.execute(update(Program).where(Program.id == program).values(state="running"))
        common = {"organization_id": world.organization_id}
        both = {
            "mentor_id": world["noa"].id, "mentee_id": world["maria"].id,
            "mentor_enrollment_id": parts["noa"], "mentee_enrollment_id": parts["maria"],
        }  # fmt: skip
        pair, session, run, suggestion, file, grant = (clock.uuid7() for _ in range(6))
        async with app.transaction(world["noa"].actor) as db:
            moments = dict.fromkeys(
                ("mentor_signed_at", "mentee_signed_at", "mentee_asked_at", "activated_at"), clock.now()
            )
            db.add(Pair(id=pair, program_id=program, cohort_id=cohort, state="active", **both, **moments, **common))
            await db.flush()
            begin = clock.now() + timedelta(days=3)
            db.add(
                Session(
                    id=session, pair_id=pair, number=1, kit="first-meeting", starts_at=begin,
                    ends_at=begin + timedelta(hours=1), time_zone="UTC", **common,
                )
            )  # fmt: skip
        async with app.transaction(world.system) as db:
            progress = {"phase": "done", "round": 1, "pairs": 1, "bound": 1.0, "gap": 0.0, "fraction": 1.0}
            db.add(MatchRun(id=run, program_id=program, cohort_id=cohort, state="done", progress=progress, **common))
            db.add(Import(id=file, filename="people.csv", size=10, state="checked", **common))
            db.add(
                Grant(id=grant, person_id=world["amina"].id, role="delegate", unit=None, program_id=program, **common)
            )
            await db.flush()
            db.add(
                Suggestion(id=suggestion, match_run_id=run, score=500_000, components=[], checks=[], **both, **common)
            )
            held = (
                ("olli", "programme_manager", other),
                ("jukka", "sponsor", None),
                ("jukka", "safeguarding_contact", None),
            )
            for key, role, where in held:
                await identity.give(db, db.me, GrantIn(person_id=world[key].id, role=role, program_id=where))
            machines = [
                await identity.add_client(db, db.me, ApiClientIn(name=name, scopes=scopes))
                for name, scopes in (
                    ("reader", READING_SCOPES),
                    ("writer", ["people:write"]),
                    ("spare", ["people:read"]),
                )
            ]
        self.parts = parts
        self.ids = {
            "program_id": program, "enrollment_id": parts["noa"], "pair_id": pair, "session_id": session, "run_id": run,
            "suggestion_id": suggestion, "import_id": file, "grant_id": grant, "client_id": machines[2],
            "person_id": world["leo"].id,
        }  # fmt: skip
        self.callers = {
            "anonymous": None, "employee": world["amina"], "mentor": world["noa"], "mentee": world["maria"],
            "manager": world.manager, "elsewhere": world["olli"], "sponsor": world["jukka"], "admin": world.admin,
            "reader": await self.api.key(world.organization_id, machines[0]),
            "writer": await self.api.key(world.organization_id, machines[1]), "foreign": world.other_admin,
        }  # fmt: skip
        self.sign_in_again()
        return self

    def sign_in_again(self) -> None:
        """A fresh client for every caller."""
        self.clients = {name: self.api(who) for name, who in self.callers.items()}

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
            "overrides_request": {"reason": "They know each other from a project."},
            "pairs_make": {
                f"{side}_enrollment_id": str(self.parts[key]) for side, key in (("mentor", "emil"), ("mentee", "maria"))
            },
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

    async def attempt(
        self, operation: str, caller: str, ids: dict[str, UUID] | None = None
    ) -> tuple[str, httpx.Response]:
        """The sign of what happens, and the answer."""
        method, path = self.operations[operation]
        if method not in READS and ids is None:
            await self.reset(operation)
        headers = {"If-Match": f'"{await self.version(operation)}.x"'} if method in ("PATCH", "DELETE") else {}
        pair = {"mentor_id": str(self.world["noa"].id), "mentee_id": str(self.world["maria"].id)}
        answer = await self.clients[caller].request(
            method, path.format(**(ids or self.ids)), json=self.body(operation), headers=headers,
            params=pair if operation == "match_runs_explain" else None,
        )  # fmt: skip
        if operation == "logins_end":
            self.sign_in_again()
        return SIGNS.get(answer.status_code, "+"), answer

    async def reset(self, operation: str) -> None:
        """Everything as it was before, and in a state in which the operation can be done by whoever may."""
        script = [f"delete from {rows}" for rows in ("auth.rate_limits", "session_moves", "pulses", "pair_overrides")]
        for table in ("match_runs", "sessions", "pairs"):
            script.append(f"delete from {table} where id <> '{self.ids[TABLES[table]]}'")
        for table in ("enrollments", "grants"):
            script.append(f"delete from {table} where person_id = '{self.world['saga'].id}'")
        for table, name in TABLES.items():
            values = {**USUAL[table], **STATES.get(operation, {}).get(table, {})}
            changes = ", ".join(f"{column} = {value}" for column, value in values.items())
            script.append(f"update {table} set {changes} where id = '{self.ids[name]}'")
        await self.superuser.execute(";".join(script))

    async def version(self, operation: str) -> int:
        """What If-Match has to name."""
        name = next((name for name in self.ids if f"{{{name}}}" in self.operations[operation][1]), None)
        table = next((table for table, own in TABLES.items() if own == name and table != "api_clients"), None)
        if operation == "organization_change":
            await self.superuser.execute("update organizations set version = 1")
            return 1
        if operation == "preferences_change":
            await self.superuser.execute("delete from preferences")
            return 0
        found = (
            await self.superuser.fetchval(f"select version from {table} where id = $1", self.ids[name]) if table else 1
        )
        return int(found)


@pytest.fixture
async def stage(api, databases, world, application, postgres, database_name) -> AsyncIterator[Stage]:
    superuser = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield await Stage(api, databases, world, application, superuser).set_up()
    await superuser.close()


def test_every_operation_has_a_row(built_application):
    documented = {
        operation["operationId"]
        for item in built_application.openapi()["paths"].values()
        for operation in item.values()
    }
    assert set(ROWS) == documented


def test_every_cell_is_decided():
    assert {sign for row in ROWS.values() for sign in row.values()} <= set("+1349")
    assert len(ROWS) * len(permissions.CALLERS) > 900


@pytest.mark.parametrize("share", range(SHARES))
async def test_every_caller_may_do_what_the_table_says_and_nothing_else(stage, share):
    wrong = []
    for operation in sorted(ROWS)[share::SHARES]:
        for caller, sign in ROWS[operation].items():
            found, answer = await stage.attempt(operation, caller)
            if found != sign:
                wrong.append(
                    f"{operation} as {caller}: {answer.status_code} {answer.text[:150]}, the table says {sign}"
                )
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("share", range(SHARES))
async def test_what_does_not_exist_looks_like_what_one_may_not_see(stage, share):
    """With ids of nothing, nobody learns more than that there is nothing."""
    wrong = []
    missing = {name: uuid4() for name in stage.ids}
    for operation in sorted(ROWS)[share::SHARES]:
        if "{" not in stage.operations[operation][1]:
            continue
        for caller in permissions.CALLERS:
            found, answer = await stage.attempt(operation, caller, missing)
            if found not in ("1" if caller == "anonymous" else "34"):
                wrong.append(f"{operation} as {caller}: {answer.status_code} {answer.text[:150]}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_what_a_caller_is_to_a_pair():
    mentor, mentee, program = uuid4(), uuid4(), uuid4()
    pair = Pair(organization_id=uuid4(), mentor_id=mentor, mentee_id=mentee, program_id=program)
    manager = (Held("programme_manager", program),)
    for actor, side, parts in (
        (Actor(pair.organization_id, mentor), "mentor", {"mentor"}),
        (Actor(pair.organization_id, mentee, grants=manager), "mentee", {"mentee", "manager"}),
        (Actor(pair.organization_id, uuid4(), grants=manager), None, {"manager"}),
        (Actor(pair.organization_id, uuid4()), None, set()),
        (Actor(pair.organization_id), None, {"system"}),
        (Actor(pair.organization_id, client_id=uuid4()), None, set()),
    ):
        assert (pair_access.side_of(actor, pair), pair_access.actors(actor, pair)) == (side, parts)
