"""Webhook endpoints and their deliveries on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from vuoro.core.fields import LINE, Instant
from vuoro.core.wire import Can, In, Moment, Out
from vuoro.webhooks.events import EventType
from vuoro.webhooks.models import DeliveryState, OffBecause

Url = Annotated[
    str,
    StringConstraints(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$"),
    Field(
        json_schema_extra={"format": "uri"},
        description="https; plain http and inner networks only where VUORO_OUTWARD_ALLOW names the host",
    ),
]
Types = Annotated[list[EventType], Field(min_length=1, max_length=100)]
AttemptError = Literal["refused", "no_answer", "redirect", "status", "gone"]
_EXAMPLE: JsonValue = {"url": "https://hooks.example.com/vuoro", "event_types": ["person.left", "program.moved"]}


class WebhookEndpointIn(In):
    """An address that is to get events. `program_id`: of that programme alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})
    url: Url
    event_types: Types
    description: str = Field("", max_length=200, pattern=LINE)
    program_id: UUID | None = None


class WebhookEndpointPatch(In):
    """What of an endpoint changes. `on` false: nothing is sent, and what waited has failed."""

    url: Url = ""
    event_types: Types = Field(default_factory=list)
    description: str = Field("", max_length=200, pattern=LINE)
    program_id: UUID | None = None
    on: bool = True


class WebhookEndpointOut(Out):
    """An address that gets events.

    `secret` is there in the answer that made it, and null ever after. `off_because` is null while it is on; `gone`: it
    answered 410; `failing`: nothing arrived for three days. `waiting` and `failed` count its deliveries.
    """

    id: UUID
    url: str
    description: str
    event_types: list[EventType]
    program_id: UUID | None
    secret: str | None
    old_secret_until: Moment | None
    off_because: OffBecause | None
    failing_since: Moment | None
    waiting: int
    failed: int
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class WebhookEndpointPage(Out):
    """One page of endpoints."""

    items: list[WebhookEndpointOut]
    next_cursor: str | None


class WebhookRotateIn(In):
    """How long the secret of now stays good beside the new one; 0 ends every older one at once."""

    keep_old_hours: int = Field(24, ge=0, le=168)


class WebhookReplayIn(In):
    """Since when what failed is sent again."""

    since: Instant


class WebhookAttemptOut(Out):
    """One try. `error` is null when it arrived; what the receiver answered is not kept, but for its status."""

    at: Moment
    status: int | None
    duration_ms: int
    error: AttemptError | None
    detail: str | None


class WebhookDeliveryOut(Out):
    """One event for one endpoint. `event_id` is the header webhook-id; `withheld`: a mentor's consent was taken back.

    `attempts` are the newest twenty, the last one last.
    """

    id: UUID
    event_id: UUID
    event_type: EventType
    state: DeliveryState
    happened_at: Moment
    next_attempt_at: Moment | None
    attempts: list[WebhookAttemptOut]
    can: Can


class WebhookDeliveryPage(Out):
    """One page of deliveries, newest first."""

    items: list[WebhookDeliveryOut]
    next_cursor: str | None
