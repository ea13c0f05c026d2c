"""Every table, imported for the migrations; composes and is imported by nothing but migrations and tests."""

from vuoro.core import audit_chain, crypto, files, history, idempotency, outbox
from vuoro.core.db import Model
from vuoro.feedback import models as feedback
from vuoro.hris import models as hris
from vuoro.hris.scim import models as scim
from vuoro.identity import models as identity
from vuoro.insights import models as insights
from vuoro.matching import models as matching
from vuoro.notifications import models as notifications
from vuoro.pairs import models as pairs
from vuoro.people import models as people
from vuoro.privacy import models as privacy
from vuoro.programs import models as programs
from vuoro.sessions import models as sessions
from vuoro.webhooks import models as webhooks

__all__ = [
    "audit_chain", "crypto", "feedback", "files", "history", "hris", "idempotency", "identity", "insights", "matching",
    "notifications", "outbox", "pairs", "people", "privacy", "programs", "scim", "sessions", "webhooks",
]  # fmt: skip
metadata = Model.metadata
