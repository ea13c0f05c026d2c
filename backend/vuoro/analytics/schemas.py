"""What a home page and a dashboard show."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from vuoro.core.actor import Role
from vuoro.core.wire import Localized, Moment, Out, Params
from vuoro.core.words import Locale
from vuoro.identity.models import Accent
from vuoro.pairs.schemas import MentoringPair
from vuoro.people.schemas import PersonRef
from vuoro.programs.kits import KitOut
from vuoro.programs.states import ProgramState
from vuoro.sessions.schemas import MentoringSession


class MyOrganization(Out):
    """The caller's organization in few words."""

    id: UUID
    name: str
    slug: str
    locales: list[Locale]
    accent: Accent
    logo_url: str | None


class HeldGrant(Out):
    """A role of the caller, in a program, in a unit or, both null, in the whole organization."""

    role: Role
    program_id: UUID | None
    unit_id: UUID | None


class MyProgram(Out):
    """A programme of the caller, and what they are in it."""

    id: UUID
    name: str
    state: ProgramState
    roles: list[Literal["mentor", "mentee", "programme_manager", "organization_admin"]]


class Me(Out):
    """Who is calling. `person` is null for an API client; `books_for_others`: they are somebody's delegate."""

    person: PersonRef | None
    organization: MyOrganization
    locale: Locale
    time_zone: str
    grants: list[HeldGrant]
    programs: list[MyProgram]
    books_for_others: bool
    demo: bool


class TodayAction(Out):
    """Something to do, most urgent first; `link` is a page of the web app."""

    kind: str
    params: Params
    link: str


class DeepCard(Out):
    """The one deep card of the page: the next talk with its kit, an offer, or the nudge to book."""

    kind: Literal["next_session", "offer", "no_session", "none"]
    pair: MentoringPair | None
    session: MentoringSession | None
    kit: KitOut | None


class TodayProgram(Out):
    """A programme and the week it is in."""

    id: UUID
    name: str
    state: ProgramState
    week: int | None
    weeks: int | None


class TodayOut(Out):
    """A phone's home in one call."""

    greeting_name: str
    deep: DeepCard
    actions: list[TodayAction]
    pairs: list[MentoringPair]
    programs: list[TodayProgram]


class PairCounts(Out):
    """Pairs of a program by how they do."""

    active: int
    asked: int
    total: int
    quiet: int
    not_booked: int
    on_rhythm_share: float | None


class MonthOfSessions(Out):
    """Sessions of one month (YYYY-MM)."""

    month: str
    held: int
    planned: int


class EnrolledCounts(Out):
    """Who takes part."""

    mentors: int
    mentees: int


class PublishedCell(Out):
    """One figure about answers, from a closed wave of five or more people."""

    name: str
    value: float


class PulseSummary(Out):
    """The pulse, only from closed and published waves."""

    state: Literal["too_few", "published"]
    cells: list[PublishedCell]


class DashboardOut(Out):
    """A programme at a glance."""

    program: TodayProgram
    pairs: PairCounts
    sessions_by_month: list[MonthOfSessions]
    enrolled: EnrolledCounts
    pulse: PulseSummary


class AuditEntryOut(Out):
    """One deed: ids and names of actions, never content. `actor` or `machine` names who did it, while they are here."""

    id: UUID
    at: Moment
    actor_kind: Literal["person", "client", "system"]
    actor_id: UUID
    actor: PersonRef | None
    machine: str | None
    action: str
    words: Localized = Field(description="the deed in people's words")
    subject_id: UUID | None
    program_id: UUID | None


class AuditPage(Out):
    """One page of the audit log, newest first."""

    items: list[AuditEntryOut]
    next_cursor: str | None


Attribute = Literal["site", "division", "role"]
WaveKind = Literal["pulse", "fit", "growth_mentor", "growth_mentee", "survey"]


class CellGroup(Out):
    """What the people of a figure share."""

    attribute: Attribute
    value: str


class FeedbackCell(Out):
    """One figure, of everybody (`groups` empty) or of a group.

    `people` is how many answered, rounded down to five. `hidden` tells why there is no value: `too_few` (fewer than
    five answered), or `would_single_out` (together with other figures it would tell of fewer than five).
    """

    name: str
    groups: list[CellGroup]
    value: float | None
    people: int | None
    hidden: Literal["too_few", "would_single_out"] | None


class FeedbackWave(Out):
    """A cohort's answers to one round, closed and published once.

    `number` is the session of a pulse, 1 (first) or 2 (midpoint) of a fit check, 1 to 3 (start, middle, end) of growth,
    or a survey's edition. `waiting`: it has not closed.
    """

    cohort_id: UUID
    kind: WaveKind
    number: int
    survey_id: UUID | None
    state: Literal["waiting", "too_few", "published"]
    published_at: Moment | None
    cells: list[FeedbackCell]


class FeedbackSummary(Out):
    """What people of a programme answered, only in figures from closed waves of five or more people."""

    program_id: UUID
    smallest_group: int
    waves: list[FeedbackWave]
