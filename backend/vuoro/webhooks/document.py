"""The events as the contract shows them, under OpenAPI's `webhooks`."""

from typing import Any

from vuoro.webhooks.events import BODIES, EVENTS, Event

_EXAMPLE_IDS = "0197f3a0-0000-7000-8000-{:012d}"
_HEADERS = {
    "webhook-id": "The event's id, the same at every attempt and replay: take an event once.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970: refuse what is older than five minutes.",
    "webhook-signature": "`v1,` and base64 of an HMAC-SHA256, one for each live secret, with spaces between.",
}


def webhooks() -> dict[str, Any]:
    """One entry a type, whose body is a named schema with an example."""
    return {name: {"post": _operation(event)} for name, event in EVENTS.items()}


def _operation(event: Event) -> dict[str, Any]:
    body = BODIES[event.name]
    return {
        "operationId": event.name.replace(".", "_") + "_event",
        "summary": event.when.partition(":")[0].rstrip("."),
        "description": f"{event.when} Signed by Standard Webhooks; in no promised order; see docs/webhooks.md.",
        "tags": ["machines"],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
            for name, text in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{body.__name__}"},
                    "example": example(event),
                }
            },
        },
        "responses": {
            "200": {"description": "Taken; any status from 200 to 299 says so"},
            "410": {"description": "Nobody listens here any more: the endpoint is turned off"},
        },
    }


def example(event: Event) -> dict[str, Any]:
    """What an event of this type looks like."""
    data: dict[str, Any] = {
        name: 3 if name == "version" else _EXAMPLE_IDS.format(number)
        for number, name in enumerate(event.data.model_fields, 1)
    }
    return {"type": event.name, "timestamp": "2026-11-26T09:00:00.000Z", "data": data}
