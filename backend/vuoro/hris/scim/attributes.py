"""A person as SCIM says them: attributes of a row, and columns of what was said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unicodedata import normalize

from scim2_models import InvalidValueException, Meta, PreconditionFailedException

from vuoro.hris.dates import read_date
from vuoro.hris.drafts import full_name
from vuoro.hris.places import country_at, time_zone_at
from vuoro.hris.problems import ValueRefused
from vuoro.hris.scim.resources import CORE, ENTERPRISE, USER_MODEL, USER_TYPE, VUORO
from vuoro.hris.values import (
    read_country,
    read_id,
    read_language,
    read_languages,
    read_level,
    read_mail,
    read_status,
    read_text,
    read_time_zone,
)
from vuoro.people.owners import FIELDS

LONGEST = 1000
TOP_LEVEL = 99
# attribute → (schema, field of the model)
PLACES: dict[str, tuple[str, str]] = {
    **{
        name: (CORE, field)
        for name, field in {
            "name": "name", "displayName": "display_name", "title": "title", "timezone": "timezone",
            "preferredLanguage": "preferred_language", "active": "active", "emails": "emails",
        }.items()
    },
    **{
        name: (ENTERPRISE, field)
        for name, field in {
            "employeeNumber": "employee_number", "costCenter": "cost_center", "division": "division",
            "department": "department", "manager": "manager",
        }.items()
    },
    **{
        name: (VUORO, field)
        for name, field in {
            "jobLevel": "job_level", "team": "team", "site": "site", "country": "country", "languages": "languages",
            "employmentStatus": "employment_status", "hireOn": "hire_on", "endOn": "end_on",
            "dottedManagers": "dotted_managers",
        }.items()
    },
}  # fmt: skip
# What a person outside a connection's scope keeps: enough to be found again and to stand in the chart.
GRAPH_ONLY = frozenset({"active", "employeeNumber", "manager", "dottedManagers", "employmentStatus"})


def _day(value: str) -> Any:
    text = read_text(value)
    return read_date(text.partition("T")[0], None) if text else None


def _level(value: str) -> int | None:
    level = read_level(value)
    if level is not None and level > TOP_LEVEL:
        raise ValueRefused("job_level_invalid", f"is not a level from 0 to {TOP_LEVEL}")
    return level


_READERS: dict[str, Callable[[str], Any]] = {
    "displayName": read_text,
    "title": read_text,
    "timezone": read_time_zone,
    "preferredLanguage": read_language,
    "costCenter": read_text,
    "division": read_text,
    "department": read_text,
    "jobLevel": _level,
    "team": read_text,
    "site": read_text,
    "country": read_country,
    "languages": lambda value: dict(read_languages(value)),
    "hireOn": _day,
    "endOn": _day,
}


@dataclass(slots=True)
class Told:
    """Columns that follow from what was said, and the attributes that were not understood, with why."""

    values: dict[str, Any] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)


def said_of(user: Any) -> dict[str, Any]:
    """The attributes of a resource, by name, without those that say nothing."""
    said: dict[str, Any] = {}
    for name, (schema, at) in PLACES.items():
        holder = user if schema == CORE else getattr(user, "EnterpriseUser" if schema == ENTERPRISE else "VuoroUser")
        value = getattr(holder, at, None) if holder is not None else None
        plain = None if value is None else _plain(name, value)
        if plain is not None and plain not in ({}, []):
            said[name] = plain
    return said


def _plain(name: str, value: Any) -> Any:
    if name == "name":
        parts = {"formatted": value.formatted, "givenName": value.given_name, "familyName": value.family_name}
        return {part: text_of(part, said) for part, said in parts.items() if said is not None}
    if name == "emails":
        return _work_mail(value)
    if name == "manager":
        return {"value": text_of(name, value.value)} if value.value else None
    return text_of(name, value) if isinstance(value, str) else value


def _work_mail(emails: list[Any]) -> list[dict[str, Any]]:
    """The one address that is kept: of work or of no kind, the primary one before others; never a private one."""
    kept = [each for each in emails if each.value and (each.type or "work").lower() != "home"]
    if not kept:
        return []
    best = max(kept, key=lambda each: ((each.type or "").lower() == "work", bool(each.primary)))
    entry = {"value": text_of("emails", str(best.value)), "type": best.type and str(best.type), "primary": best.primary}
    return [{part: value for part, value in entry.items() if value is not None}]


def text_of(name: str, value: str) -> str:
    """A text as it is kept; InvalidValueException when it is none that can be."""
    composed = normalize("NFC", value)
    if len(composed) > LONGEST or "\x00" in composed:
        raise InvalidValueException(detail=f"{name} is too long or holds characters that are not text")
    return composed


def told(said: Mapping[str, Any], changed: set[str], user_name: str) -> Told:
    """The columns that follow from these attributes; `said` is all that is known, `changed` what is new.

    What cannot be understood leaves its column as it is, and is named: a whole person must not be refused for a zone.
    """
    found = Told()
    for name in changed & _READERS.keys():
        value = said.get(name)
        column = FIELDS[name][0]
        try:
            found.values[column] = None if value is None else _READERS[name](str(value))
        except ValueRefused as refused:
            if refused.secret:
                raise InvalidValueException(detail=f"{name} {refused.detail}") from None
            found.unclear[name] = refused.code
    if "languages" in found.values:
        found.values["languages"] = found.values["languages"] or {}
    if changed & {"name", "displayName"}:
        found.values |= _names(said, user_name)
    if "emails" in changed:
        found.values["work_email"] = _mail(said.get("emails"))
    if changed & {"site", "country", "timezone"} and not said.get("timezone"):
        site, country = (
            found.values.get("site", said.get("site")),
            found.values.get("country") or country_at(said.get("site")),
        )
        if zone := time_zone_at(site, country):
            found.values["time_zone"] = zone
    return found


def _names(said: Mapping[str, Any], user_name: str) -> dict[str, Any]:
    name = said.get("name") or {}
    given, family = (_line(name.get(part)) for part in ("givenName", "familyName"))
    shown = _line(said.get("displayName")) or _line(name.get("formatted")) or full_name(given or "", family or "")
    return {"given_name": given, "family_name": family, "display_name": shown or user_name[:200]}


def _line(value: str | None) -> str | None:
    try:
        return read_text(value) if value else None
    except ValueRefused:
        return None


def _mail(emails: list[dict[str, Any]] | None) -> str | None:
    if not emails:
        return None
    try:
        return read_mail(emails[0]["value"])
    except ValueRefused as refused:
        raise InvalidValueException(detail=f"emails.value {refused.detail}") from None


def employee_id(value: str | None, name: str) -> str | None:
    """An id as the directory keeps it; InvalidValueException for an identity number, which never is."""
    if not value:
        return None
    try:
        return read_id(value)
    except ValueRefused as refused:
        raise InvalidValueException(detail=f"{name} {refused.detail}") from None


def status_of(said: Mapping[str, Any], before: str) -> tuple[str, str | None]:
    """(status, why it is unclear): the strictest of `active` and `employmentStatus`; nothing said changes nothing."""
    word, unclear = said.get("employmentStatus"), None
    status = None
    try:
        status = read_status(word) if word else None
    except ValueRefused as refused:
        unclear = refused.code
    if said.get("active") is False or status == "left":
        return "left", unclear
    if said.get("active") is None and status is None:
        return before, unclear
    if status == "leave":
        return "leave", unclear
    return ("active" if before == "left" or status == "active" else before), unclear


def attributes_of(row: Any) -> dict[str, Any]:
    """What is known of a person, by attribute: as the connection said it, or else as the directory has it."""
    said = row.said or {}
    linked = row.said is not None
    found: dict[str, Any] = {
        "name": {
            part: value
            for part, value in (("givenName", row.given_name), ("familyName", row.family_name))
            if value is not None
        },
        "displayName": row.display_name,
        "title": row.title,
        "timezone": row.time_zone,
        "preferredLanguage": row.preferred_language,
        "active": row.status != "left",
        "emails": row.work_email and [{"value": row.work_email, "type": "work", "primary": True}],
        "employeeNumber": None if linked else row.external_id,
        "costCenter": row.cost_center,
        "division": row.division,
        "department": row.department,
        "manager": _manager(row),
        "jobLevel": row.job_level,
        "team": row.team,
        "site": row.site,
        "country": row.country,
        "languages": ", ".join(f"{code} {level}" for code, level in row.languages.items()),
        "employmentStatus": "leave" if row.status == "leave" else None,
        "hireOn": row.hire_on and row.hire_on.isoformat(),
        "endOn": row.end_on and row.end_on.isoformat(),
    }
    if row.graph_only:
        found = {name: value for name, value in found.items() if name in GRAPH_ONLY}
    found |= said
    if said.get("active") is not None:
        found["active"] = row.status != "left"
    return {name: value for name, value in found.items() if value not in (None, "", {}, []) or said.get(name) == ""}


def _manager(row: Any) -> dict[str, Any] | None:
    value = str(row.manager_id) if row.manager_id else row.manager_external_id
    return {"value": value} if value else None


def resource(row: Any, groups: list[dict[str, Any]] | None = None) -> Any:
    """The SCIM resource of a person's row, with the groups when they were asked for."""
    found = attributes_of(row)
    if found.get("manager") and row.manager_id:
        found["manager"] = {**found["manager"], "$ref": f"Users/{row.manager_id}"}
    core: dict[str, Any] = {"userName": row.user_name, "externalId": row.client_external_id, "groups": groups}
    extensions: dict[str, dict[str, Any]] = {}
    for name, value in found.items():
        (core if PLACES[name][0] == CORE else extensions.setdefault(PLACES[name][0], {}))[name] = value
    user = USER_MODEL.model_validate({"schemas": [CORE, *extensions], **core, **extensions})
    user.id = str(row.id)
    user.meta = meta(USER_TYPE.name, row.created_at, row.updated_at, row.version)
    return user


def meta(kind: str | None, created: datetime, changed: datetime, version: int) -> Meta:
    """When a resource came and changed, and its version."""
    return Meta(resource_type=kind, created=created, last_modified=changed, version=_etag(version))


def _etag(version: int) -> str:
    return f'W/"{version}"'


def require_version(version: int, expected: str | None) -> None:
    """PreconditionFailedException when another version than the one of now was expected."""
    if expected not in (None, _etag(version)):
        raise PreconditionFailedException
