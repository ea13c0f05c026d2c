"""Everything that reacts to a fact, imported once by the API and the worker: guards in the transaction, jobs later."""

from vuoro.feedback import jobs as feedback
from vuoro.hris import jobs as hris
from vuoro.matching import jobs as matching
from vuoro.notifications import jobs as notifications
from vuoro.pairs import guard as pairs
from vuoro.programs.board import announcements as program_announcements
from vuoro.programs.planning import cohorts as program_cohorts
from vuoro.sessions import jobs as sessions

__all__ = [
    "feedback", "hris", "matching", "notifications", "pairs", "program_announcements", "program_cohorts", "sessions",
]  # fmt: skip
