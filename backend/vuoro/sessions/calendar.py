"""Sessions as calendars show them: to one of the two, in their language, and nothing of what the two talk about."""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from vuoro.core.calendars import Entry
from vuoro.core.settings import settings
from vuoro.core.words import translate
from vuoro.pairs.models import Pair
from vuoro.people.models import Person
from vuoro.sessions.models import Session
from vuoro.sessions.states import OPEN, PAIR_TALKS


# The extractor of Babel looks for this name.
def _(text: str) -> str:
    return text


_Gone = aliased(Person)
MEETING = _("Mentoring talk with {partner}")
PROPOSED = _("Proposed time: mentoring talk with {partner}")
WHERE_TO = _("Move or cancel it in Vuoro. What you answer in the calendar reaches nobody.")


def takes_place() -> ColumnElement[bool]:
    """Whether an open session is still meant to be, within a query of sessions and their pairs.

    Not when the pair is on hold or over, nor when one of the two has left. A break leaves what was agreed.
    """
    gone = exists().where(
        _Gone.organization_id == Pair.organization_id,
        or_(_Gone.id == Pair.mentor_id, _Gone.id == Pair.mentee_id),
        or_(_Gone.status == "left", _Gone.graph_only),
    )
    return and_(Session.state.in_(OPEN), Pair.state.in_(PAIR_TALKS), ~gone)


def page_of(session: Session) -> str:
    """Where Vuoro shows the session."""
    return f"{settings().public_url}/sessions/{session.id}"


def entry(session: Session, partner: str, locale: str, *, sequence: int = 0, withdrawn: bool = False) -> Entry:
    """One session for the calendar of whoever meets `partner`; its id is the same for as long as the session lives."""
    proposed = session.state == "proposed"
    return Entry(
        uid=f"{session.id}@vuoro",
        sequence=sequence,
        summary=translate(locale, PROPOSED if proposed else MEETING, partner=partner),
        about=[translate(locale, WHERE_TO), page_of(session)],
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        changed_at=session.updated_at,
        status="CANCELLED" if withdrawn else "TENTATIVE" if proposed else "CONFIRMED",
        place=session.place,
        meeting_url=session.meeting_url,
        page=page_of(session),
    )
