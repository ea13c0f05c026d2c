"""Authorization is a table: every operation has a row, and every cell of it is tried."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import update
from support import permissions
from support.permissions_page import page
from support.phone import SCHEME, Phone

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor, Held
from vuoro.core.crypto import hash_token
from vuoro.feedback import concerns, surveys
from vuoro.feedback.schemas import ConcernIn
from vuoro.feedback.survey_schemas import SurveyIn
from vuoro.feedback.words import GROWTH_ITEMS
from vuoro.hris.models import Import, ImportMapping
from vuoro.hris.scim.models import ScimConnection, ScimGroup, ScimGroupRule
from vuoro.identity import logins, machines
from vuoro.identity import service as identity
from vuoro.identity.models import AppConsent, Grant, IdentityProvider, OauthClient
from vuoro.identity.schemas import ApiClientIn, GrantIn
from vuoro.insights.models import CandidMessage, IdeaSeed
from vuoro.matching.models import MatchCertificate, MatchRun, Suggestion
from vuoro.pairs import access as pair_access
from vuoro.pairs.models import Goal, Pair
from vuoro.people import units
from vuoro.people.schemas import UnitIn
from vuoro.privacy.models import Erasure
from vuoro.programs import enrollments
from vuoro.programs import service as programs
from vuoro.programs.models import Announcement, Challenge, Invitation, InvitationLink, Program, ProgramEvent
from vuoro.programs.schemas import EnrollmentIn, ProgramIn
from vuoro.sessions.models import ActionItem, Delegation, Note, Session, Takeaway, Thanks, Thought
from vuoro.webhooks import deliveries as webhook_deliveries
from vuoro.webhooks import service as webhooks
from vuoro.webhooks.schemas import WebhookEndpointIn

ROWS = permissions.rows()
READS = ("GET",)
NEVER_ROLLED_BACK = ("logins_ask", "logins_redeem")
SHARES = 6
SIGNS = {401: "1", 403: "3", 404: "4", 409: "9"}
TABLES = {
    "programs": "program_id", "enrollments": "enrollment_id", "pairs": "pair_id", "sessions": "session_id",
    "match_runs": "run_id", "suggestions": "suggestion_id", "imports": "import_id", "people": "person_id",
    "api_clients": "client_id", "notes": "note_id", "thoughts": "thought_id", "action_items": "item_id",
    "takeaways": "takeaway_id", "thanks": "thanks_id", "idea_seeds": "seed_id", "candid_messages": "message_id",
    "cohorts": "cohort_id", "announcements": "announcement_id",
    "program_events": "event_id", "challenges": "challenge_id",
    "goals": "goal_id",
    "concerns": "concern_id", "surveys": "survey_id",
    "invitations": "invitation_id", "invitation_links": "link_id", "oauth_clients": "oauth_client_id",
    "erasures": "erasure_id", "webhook_endpoints": "endpoint_id", "webhook_deliveries": "delivery_id",
    "units": "unit_id",
    "import_mappings": "mapping_id", "scim_connections": "connection_id", "scim_groups": "group_id",
    "scim_group_rules": "rule_id",
}  # fmt: skip
# A picture of one pixel.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SOON, PAST = "'2099-01-01'", "'2026-01-01'"
USUAL = {
    "programs": {"state": "'running'", "terms_version": "null"}, "enrollments": {"state": "'approved'"},
    "pairs": {"state": "'active'", "state_before": "null", "due_at": "null", "ended_at": "null",
              "mentor_signed_at": PAST, "mentee_signed_at": PAST, "sessions_held": "0"},
    "sessions": {"state": "'scheduled'", "starts_at": SOON, "ends_at": "'2099-01-01 01:00'", "held_at": "null",
                 "mentor_pulse": "false", "mentee_pulse": "false", "mentor_miss": "null", "mentee_miss": "null"},
    "match_runs": {"state": "'done'", "published_at": "null", "stop_requested_at": "null"},
    "suggestions": {"state": "'suggested'"},
    "imports": {"state": "'checked'"}, "people": {"status": "'active'"}, "api_clients": {"revoked_at": "null"},
    "cohorts": {"state": "'open'"}, "announcements": {"state": "'published'"}, "challenges": {"state": "'open'"},
    "program_events": {"state": "'planned'", "starts_at": SOON, "ends_at": "'2099-01-01 01:00'"},
    "goals": {"done_at": "null"},
    "concerns": {"state": "'open'"}, "surveys": {"published": "true", "opens_at": PAST, "closes_at": SOON},
    "invitations": {"state": "'pending'", "sent_at": PAST, "due_at": SOON}, "invitation_links": {"revoked_at": "null"},
    "erasures": {"state": "'waiting'"}, "webhook_deliveries": {"state": "'failed'"},
}  # fmt: skip
HELD = {"starts_at": PAST, "ends_at": "'2026-01-01 01:00'"}
ASKED = {"state": "'asked_mentor'", "due_at": SOON}
APPLIED = {"enrollments": {"state": "'applied'"}}
INVITED = {"enrollments": {"state": "'invited'"}}
NO_PAIR = {"pairs": {"state": "'completed'"}}
MATCHING = {"programs": {"state": "'matching'"}}
STATES: dict[str, dict[str, dict[str, str]]] = {
    "pairs_accept": {"pairs": ASKED},
    "pairs_decline": {"pairs": ASKED},
    "pairs_close": {"pairs": {"state": "'closing'"}},
    "pairs_rematch": {"pairs": {"state": "'suspended_conflict'"}, "enrollments": {"looks_again_at": "null"}},
    "pairs_stay_in_touch": {"pairs": {"state": "'completed'"}},
    "pairs_lift": {"pairs": {"state": "'suspended_conflict'", "state_before": "'active'"}},
    "pairs_make": {"pairs": {"state": "'completed'"}},
    "pairs_resume": {"pairs": {"state": "'paused'", "state_before": "'active'"}},
    "agreements_sign": {"pairs": {"mentor_signed_at": "null", "mentee_signed_at": "null"}},
    "enrollments_approve": APPLIED,
    "enrollments_decline": APPLIED,
    "enrollments_waitlist": APPLIED,
    "enrollments_complete_primer": APPLIED,
    "enrollments_apply": INVITED,
    "enrollments_decide": APPLIED,
    "enrollments_resume": {**NO_PAIR, "enrollments": {"state": "'paused'"}},
    "enrollments_withdraw": NO_PAIR,
    "invitations_revoke": INVITED,
    "candidates_list": {},
    "invitations_read": {},
    "pairs_boundaries": {},
    "enrollments_create": {"programs": {"state": "'enrolling'"}},
    "match_runs_create": MATCHING,
    "match_runs_publish": {**MATCHING, "pairs": {"state": "'completed'"}},
    "match_runs_cancel": {**MATCHING, "match_runs": {"state": "'running'"}},
    "suggestions_pin": MATCHING,
    "suggestions_reject": MATCHING,
    "suggestions_restore": {**MATCHING, "suggestions": {"state": "'rejected'"}},
    "sessions_schedule": {"sessions": {"state": "'proposed'"}},
    "sessions_hold": {"sessions": HELD},
    "announcements_change": {"announcements": {"state": "'draft'"}},
    "announcements_publish": {"announcements": {"state": "'draft'"}},
    "cohorts_open": {"cohorts": {"state": "'draft'"}},
    "cohorts_discard": {"cohorts": {"state": "'draft'"}},
    "sessions_miss": {"sessions": HELD},
    "fit_checks_give": {"pairs": {"sessions_held": "1"}},
    "imports_undo": {"imports": {"state": "'applied'", "undo_until": SOON}},
    "surveys_discard": {"surveys": {"published": "false"}},
    "surveys_publish": {"surveys": {"published": "false"}},
    "pulses_give": {"sessions": {**HELD, "state": "'held'", "held_at": PAST}},
    "thoughts_share": {"thoughts": {"visibility": "'mine'", "text": "{thoughts}"}},
    "action_items_reopen": {"action_items": {"done_at": PAST}},
    "takeaways_create": {"sessions": {**HELD, "state": "'held'", "held_at": PAST}},
    **{
        f"candid_messages_{verb}": {"candid_messages": {"state": "'draft'", "text": "{candid_messages}"}}
        for verb in ("change", "delete", "give")
    },
}
# What Noa wrote, made anew for every attempt; `text` is hers alone where the operation is about a draft.
WRITTEN = ("notes", "thoughts", "action_items", "takeaways", "thanks", "idea_seeds", "candid_messages")
# What may be deleted for good, put back after every attempt.
KEPT = (
    "units",
    "scim_connections",
    "scim_groups",
    "scim_group_rules",
    "oauth_clients",
    "app_consents",
    "goals",
    "surveys",
    "survey_editions",
    "identity_providers",
    "delegations",
    "webhook_endpoints",
    "webhook_deliveries",
    "import_mappings",
)
CHOOSING = Program.settings.concat({"self_chosen": True})
CODE = "a-code-that-nobody-guesses"
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
        self.ids: dict[str, Any] = {}
        self.moved = True  # whether the last attempt left its own state behind
        self.last = ""
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
                for key, role in (("noa", "mentor"), ("maria", "mentee"), ("emil", "mentor"))
            }
            await db.execute(update(Program).where(Program.id == program).values(state="running", settings=CHOOSING))
        common = {"organization_id": world.organization_id}
        both = {
            "mentor_id": world["noa"].id, "mentee_id": world["maria"].id,
            "mentor_enrollment_id": parts["noa"], "mentee_enrollment_id": parts["maria"],
        }  # fmt: skip
        pair, session, run, suggestion, file, grant, word, circle, challenge, goal, invitation, link, erasure = (
            clock.uuid7() for _ in range(13)
        )
        async with app.transaction(world["noa"].actor) as db:
            moments = dict.fromkeys(
                ("mentor_signed_at", "mentee_signed_at", "mentee_asked_at", "activated_at"), clock.now()
            )
            db.add(Pair(id=pair, program_id=program, cohort_id=cohort, state="active", **both, **moments, **common))
            await db.flush()
            sealed = await crypto.seal(db, "goals.text", "pair", pair, goal, "Ask before answering")
            db.add(Goal(id=goal, pair_id=pair, side="mentor", text=sealed, **common))
            begin = clock.now() + timedelta(days=3)
            db.add(
                Session(
                    id=session, pair_id=pair, number=3, kit="challenge", starts_at=begin,
                    ends_at=begin + timedelta(hours=1), time_zone="UTC", **common,
                )
            )  # fmt: skip
        async with app.transaction(world.system) as db:
            progress = {"phase": "done", "round": 1, "pairs": 1, "bound": 1.0, "gap": 0.0, "fraction": 1.0}
            db.add(MatchRun(id=run, program_id=program, cohort_id=cohort, state="done", progress=progress, **common))
            moments = {"sent_at": clock.now(), "due_at": clock.now() + timedelta(days=14)}
            part, batch = parts["noa"], clock.uuid7()
            db.add(
                Invitation(id=invitation, program_id=program, enrollment_id=part, batch_id=batch, **moments, **common)
            )
            code = hash_token(CODE)
            db.add(
                InvitationLink(id=link, program_id=program, cohort_id=cohort, role="mentor", code_hash=code, **common)
            )
            columns = [
                {"header": "Id", "field": "external_id", "reason": "known_header", "category": None, "samples": []}
            ]
            db.add(Import(id=file, filename="people.csv", size=10, state="checked", columns=columns, **common))
            mapping = clock.uuid7()
            names = {"headers": ["Id"], "columns": {"Id": "external_id"}}
            db.add(ImportMapping(id=mapping, name="HR", date_order=None, **names, **common))
            words = {"en": "Welcome"}
            texts = {"program_id": program, "title": words, **common}
            db.add(Announcement(id=word, body=words, audience="all", state="published", listed_at=clock.now(), **texts))
            times = {"starts_at": clock.now(), "ends_at": clock.now() + timedelta(hours=1), "time_zone": "UTC"}
            db.add(ProgramEvent(id=circle, kind="circle_of_mentors", audience="mentors", **times, **texts))
            said = {"title": "Hiring", "text": "Why do people leave?", "topics": [], "skills": []}
            db.add(Challenge(id=challenge, program_id=program, author_id=world["maria"].id, **said, **common))
            served = {"executive_id": world["maria"].id, "delegate_id": world["veera"].id}
            db.add(Delegation(**served, created_at=clock.now(), **common))
            db.add(Grant(id=grant, person_id=world["amina"].id, role="delegate", program_id=program, **common))
            await db.flush()
            db.add(
                Suggestion(id=suggestion, match_run_id=run, score=500_000, components=[], checks=[], **both, **common)
            )
            own = {"issuer": "https://login.nordlys.example", "client_id": "vuoro", "label": "Nordlys"}
            db.add(IdentityProvider(mail_domains=["nordlys.example"], **own, **common))
            moments = {"created_at": clock.now(), "due_at": clock.now() + timedelta(days=7)}
            db.add(Erasure(id=erasure, person_id=world["emil"].id, requested_by=world["emil"].id, **moments, **common))
            sales = await units.create(db, db.me, UnitIn(name="Sales", divisions=["Sales"]))
            unit = await units.create(db, db.me, UnitIn(name="Executive", divisions=["Executive"]))
            await identity.give(db, db.me, GrantIn(person_id=world["erik"].id, role="programme_manager", unit_id=sales))
            held = (
                ("olli", "programme_manager", other),
                ("jukka", "sponsor", None),
                ("jukka", "safeguarding_contact", None),
                ("linh", "safeguarding_contact", None),
            )
            for key, role, where in held:
                await identity.give(db, db.me, GrantIn(person_id=world[key].id, role=role, program_id=where))
            machine_ids = [
                await machines.add_client(db, db.me, ApiClientIn(name=name, scopes=scopes))
                for name, scopes in (
                    ("reader", READING_SCOPES),
                    ("writer", ["people:write"]),
                    ("spare", ["people:read"]),
                    ("directory", ["scim"]),
                )
            ]
            await db.flush()
            connection, group, rule = (clock.uuid7() for _ in range(3))
            row = {"client_id": machine_ids[3], "name": "Entra ID", "preset": "entra", "scope_values": []}
            db.add(ScimConnection(id=connection, **row, **common))
            await db.flush()
            db.add(ScimGroup(id=group, connection_id=connection, display_name="Mentors", **common))
            await db.flush()
            db.add(ScimGroupRule(id=rule, group_id=group, part="mentor", program_id=program, **common))
        async with self.databases.worker.transaction(world.system) as db:
            proof = {"run_id": str(run), "goal": "total", "proven": True, "gap": 0, "input_digest": "", "seconds": {}}
            proof |= dict.fromkeys(("objective", "bound", "coverage_bonus", "least", "rounds"), 0)
            proof |= {name: [] for name in ("pairs", "mentor_prices", "mentee_prices")}
            db.add(MatchCertificate(match_run_id=run, body=proof, market={}, **common))
        noa = world["noa"].actor
        async with app.transaction(noa) as db:
            said = ConcernIn(
                text="Something weighs on me", about="pair", wants_contact=True, contact_id=world["linh"].id
            )
            concern = await concerns.raise_concern(db, noa, said)
        async with app.transaction(me) as db:
            survey = await surveys.create(db, me, SurveyIn(program_id=program, template="baseline"))
        app_client, consent, secret = (clock.uuid7() for _ in range(3))
        async with app.transaction(noa) as db:
            db.add(OauthClient(id=app_client, name="Turns", redirect_uris=[SCHEME], android_fingerprints=[], **common))
            await db.flush()
            person = {"person_id": world["noa"].id, "scopes": ["me:read"], **common}
            db.add(AppConsent(id=consent, oauth_client_id=app_client, **person))
        async with self.databases.auth.transaction() as db:
            await logins.make_key(db, world.organization_id, machine_ids[2], secret)
        async with app.transaction(world.admin.actor) as db:
            hook, _ = await webhooks.create(
                db, db.me, WebhookEndpointIn(url="https://hooks.example.com/", event_types=["person.left"])
            )
            await db.flush()
            sent = await webhook_deliveries.test(db, db.me, hook)
        self.phone = Phone(self.api, str(app_client))
        self.parts = parts
        self.ids = {
            "concern_id": concern, "survey_id": survey,
            "program_id": program, "enrollment_id": parts["noa"], "pair_id": pair, "session_id": session, "run_id": run,
            "suggestion_id": suggestion, "import_id": file, "grant_id": grant, "client_id": machine_ids[2],
            "person_id": world["leo"].id, "cohort_id": cohort, "announcement_id": word, "event_id": circle,
            "challenge_id": challenge,
            "goal_id": goal,
            "oauth_client_id": app_client, "app_id": consent, "slot_id": secret, "erasure_id": erasure,
            "mapping_id": mapping, "endpoint_id": hook, "delivery_id": sent, "unit_id": unit,
            "connection_id": connection, "group_id": group, "rule_id": rule,
            "invitation_id": invitation, "link_id": link, "code": CODE, "kit_key": "spar",
            "login_id": uuid4(), "logo_id": uuid4(), "passkey_id": uuid4(), "token": "x" * 43,
        }  # fmt: skip
        await self.write(pair, session)
        self.callers = {
            "anonymous": None, "employee": world["amina"], "mentor": world["noa"], "mentee": world["maria"],
            "manager": world.manager, "elsewhere": world["olli"], "sponsor": world["jukka"], "admin": world.admin,
            "reader": await self.api.key(world.organization_id, machine_ids[0]),
            "writer": await self.api.key(world.organization_id, machine_ids[1]), "foreign": world.other_admin,
            "delegate": world["veera"], "contact": world["linh"], "unit": world["erik"], "browser": world["noa"],
            "phone": (await self.phone.sign_in(world["noa"], scope="me:read me:write"))["access_token"],
        }  # fmt: skip
        self.again = [await self.keep(table) for table in KEPT]
        await self.superuser.execute(
            "create table kept_tokens as select * from auth.tokens"
            f" where family_id = '{secret}' or consent_id = '{consent}' and kind = 'access'"
        )
        await self.sign_in_again()
        return self

    async def keep(self, table: str) -> str:
        """Keep the rows of a table; the statement that puts back those that are gone."""
        columns = await self.superuser.fetchval(
            "select string_agg(column_name, ', ') from information_schema.columns"
            " where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'",
            table,
        )
        await self.superuser.execute(f"create table kept_{table} as select {columns} from {table}")
        return f"insert into {table} ({columns}) select * from kept_{table} on conflict do nothing"

    async def write(self, pair: UUID, session: UUID) -> None:
        """One text of each kind, Noa's and shared; their rows are kept, and the same texts under her own key."""
        noa = self.world["noa"]
        common = {"organization_id": self.world.organization_id, "pair_id": pair, "session_id": session}
        common |= {"author_id": noa.id, "visibility": "ours", "owner": "mentor", "lane": "see", "position": 1}
        common |= {"state": "given", "tone": "plain", "given_at": clock.now(), "created_at": clock.now()}
        self.drafts: dict[str, str] = {}
        async with self.databases.app.transaction(noa.actor) as db:
            for model in (Note, Thought, ActionItem, Takeaway, Thanks, IdeaSeed, CandidMessage):
                table, id = model.__tablename__, clock.uuid7()
                self.ids[TABLES[table]] = id
                private = await crypto.seal(db, f"{table}.text", "person", noa.id, id, "Mine")
                shared = await crypto.seal(db, f"{table}.text", "pair", pair, id, "Ours")
                self.drafts[table] = f"'\\x{private.hex()}'"
                row = {"id": id, "text": private if model is IdeaSeed else shared, "parts": private, **common}
                db.add(model(**{name: row[name] for name in model.__table__.columns.keys() & row.keys()}))
        self.written = {
            table: await self.superuser.fetchval(f"select row_to_json(t)::text from {table} t") for table in WRITTEN
        }

    async def sign_in_again(self) -> None:
        """A fresh client for every caller."""
        self.clients = {name: self.api(who) for name, who in self.callers.items()}
        cookie = f"vuoro_session={await self.api.sign_in(self.world['noa'])}"
        self.clients["browser"] = self.api(cookie=cookie, sec_fetch_site="same-origin")

    def body(self, operation: str) -> Any:
        """Something that the operation would take."""
        later = (clock.now() + timedelta(days=9)).isoformat().replace("+00:00", "Z")
        scores = dict.fromkeys(("said_what_i_thought", "my_topics_too", "listened_to", "learned", "would_do_again"), 4)
        bodies: dict[str, Any] = {
            "people_create": {"external_id": str(uuid4()), "display_name": "Aada Uusi"},
            "programs_create": {"name": "New", "template": "sounding-board"},
            "programs_transition": {"to": "closing"},
            "programs_clone": {"name": "Again"},
            "cohorts_create": {"name": str(uuid4())},
            "announcements_create": {"title": {"en": "Welcome"}, "body": {"en": "We begin on Monday."}},
            "program_events_create": {
                "kind": "kickoff",
                "title": {"fi": "Aloitus"},
                "starts_at": later,
                "time_zone": "Europe/Helsinki",
                "ends_at": (clock.now() + timedelta(days=9, hours=1)).isoformat(),
            },
            "program_events_attend": {"attending": True},
            "challenges_post": {"title": "Hiring", "text": "How do we find people like you?"},
            "challenges_change": {"state": "closed"},
            "enrollments_create": {"person_id": str(self.world["saga"].id), "role": "mentor"},
            "enrollments_decide": {"action": "approve", "ids": [str(self.ids["enrollment_id"])]},
            "enrollments_import": {"rows": [{"external_id": "N1015", "role": "mentor"}]},
            "invitations_create": {"people": [{"person_id": str(self.world["saga"].id), "role": "mentor"}]},
            "invitation_links_create": {"role": "mentor"},
            "invitation_links_apply": {},
            "wishes_write": {"person_ids": []},
            "match_runs_create": {},
            "overrides_request": {"reason": "They know each other from a project."},
            "pairs_make": {
                f"{side}_enrollment_id": str(self.parts[key]) for side, key in (("mentor", "emil"), ("mentee", "maria"))
            },
            "program_terms_publish": {"text": dict.fromkeys(("fi", "sv", "en"), "Be kind")},
            "enrollments_agree": {"number": 1},
            "organization_logo_set": {"png": PNG},
            "units_create": {"name": str(uuid4()), "sites": ["Oulu"]},
            "grants_give": {"person_id": str(self.world["saga"].id), "role": "sponsor"},
            "sessions_plan": {"starts_at": later, "minutes": 45, "time_zone": "Europe/Helsinki"},
            "sessions_move": {"starts_at": later},
            "sessions_cancel": {"reason_class": "illness"},
            "sessions_miss": {"who": "me"},
            "sparks_write": {"text": "What do you think of this?"},
            "delegates_set": {"person_id": str(self.world["saga"].id)},
            "agendas_write": {"text": "What we talk about"},
            "session_kits_choose": {"kit": "spar"},
            "notes_create": {"visibility": "ours", "text": "What we said"},
            "thoughts_create": {"lane": "see", "text": "What I see"},
            "thoughts_move": {"lane": "do"},
            "action_items_create": {"text": "Read it", "owner": "mentee"},
            "takeaways_create": {"text": "Ask first", "visibility": "ours"},
            "thanks_give": {"text": "Thank you"},
            "idea_seeds_create": {"text": "Nobody reads it"},
            "idea_seeds_bring": {"session_id": str(self.ids["session_id"])},
            "candid_messages_create": {"pair_id": str(self.ids["pair_id"]), "tone": "plain", "text": "Slower, please"},
            "candid_messages_answer": {"answer": "heard"},
            "concerns_create": {"text": "Something weighs on me", "about": "other", "wants_contact": False},
            "concerns_close": {"answer": "Thank you, we talked"},
            "fit_checks_give": {
                "moment": "first",
                "wish": "go_on",
                "scores": dict.fromkeys(("at_ease", "shared_purpose", "setup_works", "worth_the_time"), 4),
            },
            "skill_growth_rate": {
                "enrollment_id": str(self.ids["enrollment_id"]),
                "moment": "start",
                "scores": dict.fromkeys(GROWTH_ITEMS["mentor"], 3),
            },
            "surveys_create": {"program_id": str(self.ids["program_id"]), "template": "closing"},
            "survey_responses_give": {
                "answers": {"expect_to_learn": 4, "voice_heard": 3, "know_each_other": 2, "time_for_it": True}
            },
            "pulses_give": {"scores": scores, "balance": 60, "open_if_both": True},
            "goals_create": {"text": "Ask before answering"},
            "pairs_stay_in_touch": {"yes": True},
            "pairs_share": {"allowed": True},
            "scim_connections_create": {"name": "Okta", "preset": "okta"},
            "scim_rules_create": {"role": "sponsor"},
            "api_clients_create": {"name": "HRIS", "scopes": ["people:read"]},
            "oauth_clients_create": {"name": "Turns", "redirect_uris": [SCHEME]},
            "app_requests_answer": {**self.phone.asked(), "allow": True},
            "imports_create": {"people": [{"external_id": "N1"}]},
            "imports_change": {"columns": {}},
            "imports_apply": {},
            "import_mappings_create": {"name": str(uuid4()), "import_id": str(self.ids["import_id"])},
            "logins_ask": {"email": "nobody@nordlys.example"},
            "logins_redeem": {"token": "x" * 43},
            "my_address_ask": {"email": "somebody@nordlys.example"},
            "my_address_confirm": {"code": "01234567"},
            "logins_enter_code": {"code": "01234567"},
            "oidc_logins_begin": {"email": "nobody@nowhere.example"},
            "passkey_logins_finish": {
                **dict.fromkeys(("id", "client_data_json", "authenticator_data", "signature"), "AAAA")
            },
            "passkeys_add": {
                "name": "Phone",
                **dict.fromkeys(("id", "client_data_json", "attestation_object"), "AAAA"),
            },
            "identity_provider_check": {"issuer": "http://127.0.0.1:9"},
            "identity_provider_set": {
                "issuer": "https://login.nordlys.example",
                "client_id": "vuoro",
                "mail_domains": ["nordlys.example"],
                "label": "Nordlys",
            },
            "personas_sign_in": {"persona": "nobody"},
            "me_erasure": {"confirm": "erase"},
            "people_erase": {"confirm": "erase"},
            "webhook_endpoints_create": {"url": "https://hooks.example.com/", "event_types": ["person.left"]},
            "webhook_endpoints_rotate": {"keep_old_hours": 0},
            "webhook_endpoints_replay": {"since": "2026-01-01T00:00:00Z"},
            "people_sign_ins_end": {},
        }
        return bodies.get(operation, {} if self.operations[operation][0] == "PATCH" else None)

    async def attempt(
        self, operation: str, caller: str, ids: dict[str, Any] | None = None
    ) -> tuple[str, httpx.Response]:
        """The sign of what happens, and the answer."""
        method, path = self.operations[operation]
        moves = method not in READS or operation in STATES
        another = operation != self.last and (moves or self.last in STATES)
        if (self.moved or another) and ids is None:
            await self.reset(operation)
            self.last = operation
        headers = {"If-Match": f'"{await self.version(operation)}.x"'} if method in ("PATCH", "DELETE", "PUT") else {}
        pair = {"mentor_id": str(self.world["noa"].id), "mentee_id": str(self.world["maria"].id)}
        params = {
            "match_runs_explain": pair,
            "match_comparisons_get": {"with": self.ids["run_id"]},
            "app_requests_read": self.phone.asked(),
            "candidates_list": {"side": "mentee"},
            "delegate_candidates_list": {"q": "saga"},
        }
        answer = await self.clients[caller].request(
            method, path.format(role="mentor", **(ids or self.ids)), json=self.body(operation), headers=headers,
            params=params.get(operation),
        )  # fmt: skip
        # What was refused was rolled back with all it did.
        self.moved = moves and (answer.is_success or operation in NEVER_ROLLED_BACK)
        if operation in ("logins_end", "my_logins_end_others"):
            await self.sign_in_again()
        return SIGNS.get(answer.status_code, "+"), answer

    async def reset(self, operation: str) -> None:
        """Everything as it was before, and in a state in which the operation can be done by whoever may."""
        gone = (
            "auth.rate_limits",
            "program_terms",
            "delegations",
            "session_moves",
            "pulses",
            "pair_answers",
            "stay_choices",
            "commitments",
            "fit_checks",
            "pair_overrides",
            "scim_group_rules",
        )
        script = [f"delete from {rows}" for rows in gone]
        script += self.again
        script.append(f"delete from identity_providers where organization_id <> '{self.world.organization_id}'")
        for table in ("match_runs", "sessions", "pairs", "challenges", "erasures"):
            script.append(f"delete from {table} where id <> '{self.ids[TABLES[table]]}'")
        kept = ", ".join(f"'{part}'" for part in self.parts.values())
        script.append(f"delete from enrollments where id not in ({kept})")
        script.append("update enrollments set looks = true, rests_until = null")
        script.append(f"delete from grants where person_id = '{self.world['saga'].id}'")
        script.append(f"delete from auth.tokens where client_id = '{self.ids['client_id']}'")
        script.append("insert into auth.tokens select * from kept_tokens on conflict do nothing")
        script.append(f"delete from app_consents where id <> '{self.ids['app_id']}'")
        for table, row in self.written.items():
            again = f"insert into {table} select * from json_populate_record(null::{table}, '{row}')"
            script += [f"delete from {table}", again]
        script.append(f"delete from cohorts where id <> '{self.ids['cohort_id']}'")
        for table, name in TABLES.items():
            values = {**USUAL.get(table, {}), **STATES.get(operation, {}).get(table, {})}
            changes = ", ".join(f"{column} = {value.format(**self.drafts)}" for column, value in values.items())
            if changes:
                script.append(f"update {table} set {changes} where id = '{self.ids[name]}'")
        await self.superuser.execute(";".join(script))

    async def version(self, operation: str) -> int:
        """What If-Match has to name."""
        path = self.operations[operation][1]
        name = max((name for name in self.ids if f"{{{name}}}" in path), key=path.find, default=None)
        unversioned = ("concerns", "erasures", "scim_group_rules", "webhook_deliveries")
        table = next((table for table, own in TABLES.items() if own == name and table not in unversioned), None)
        if operation in ("organization_change", "organization_logo_set", "organization_logo_remove"):
            await self.superuser.execute("update organizations set version = 1")
            return 1
        if operation == "retention_change":
            await self.superuser.execute("delete from retention_settings")
            return 0
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
    assert sum(len(row) for row in ROWS.values()) == len(ROWS) * len(permissions.callers()) > 3_500


