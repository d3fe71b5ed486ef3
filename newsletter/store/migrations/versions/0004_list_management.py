"""list management: tags, tracking, grounds of consent, the history of suppressions, narrowed audiences"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _tables()
    _columns()
    _what_is_known()


def _tables() -> None:
    op.create_table(
        "tags",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tags")),
        sa.UniqueConstraint("key", name=op.f("uq_tags_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscriber_tags",
        sa.Column("tag", _NUMBER, nullable=False),
        sa.Column("subscriber", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["subscriber"], ["subscribers.number"], name=op.f("fk_subscriber_tags_subscriber")),
        sa.ForeignKeyConstraint(["tag"], ["tags.number"], name=op.f("fk_subscriber_tags_tag")),
        sa.PrimaryKeyConstraint("tag", "subscriber", name=op.f("pk_subscriber_tags")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_subscriber_tags_subscriber", "subscriber_tags", ["subscriber"])
    op.create_table(
        "suppression_events",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("identity_hash", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_suppression_events")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_suppression_events_identity_hash"), "suppression_events", ["identity_hash"])
    op.create_table(
        "engagements",
        sa.Column("subscriber", _NUMBER, nullable=False),
        sa.Column("mailing", _NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mailing"], ["mailings.number"], name=op.f("fk_engagements_mailing")),
        sa.ForeignKeyConstraint(["subscriber"], ["subscribers.number"], name=op.f("fk_engagements_subscriber")),
        sa.PrimaryKeyConstraint("subscriber", "mailing", "kind", name=op.f("pk_engagements")),
        sqlite_with_rowid=False,
    )


def _columns() -> None:
    _add("lists", sa.Column("description", sa.Text(), nullable=False, server_default=sa.text("''")))
    _add("lists", sa.Column("opt_in", sa.String(length=10), nullable=False, server_default="double"))
    _add("lists", sa.Column("archived_at", sa.DateTime(timezone=True)))
    _add("subscribers", sa.Column("tracking", sa.Boolean(), nullable=False, server_default=sa.false()))
    _add("subscribers", sa.Column("joined_at", sa.DateTime(timezone=True)))
    _add("consent_events", sa.Column("ip", sa.String(length=45)))
    _add("consent_events", sa.Column("user_agent", sa.Text()))
    _add("consent_events", sa.Column("recorded_at", sa.DateTime(timezone=True)))
    _add("mailings", sa.Column("segments", sa.Text(), nullable=False, server_default=sa.text("''")))
    _add("mailings", sa.Column("excepted", sa.Text(), nullable=False, server_default=sa.text("''")))
    if op.get_bind().dialect.name == "postgresql":
        _add("consent_events", sa.Column("ground", sa.String(length=64)))
        _drop_keys()
    else:
        # SQLite can add a column with its key, not a key alone; Alembic would copy the table, and lose AUTOINCREMENT by it
        op.execute(
            "ALTER TABLE consent_events ADD COLUMN ground VARCHAR(64) "
            "CONSTRAINT fk_consent_events_ground REFERENCES wordings (hash)"
        )
    op.create_index("ix_issue_readers_subscriber", "issue_readers", ["subscriber", "mailing"])


def _drop_keys() -> None:
    """PostgreSQL would look at each of them for every row of an import (store/tables.py)."""
    keys = {"subscriptions": ("subscriber", "list"), "consent_events": ("subscriber", "list", "wording", "mailing")}
    for table, columns in keys.items():
        for column in columns:
            op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")


def _add(table: str, column: sa.Column[object]) -> None:
    op.add_column(table, column)


def _what_is_known() -> None:
    op.execute("UPDATE subscribers SET joined_at = created_at WHERE erased_at IS NULL")
    # until now the words of an import stood where the words that people were shown belong
    op.execute("UPDATE consent_events SET ground = wording, wording = NULL WHERE source = 'import'")
    op.execute(
        "INSERT INTO suppression_events (identity_hash, action, reason, source, at) "
        "SELECT identity_hash, 'added', reason, source, at FROM suppressions ORDER BY at"
    )
