"""People on the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from vuoro.core.fields import LINE
from vuoro.core.wire import Can, Email, In, Localized, Moment, Out

Line = Literal["known", "unknown", "top"]
Status = Literal["active", "leave", "left"]


class PersonRef(Out):
    """A person in few words."""

    id: UUID
    display_name: str
    title: str | None
    site: str | None
    division: str | None


class LanguageLevel(Out):
    """A language (ISO 639) and how well: 0 a few words to 4 mother tongue."""

    code: str
    level: int = Field(ge=0, le=4)


class LanguageIn(In):
    """A language (ISO 639) that a person speaks, and how well: 0 a few words to 4 mother tongue."""

    code: str = Field(pattern="^[a-z]{2,3}$")
    level: int = Field(ge=0, le=4)


def _once_each(languages: list[LanguageIn]) -> list[LanguageIn]:
    if len({language.code for language in languages}) < len(languages):
        raise ValueError("each language once")
    return languages


LanguagesIn = Annotated[list[LanguageIn], AfterValidator(_once_each), Field(max_length=20)]


def _different(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise ValueError("each manager once")
    return ids


DottedIn = Annotated[
    list[UUID], AfterValidator(_different), Field(max_length=20, description="further managers, by dotted line")
]


class PersonSummary(Out):
    """A person in the directory's list. `line` tells whether the chain of managers is known."""

    id: UUID
    external_id: str
    display_name: str
    work_email: str | None
    title: str | None
    job_level: int | None
    division: str | None
    department: str | None
    team: str | None
    site: str | None
    country: str | None
    time_zone: str | None
    status: Status
    manager: PersonRef | None
    line: Line
    updated_at: Moment


class PersonSource(Out):
    """The directory connection that keeps these fields of a person; they are changed there."""

    connection_id: UUID
    name: str
    fields: list[str]


class LastImport(Out):
    """The newest import that was applied."""

    id: UUID
    filename: str
    applied_at: Moment


OriginKind = Literal["file", "hand", "connection"]


class PersonOrigin(Out):
    """Who set these fields of a person last: a file, a connection that keeps them no more, or somebody by hand.

    `undone`: the file was taken back, and the fields are as before it.
    """

    by: OriginKind
    on: date
    file: LastImport | None
    undone: bool
    fields: list[str]


class PersonOut(PersonSummary):
    """A person, whole. `last_import` is the newest import, if it wrote this person in the last thirty days.

    It is told to those who may change the directory, as `origins` is: who set what no connection keeps, newest first.
    """

    given_name: str | None
    family_name: str | None
    cost_center: str | None
    languages: list[LanguageLevel]
    preferred_language: str | None
    hire_on: date | None
    end_on: date | None
    direct_reports: int
    dotted_managers: list[PersonRef]
    source: PersonSource | None
    last_import: LastImport | None
    origins: list[PersonOrigin]
    version: int
    created_at: Moment
    can: Can


class PersonPage(Out):
    """One page of people."""

    items: list[PersonSummary]
    next_cursor: str | None


class AddressOut(Out):
    """The caller's work address."""

    email: str | None


class AddressIn(In):
    """The work address to change to."""

    email: Email


class PersonIn(In):
    """A new person. `manager_id` empty: leads everyone under them, reports to nobody."""

    external_id: str = Field(min_length=1, max_length=100)
    display_name: str = Field(min_length=1, max_length=200)
    given_name: str | None = Field(None, max_length=100)
    family_name: str | None = Field(None, max_length=100)
    work_email: Email | None = None
    title: str | None = Field(None, max_length=200)
    job_level: int | None = Field(None, ge=0, le=99)
    division: str | None = Field(None, max_length=200)
    department: str | None = Field(None, max_length=200)
    team: str | None = Field(None, max_length=200)
    site: str | None = Field(None, max_length=200)
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    time_zone: str | None = Field(None, max_length=64)
    languages: LanguagesIn = Field(default_factory=list)
    preferred_language: str | None = Field(None, pattern="^[a-z]{2,3}$")
    hire_on: date | None = None
    manager_id: UUID | None = None
    dotted_manager_ids: DottedIn = Field(default_factory=list)


class PersonPatch(In):
    """What of a person changes; null clears."""

    display_name: str = Field("", min_length=1, max_length=200)
    given_name: str | None = Field(None, max_length=100)
    family_name: str | None = Field(None, max_length=100)
    work_email: Email | None = None
    title: str | None = Field(None, max_length=200)
    job_level: int | None = Field(None, ge=0, le=99)
    division: str | None = Field(None, max_length=200)
    department: str | None = Field(None, max_length=200)
    team: str | None = Field(None, max_length=200)
    site: str | None = Field(None, max_length=200)
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    time_zone: str | None = Field(None, max_length=64)
    languages: LanguagesIn = Field(default_factory=list)
    preferred_language: str | None = Field(None, pattern="^[a-z]{2,3}$")
    hire_on: date | None = None
    status: Status = "active"
    manager_id: UUID | None = None
    dotted_manager_ids: DottedIn = Field(default_factory=list)


class ReportingLine(Out):
    """Everybody above a person, nearest first, and how many are below."""

    above: list[PersonRef]
    below_count: int
    line: Line


class Facet(Out):
    """A value and how many people have it."""

    value: str
    count: int


class PeopleFacets(Out):
    """The directory at a glance."""

    total: int
    divisions: list[Facet]
    departments: list[Facet]
    sites: list[Facet]
    unknown_lines: int
    last_import: LastImport | None


class Tag(Out):
    """A skill or topic that can be chosen."""

    id: UUID
    slug: str
    name: Localized


class TagPage(Out):
    """One page of skills or topics."""

    items: list[Tag]
    next_cursor: str | None


UnitWords = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=200, pattern=LINE)]],
    Field(max_length=200, description="as the directory writes them"),
]


class UnitIn(In):
    """A part of the organization: everybody of these divisions, departments or sites; at least one is named."""

    name: str = Field(min_length=1, max_length=100, pattern=LINE)
    divisions: UnitWords = Field(default_factory=list)
    departments: UnitWords = Field(default_factory=list)
    sites: UnitWords = Field(default_factory=list)


class UnitPatch(In):
    """What of a unit changes."""

    name: str = Field("", min_length=1, max_length=100, pattern=LINE)
    divisions: UnitWords = Field(default_factory=list)
    departments: UnitWords = Field(default_factory=list)
    sites: UnitWords = Field(default_factory=list)


class UnitOut(Out):
    """A part of the organization in the directory's own words, and how many it has."""

    id: UUID
    name: str
    divisions: list[str]
    departments: list[str]
    sites: list[str]
    people_count: int
    programs_count: int
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class UnitPage(Out):
    """One page of units."""

    items: list[UnitOut]
    next_cursor: str | None


class SignInsOut(Out):
    """Where somebody is signed in, for an admin: how many and which kinds of devices, never when."""

    person_id: UUID
    sign_ins: int
    devices: list[str]
    apps: int
    passkeys: int
    has_account: bool = Field(description="whether an account of the organization's provider signs them in")
    can: Can


class SignInsEndIn(In):
    """What ends besides the sign-ins."""

    passkeys: bool = Field(False, description="forget their passkeys: a mailed link lets them add a new one")
    account: bool = Field(False, description="forget the provider's account: the next sign-in there links one anew")


class AccountOut(Out):
    """The account of the organization's provider that signs the caller in."""

    issuer: str
    linked_on: date
    can: Can
