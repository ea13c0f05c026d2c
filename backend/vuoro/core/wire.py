"""Shapes that several domains send."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints

from vuoro.core.words import Localized

__all__ = ["Allowed", "Can", "Email", "In", "Localized", "Moment", "Out", "Params", "can", "changes"]


class In(BaseModel):
    """Base of what clients send: an unknown field is an error, text is trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(BaseModel):
    """Base of what the service sends: every field always present."""

    model_config = ConfigDict(frozen=True, defer_build=True)


def _rfc3339(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Email = Annotated[
    str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254, to_lower=True, strip_whitespace=True)
]
Moment = Annotated[datetime, PlainSerializer(_rfc3339, return_type=str)]


class Allowed(Out):
    """Whether the caller may do a thing now, and if not, why (a stable code)."""

    allowed: bool
    reason: str | None


Can = dict[str, Allowed]


def _known(values: object) -> object:
    return {name: one for name, one in values.items() if one is not None} if isinstance(values, dict) else values


# Of a problem, a reason or an action: texts, whole numbers, yes or no, and lists; what is not known is left out.
Params = Annotated[dict[str, Any], BeforeValidator(_known)]


def can(**actions: str | bool | None) -> Can:
    """The `can` of an object: True allows, a text forbids with that reason, False or None leaves the action out."""
    return {
        name: Allowed(allowed=value is True, reason=None if value is True else str(value))
        for name, value in actions.items()
        if value
    }


def changes(patch: BaseModel) -> dict[str, Any]:
    """The fields that a merge-patch names, with their new values (None clears)."""
    return {name: getattr(patch, name) for name in patch.model_fields_set}
