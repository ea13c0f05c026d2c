"""Every way to say no, in SCIM's words."""

import asyncpg
from scim2_models import (
    ConflictException,
    ForbiddenException,
    InvalidValueException,
    NotFoundException,
    SCIMException,
    UnauthorizedException,
    UniquenessException,
)
from sqlalchemy.exc import DBAPIError

from vuoro.core.away import is_away, sqlstate
from vuoro.core.errors import Conflict, Fault, Forbidden, NotFound, Unauthenticated
from vuoro.people.moves import ManagerCycle
from vuoro.people.provision import ExternalIdTaken


class ServiceAway(SCIMException):
    """The database does not answer; nothing was done."""

    status = 503
    _default_detail = "The service does not answer just now. Nothing was changed; please try again."


class Paused(ForbiddenException):
    """An admin paused the connection."""

    _default_detail = "This connection is paused. An admin of Vuoro can let it go on."


def as_scim(exception: Exception) -> Exception:
    """The SCIM error that an exception stands for; a bug stays what it is, and answers 500."""
    if isinstance(exception, SCIMException):
        return exception
    if isinstance(exception, ManagerCycle):
        return InvalidValueException(detail="manager: somebody would report to themselves, directly or further up")
    if isinstance(exception, ExternalIdTaken):
        return UniquenessException(detail=exception.detail)
    if isinstance(exception, Fault):
        return _of_fault(exception)
    if is_away(exception):
        return ServiceAway()
    if isinstance(exception, DBAPIError | asyncpg.PostgresError):
        return _of_database(exception)
    return exception


def _of_fault(fault: Fault) -> SCIMException:
    if isinstance(fault, Unauthenticated):
        return UnauthorizedException(detail=fault.detail)
    if isinstance(fault, Forbidden):
        return ForbiddenException(detail=fault.detail)
    if isinstance(fault, NotFound):
        return NotFoundException(detail=fault.detail)
    if isinstance(fault, Conflict):
        return ConflictException(detail=fault.detail)
    found = InvalidValueException(detail=fault.detail) if fault.status == 422 else SCIMException(detail=fault.detail)
    found.status = 400 if fault.status == 422 else fault.status
    return found


def _of_database(error: Exception) -> Exception:
    state = sqlstate(error)
    if state == "23505":
        return UniquenessException()
    if state.startswith("23"):
        return ConflictException()
    if state.startswith("22"):
        return InvalidValueException(detail="A value has characters or numbers that cannot be kept")
    return error


def code_of(exception: Exception) -> str:
    """Our own code of an exception, for the log."""
    if isinstance(exception, Fault):
        return exception.code
    cause = as_scim(exception)
    name = type(cause).__name__.removesuffix("Exception")
    return "".join(f"_{sign.lower()}" if sign.isupper() and at else sign.lower() for at, sign in enumerate(name))
