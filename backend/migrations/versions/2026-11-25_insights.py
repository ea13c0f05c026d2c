"""Idea seeds, candid messages, thought boards, takeaways, action items."""

import sqlalchemy as sa
from alembic import op
from walls import PERSON, member, protect, seal

revision = "insights_2"
down_revision = "feedback_2"
branch_labels = None
depends_on = None

# What the worker may read to keep things tidy: never a ciphertext, an answer or a tone. It deletes for retention.
WORKER = {
    "thoughts": "session_id, pair_id, author_id, visibility, version, created_at, updated_at",
    "takeaways": "session_id, pair_id, author_id, visibility, version, created_at, updated_at",
    "action_items": "session_id, pair_id, owner, due_on, done_at, version, created_at, updated_at",
    "thanks": "session_id, pair_id, author_id, version, created_at, updated_at",
    "idea_seeds": "author_id, version, created_at, updated_at",
    "candid_messages": "pair_id, author_id, state, given_at, answered_at, version, created_at, updated_at",
}
AUTHORED = ("thoughts", "takeaways", "thanks", "candid_messages")
OWN = f"author_id = {PERSON}"
# What is shared (`visibility` or `state` says so) is read by the pair; the rest by its author.
SHARED = {
    "thoughts": "visibility = 'ours'",
    "takeaways": "visibility = 'ours'",
    "candid_messages": "state <> 'draft'",
}


def upgrade() -> None:
    op.create_table(
        "candid_messages",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("tone", sa.TEXT(), nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.TEXT(), nullable=True),
        sa.Column("answer_text", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["people.organization_id", "people.id"],
            name=op.f("candid_messages_organization_id_author_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("candid_messages_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("candid_messages_pkey")),
    )
    op.create_index(
        "candid_messages_author_idx", "candid_messages", ["organization_id", "author_id", "id"], unique=False
    )
    op.create_index("candid_messages_pair_idx", "candid_messages", ["organization_id", "pair_id", "id"], unique=False)
    op.create_table(
        "action_items",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.TEXT(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("action_items_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("action_items_organization_id_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("action_items_pkey")),
    )
    op.create_index(
        "action_items_pair_idx", "action_items", ["organization_id", "pair_id", "due_on", "id"], unique=False
    )
    op.create_index(
        "action_items_session_idx", "action_items", ["organization_id", "session_id", "due_on", "id"], unique=False
    )
    op.create_table(
        "idea_seeds",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("prompt_key", sa.TEXT(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("brought_to_session_id", sa.UUID(), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["people.organization_id", "people.id"],
            name=op.f("idea_seeds_organization_id_author_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "brought_to_session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("idea_seeds_organization_id_brought_to_session_id_fkey"),
            ondelete="SET NULL (brought_to_session_id)",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("idea_seeds_pkey")),
    )
    op.create_index("idea_seeds_author_idx", "idea_seeds", ["organization_id", "author_id", "id"], unique=False)
    op.create_table(
        "takeaways",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("visibility", sa.TEXT(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["people.organization_id", "people.id"],
            name=op.f("takeaways_organization_id_author_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("takeaways_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("takeaways_organization_id_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("takeaways_pkey")),
    )
    op.create_index("takeaways_author_idx", "takeaways", ["organization_id", "author_id", "id"], unique=False)
    op.create_index("takeaways_session_idx", "takeaways", ["organization_id", "session_id", "id"], unique=False)
    op.create_table(
        "thanks",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=True),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["people.organization_id", "people.id"],
            name=op.f("thanks_organization_id_author_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("thanks_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("thanks_organization_id_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("thanks_pkey")),
    )
    op.create_index("thanks_pair_idx", "thanks", ["organization_id", "pair_id", "id"], unique=False)
    op.create_table(
        "thoughts",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("lane", sa.TEXT(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("visibility", sa.TEXT(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["people.organization_id", "people.id"],
            name=op.f("thoughts_organization_id_author_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("thoughts_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("thoughts_organization_id_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("thoughts_pkey")),
    )
    op.create_index(
        "thoughts_session_idx", "thoughts", ["organization_id", "session_id", "position", "id"], unique=False
    )

    op.add_column("notes", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notes", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("notes", sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update notes set updated_at = created_at")
    op.alter_column("notes", "version", server_default=None)
    op.alter_column("notes", "updated_at", nullable=False)
    op.create_index("notes_pair_idx", "notes", ["organization_id", "pair_id", "id"], unique=False)
    op.execute("grant select (version, updated_at, edited_at) on notes to vuoro_worker")
    only_author("notes", "delete")

    for table, columns in WORKER.items():
        protect(table, worker=f"select (organization_id, id, {columns}), delete")
    for table, shared in SHARED.items():
        seal(table, f"{OWN} or ({shared} and {member(table)})", f"{member(table)} and ({OWN} or {shared})")
    seal("action_items", member("action_items"))
    seal("thanks", member("thanks"))
    seal("idea_seeds", OWN)
    for table in AUTHORED:
        only_author(table, "insert")
        only_author(table, "delete")


def only_author(table: str, command: str) -> None:
    """A third wall: both read and move what is shared, but write and delete in their own name alone."""
    clause = "with check" if command == "insert" else "using"
    op.execute(f"create policy author_{command} on {table} as restrictive for {command} to vuoro_app {clause} ({OWN})")


def downgrade() -> None:
    op.execute("drop policy author_delete on notes")
    op.drop_index("notes_pair_idx", table_name="notes")
    op.drop_column("notes", "updated_at")
    op.drop_column("notes", "version")
    op.drop_column("notes", "edited_at")
    op.drop_index("thoughts_session_idx", table_name="thoughts")
    op.drop_table("thoughts")
    op.drop_index("thanks_pair_idx", table_name="thanks")
    op.drop_table("thanks")
    op.drop_index("takeaways_session_idx", table_name="takeaways")
    op.drop_index("takeaways_author_idx", table_name="takeaways")
    op.drop_table("takeaways")
    op.drop_index("idea_seeds_author_idx", table_name="idea_seeds")
    op.drop_table("idea_seeds")
    op.drop_index("action_items_session_idx", table_name="action_items")
    op.drop_index("action_items_pair_idx", table_name="action_items")
    op.drop_table("action_items")
    op.drop_index("candid_messages_pair_idx", table_name="candid_messages")
    op.drop_index("candid_messages_author_idx", table_name="candid_messages")
    op.drop_table("candid_messages")
