"""Everything that reacts to a fact, imported once by the API and the worker: guards in the transaction, jobs later."""

from vuoro.analytics import jobs as analytics
from vuoro.core import audit_chain
from vuoro.feedback import jobs as feedback
from vuoro.hris import jobs as hris
from vuoro.matching import by_hand, cascade
from vuoro.matching import jobs as matching
from vuoro.notifications import invitations as session_invitations
from vuoro.notifications import jobs as notifications
from vuoro.pairs import agreement, closing, leaving, overrides, staying
from vuoro.pairs import guard as pairs
from vuoro.pairs import jobs as pair_jobs
from vuoro.privacy import jobs as privacy
from vuoro.programs import invitations
from vuoro.programs.board import announcements as program_announcements
from vuoro.programs.planning import cohorts as program_cohorts
from vuoro.sessions import invites
from vuoro.sessions import jobs as sessions
from vuoro.webhooks import jobs as webhooks

__all__ = [
    "agreement", "analytics", "audit_chain", "by_hand", "cascade", "closing", "feedback", "hris", "invitations",
    "invites", "leaving", "matching", "notifications", "overrides", "pair_jobs", "pairs", "privacy",
    "program_announcements", "program_cohorts", "session_invitations", "sessions", "staying", "webhooks",
]  # fmt: skip
