"""Every event that may leave, in one table: what is not here never does (docs/decisions/21-what-leaves.md)."""

from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, create_model

from vuoro.core.wire import Moment, Out

EventType = Literal[
    "person.created", "person.changed", "person.left", "person.erased", "import.applied", "import.undone",
    "program.created", "program.changed", "program.moved", "cohort.opened", "cohort.closed",
    "match_run.finished", "match_run.published",
    "pair.shared", "pair.unshared", "pair.paused", "pair.resumed", "pair.suspended", "pair.returned", "pair.closing",
    "pair.completed", "pair.ended", "pair.stays_in_touch",
    "survey.published", "feedback.published", "webhook.test",
]  # fmt: skip
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)


class PersonEventData(Out):
    """Whom of the directory it is about; `version` grows with every change."""

    person_id: UUID
    version: int


class ImportEventData(Out):
    """The upload that was written to the directory; its rows say what changed."""

    import_id: UUID


class ProgramEventData(Out):
    """The programme."""

    program_id: UUID
    version: int


class CohortEventData(Out):
    """The cohort and its programme."""

    cohort_id: UUID
    program_id: UUID
    version: int


class MatchRunEventData(Out):
    """The match run and its programme."""

    match_run_id: UUID
    program_id: UUID
    version: int


class PairEventData(Out):
    """A pair whose mentor allows that it leaves Vuoro, and its programme."""

    pair_id: UUID
    program_id: UUID
    version: int


class SurveyEventData(Out):
    """The survey and its programme."""

    survey_id: UUID
    program_id: UUID
    version: int


class FeedbackEventData(Out):
    """The programme with new published figures (groups of five or more)."""

    program_id: UUID


class WebhookTestEventData(Out):
    """The endpoint that an admin tries."""

    endpoint_id: UUID


@dataclass(frozen=True, slots=True)
class Event:
    """One type: the outbox facts that it comes of, its data, and when it is sent, in one sentence."""

    name: EventType
    facts: tuple[str, ...]
    data: type[BaseModel]
    when: str

    @property
    def subject(self) -> str:
        """What it is about, as `person` or `match_run`."""
        return self.name.partition(".")[0]


def _of(data: type[BaseModel], *rows: tuple[EventType, str] | tuple[EventType, str, str]) -> list[Event]:
    return [Event(name, (name, *more), data, when) for name, when, *more in rows]


EVENTS: dict[str, Event] = {
    event.name: event
    for event in (
        *_of(
            PersonEventData,
            ("person.created", "Somebody was added to the directory, one by one."),
            ("person.changed", "Somebody's data, manager or status in the directory changed, one by one."),
            ("person.left", "Somebody left the organization, by whatever way it was told."),
            ("person.erased", "Somebody's data was erased: delete what you hold of them, pairs too."),
        ),
        *_of(
            ImportEventData,
            ("import.applied", "An upload was written to the directory, in one step."),
            ("import.undone", "An upload was taken back: read the directory anew."),
        ),
        *_of(
            ProgramEventData,
            ("program.created", "A programme was made, as a draft."),
            ("program.changed", "Name, purpose, days or settings of a programme changed."),
            ("program.moved", "A programme moved on to another state."),
        ),
        *_of(
            CohortEventData,
            ("cohort.opened", "People may join a cohort."),
            ("cohort.closed", "Nobody joins a cohort any more."),
        ),
        *_of(
            MatchRunEventData,
            ("match_run.finished", "A match run is done, was stopped or failed; nobody was asked yet."),
            ("match_run.published", "A programme manager published a match run."),
        ),
        *_of(
            PairEventData,
            ("pair.shared", "A mentor allowed that their pair leaves Vuoro: from now on it can be read."),
            ("pair.unshared", "A mentor took that back: delete what you hold of the pair."),
            ("pair.paused", "A shared pair takes a break.", "pair.left"),
            ("pair.resumed", "A shared pair goes on after a break."),
            ("pair.suspended", "A shared pair is on hold, since the organization changed."),
            ("pair.returned", "A shared pair goes on after being on hold."),
            ("pair.closing", "A shared pair has held its sessions, or its programme closes."),
            ("pair.completed", "A shared pair is completed."),
            ("pair.ended", "A shared pair ended before its time."),
            ("pair.stays_in_touch", "A shared pair meets on at will."),
        ),
        *_of(SurveyEventData, ("survey.published", "A survey asks people.")),
        *_of(FeedbackEventData, ("feedback.published", "A closed round of answers was published as figures.")),
        *_of(WebhookTestEventData, ("webhook.test", "An admin tries an endpoint.")),
    )
}
#: Pairs leave with the mentor's consent alone; this one tells that it was taken back.
WITHOUT_CONSENT = "pair.unshared"


def _envelope(event: Event) -> type[BaseModel]:
    name = "".join(word.title() for word in event.name.replace(".", "_").split("_")) + "Event"
    fields: dict[str, Any] = {
        "type": (Literal[event.name], ...),
        "timestamp": (Moment, ...),
        "data": (event.data, ...),
    }
    return create_model(name, __base__=Out, __doc__=event.when, **fields)


BODIES: dict[str, type[BaseModel]] = {name: _envelope(event) for name, event in EVENTS.items()}
