"""Tables of idea seeds and candid messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import TEXT, ColumnElement, Index, or_
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.insights.states import Answer, CandidState, Tone
from vuoro.sessions.models import PairContent


class IdeaSeed(Versioned, TenantModel):
    """A thought from somebody's own week, for their eyes alone; encrypted with the person's key.

    `brought_to_session_id` is the last session whose thought board it was put on.
    """

    __tablename__ = "idea_seeds"
    author_id: Mapped[UUID]
    prompt_key: Mapped[str | None]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    brought_to_session_id: Mapped[UUID | None]
    brought_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        tenant_fk("brought_to_session_id", "sessions", ondelete="SET NULL (brought_to_session_id)"),
        Index("idea_seeds_author_idx", "organization_id", "author_id", "id"),
    )


class CandidMessage(PairContent):
    """Something hard to say, put well; the states are in insights/states.py.

    `parts` (situation, behaviour and impact as JSON) stay under the author's key for ever. `text` is under the author's
    key while it is a draft, and under the pair's once it is given; so is `answer_text`.
    """

    __tablename__ = "candid_messages"
    author_id: Mapped[UUID]
    state: Mapped[CandidState] = mapped_column(TEXT, default="draft")
    tone: Mapped[Tone] = mapped_column(TEXT)
    parts: Mapped[Sealed] = mapped_column(Encrypted)
    given_at: Mapped[datetime | None]
    answer: Mapped[Answer | None] = mapped_column(TEXT)
    answer_text: Mapped[Sealed | None] = mapped_column(Encrypted)
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        Index("candid_messages_pair_idx", "organization_id", "pair_id", "id"),
        Index("candid_messages_author_idx", "organization_id", "author_id", "id"),
    )

    @property
    def sealed_by(self) -> tuple[str, UUID]:
        """Whose key opens the text."""
        return ("person", self.author_id) if self.state == "draft" else ("pair", self.pair_id)

    @classmethod
    def readable_by(cls, person_id: UUID | None) -> ColumnElement[bool]:
        """Condition: this one of the pair may read it."""
        return or_(cls.author_id == person_id, cls.state != "draft")