def test_the_page_of_permissions_says_what_the_table_says():
    """Make it anew with `python tests/support/permissions_page.py > ../docs/permissions.md`."""
    assert (Path(__file__).parents[2] / "docs" / "permissions.md").read_text(encoding="utf-8") == page()


async def wrong_cells(stage: Stage, rows: dict[str, dict[str, str]]) -> list[str]:
    """Cells that are not what happens, each with the answer."""
    wrong = []
    for operation in sorted(rows):
        for caller, sign in rows[operation].items():
            found, answer = await stage.attempt(operation, caller)
            if found != sign:
                wrong.append(
                    f"{operation} as {caller}: {answer.status_code} {answer.text[:150]}, the table says {sign}"
                )
    return wrong


@pytest.mark.parametrize("share", range(SHARES))
async def test_every_caller_may_do_what_the_table_says_and_nothing_else(stage, share):
    wrong = await wrong_cells(stage, {name: ROWS[name] for name in sorted(ROWS)[share::SHARES]})
    assert not wrong, "\n" + "\n".join(wrong)


async def test_a_cell_that_is_wrong_is_named(stage):
    planted = {
        "notes_get": {**ROWS["notes_get"], "manager": "+"},
        "people_create": {**ROWS["people_create"], "admin": "3"},
    }
    wrong = await wrong_cells(stage, planted)
    assert [line.partition(":")[0] for line in wrong] == ["notes_get as manager", "people_create as admin"]


@pytest.mark.parametrize("share", range(SHARES))
async def test_what_does_not_exist_looks_like_what_one_may_not_see(stage, share):
    """With ids of nothing, nobody learns more than that there is nothing."""
    wrong = []
    missing = {name: uuid4() for name in stage.ids}
    for operation in sorted(ROWS)[share::SHARES]:
        if not any(f"{{{name}}}" in stage.operations[operation][1] for name in stage.ids):
            continue
        for caller in permissions.callers():
            found, answer = await stage.attempt(operation, caller, missing)
            if found not in ("1" if ROWS[operation][caller] == "1" else "34"):
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
