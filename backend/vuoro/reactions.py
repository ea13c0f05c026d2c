"""Everything that reacts to a fact, imported once by the API and the worker: guards in the transaction, jobs later."""

from vuoro.feedback import jobs as feedback
from vuoro.hris import jobs as hris
from vuoro.matching import jobs as matching
from vuoro.notifications import jobs as notifications
from vuoro.pairs import guard as pairs
from vuoro.pairs import leaving
from vuoro.programs import invitations as programs
from vuoro.sessions import jobs as sessions

__all__ = ["feedback", "hris", "leaving", "matching", "notifications", "pairs", "programs", "sessions"]
