"""Table of the sealed balance pulse."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, tenant_fk

ITEMS = ("said_what_i_thought", "my_topics_too", "listened_to", "learned", "would_do_again")


class Pulse(TenantModel):
    """One person's answer after one session: scores in numbers, the comment encrypted with the person's key."""

    __tablename__ = "pulses"
    session_id: Mapped[UUID]
    pair_id: Mapped[UUID]
    person_id: Mapped[UUID]
    side: Mapped[str]
    said_what_i_thought: Mapped[int] = mapped_column(SmallInteger)
    my_topics_too: Mapped[int] = mapped_column(SmallInteger)
    listened_to: Mapped[int] = mapped_column(SmallInteger)
    learned: Mapped[int] = mapped_column(SmallInteger)
    would_do_again: Mapped[int] = mapped_column(SmallInteger)
    balance: Mapped[int] = mapped_column(SmallInteger)
    open_if_both: Mapped[bool]
    comment: Mapped[Sealed | None] = mapped_column(Encrypted)
    opened_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "session_id", "person_id"),
        Index("pulses_pair_idx", "organization_id", "pair_id"),
        *(CheckConstraint(f"{item} between 1 and 5", name=item) for item in ITEMS),
        CheckConstraint("balance between 0 and 100", name="balance"),
    )
