"""Every column of every table has a class, a purpose, an owner and a rule of retention."""

from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table
from support.privacy_page import page

from vuoro.core.crypto import Encrypted
from vuoro.privacy import classes, retention
from vuoro.tables import metadata


def unclassified(found: MetaData) -> list[str]:
    """Columns without a class, and classes without a column."""
    real = {f"{table.fullname}.{column.name}" for table in found.tables.values() for column in table.columns}
    told = {f"{table.name}.{column}" for table in classes.tables().values() for column in table.columns}
    implied = {f"{table.name}.{column}" for table in classes.tables().values() for column in classes._ALWAYS}
    return sorted((real - told) | (told - implied - real))


def test_every_column_of_every_table_has_a_class():
    assert unclassified(metadata) == []


def test_a_new_column_without_a_class_is_found():
    planted = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(planted)
    Table("notes", planted, Column("mood", Integer), extend_existing=True)
    Table("diaries", planted, Column("id", Integer))
    assert unclassified(planted) == ["diaries.id", "notes.mood"]


def test_every_table_says_what_for_how_long_and_what_an_erasure_does():
    for table in classes.tables().values():
        assert table.purpose, table.name
        assert table.keep in retention.RULES, table.name
        assert table.erase[0][0] in {
            "rows", "side", "mentor", "mentee", "pair", "enrollment", "blank", "id", "none"
        }, table.name  # fmt: skip
        about_people = table.in_class(*classes.GIVEN, "withheld")
        assert bool(table.of) == bool(set(about_people) - {"created_at"}) or table.keep in (
            "tokens", "minutes", "figures", "person"
        ), table.name  # fmt: skip


def test_every_table_whose_rule_has_days_is_swept():
    elsewhere = {
        "auth.tokens", "auth.challenges", "auth.passkeys", "auth.accounts", "app_consents", "auth.rate_limits",
        "files", "imports", "people", "dotted_lines", "preferences", "grants",
        "scim_users", "scim_members", "scim_given",
        "delegations", "enrollments", "pairs", "pair_overrides", "match_runs", "session_moves",
        "calendar_invites",
    }  # fmt: skip
    timed = {table.name for table in classes.tables().values() if retention.RULES[table.keep] is not None}
    assert timed - retention.GONE.keys() == elsewhere


def test_an_encrypted_column_is_words_and_says_whose_key_opens_it():
    sealed = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }
    told = {(table.name, column) for table in classes.tables().values() for column in table.sealed}
    assert told == sealed
    for table, column in told:
        assert classes.tables()[table].columns[column] in ("content", "special", "secret")


def test_a_column_of_a_person_is_a_column():
    for table in classes.tables().values():
        columns = set(metadata.tables[table.name].columns.keys())
        for owner in table.of:
            assert owner in columns | {"pair", "session", "enrollment"}, (table.name, owner)
        for column, owner in table.alone.items():
            assert owner in columns | {"mentor", "mentee"}, (table.name, column)
        for rule, *named in table.erase:
            assert set(named) <= columns, (table.name, rule)
        assert {"pair", "enrollment"}.isdisjoint(table.of) or {"pair_id", "mentor_id", "enrollment_id"} & columns


def test_the_page_of_privacy_says_what_the_classes_say():
    """Make it anew with `make privacy-page`."""
    assert (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8") == page()
