"""What can go wrong, as RFC 9457 problems. Domains name their own errors after the fact, as subclasses."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from vuoro.core.wire import Params


class ProblemError(BaseModel):
    """One fault in the input, with the place it stands in."""

    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """The body of every answer that is not a success (application/problem+json)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is nothing here that you may see.",
                    "instance": "urn:uuid:0197f3a0-0000-7000-8000-000000000000",
                    "code": "not_found",
                    "params": {},
                    "errors": [],
                }
            ]
        }
    )
    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    params: Params
    errors: list[ProblemError]


class Fault(Exception):
    """A problem to answer with. `detail` is English; the web app translates by `code` and `params`."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "Bad request"
    text: ClassVar[str] = "The request cannot be understood."

    def __init__(
        self,
        detail: str | None = None,
        *,
        params: dict[str, Any] | None = None,
        errors: list[ProblemError] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.text)
        self.detail = detail or self.text
        self.params = params or {}
        self.errors = errors or []
        self.headers = headers or {}

    def problem(self, instance: str) -> Problem:
        """The answer's body; `instance` is the request's id as a URN."""
        return Problem(
            type="about:blank",
            title=self.title,
            status=self.status,
            detail=self.detail,
            instance=instance,
            code=self.code,
            params=self.params,
            errors=self.errors,
        )


class Unauthenticated(Fault):
    """No sign-in, or one that has ended."""

    status, code, title = 401, "unauthenticated", "Please sign in"
    text = "This needs a sign-in, or yours has ended."


class Forbidden(Fault):
    """The caller sees the thing and may not do this to it."""

    status, code, title = 403, "forbidden", "Not allowed"
    text = "You may see this, and may not do that."


class NotFound(Fault):
    """Missing, or invisible to the caller: the two look alike on purpose."""

    status, code, title = 404, "not_found", "Not found"
    text = "There is nothing here that you may see."


class Conflict(Fault):
    """The state of things does not allow it now."""

    status, code, title = 409, "conflict", "Not possible now"
    text = "This clashes with what is already there."


class IllegalTransition(Conflict):
    """A step that the state table does not have; names the legal ones."""

    code = "illegal_transition"

    def __init__(self, state: str, legal: list[str]) -> None:
        names = ", ".join(legal) or "none"
        super().__init__(f"This is {state}; possible now: {names}.", params={"state": state, "legal": legal})


class PreconditionFailed(Fault):
    """If-Match names an older version."""

    status, code, title = 412, "precondition_failed", "Somebody was faster"
    text = "This has changed since you read it. Read it again, then repeat your change."


class PayloadTooLarge(Fault):
    """The body is larger than allowed."""

    status, code, title = 413, "payload_too_large", "Too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} bytes can be sent here.", params={"limit": limit})


class Invalid(Fault):
    """Well-formed input that cannot be used; `errors` name the places."""

    status, code, title = 422, "validation_failed", "Something in the input needs a change"
    text = "Something in the input needs a change."

    @classmethod
    def at(cls, pointer: str, code: str, detail: str) -> "Invalid":
        """One fault at one place, a JSON pointer into the body or `#/query/name`."""
        return cls(detail, errors=[ProblemError(pointer=pointer, code=code, detail=detail)])


class IdempotencyKeyReused(Invalid):
    """The key came before with another request."""

    code, title = "idempotency_key_reused", "Key already used"
    text = "This Idempotency-Key came before with another request. Use a new one."


class PreconditionRequired(Fault):
    """If-Match is missing."""

    status, code, title = 428, "precondition_required", "If-Match is missing"
    text = "Send the ETag that you read as If-Match, so that nobody's change is lost."


class RateLimited(Fault):
    """Too many requests."""

    status, code, title = 429, "rate_limited", "Too many requests"

    def __init__(self, retry_after: float) -> None:
        seconds = max(1, int(retry_after + 0.999))
        super().__init__(
            f"Please wait {seconds} s.", params={"seconds": seconds}, headers={"Retry-After": str(seconds)}
        )


class DatabaseUnavailable(Fault):
    """The database does not answer."""

    status, code, title = 503, "database_unavailable", "Back in a moment"
    text = "The database does not answer just now. Nothing was changed; please try again."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class Busy(Fault):
    """So much is being worked out already that one more question would hold everybody up."""

    status, code, title = 503, "busy", "Busy"
    text = "Something long is being worked out just now. Please ask again in a moment."

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})
