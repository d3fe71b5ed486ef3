"""sending: latest times, tracking, single outcomes, what an ESP reports and what became of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_EMPTY = sa.text("''")


def _time(name: str, *, known: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not known)


def upgrade() -> None:
    _columns()
    _earlier_attempts()
    _events()
    _what_became_of_it()
    if op.get_bind().dialect.name == "postgresql":
        _drop_keys()


def _columns() -> None:
    op.add_column("mailings", _time("latest_at"))
    op.add_column("mailings", sa.Column("real", sa.Boolean()))
    op.add_column("mailings", sa.Column("paused_by", sa.String(length=20), nullable=False, server_default=_EMPTY))
    op.add_column("chunks", sa.Column("tracked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("chunks", _time("due_at"))
    for table in ("chunks", "delivery_outcomes"):
        op.add_column(table, sa.Column("attempt", sa.String(length=32), nullable=False, server_default=_EMPTY))
    op.add_column("deliveries", sa.Column("tracked", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("first", "last", "size"):
        op.add_column("attempts", sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("attempts", sa.Column("settled_by", sa.String(length=20), nullable=False, server_default=_EMPTY))
    op.create_index("ix_attempts_started_at", "attempts", ["started_at"])
    op.add_column("notices", sa.Column("fate", sa.String(length=20), nullable=False, server_default=_EMPTY))


def _earlier_attempts() -> None:
    """Which deliveries they were made for, as far as that is known, and which was the last of each chunk."""
    op.execute("UPDATE attempts SET first = (SELECT first FROM chunks WHERE number = attempts.chunk)")
    op.execute("UPDATE attempts SET last = (SELECT last FROM chunks WHERE number = attempts.chunk)")
    op.execute(
        "UPDATE chunks SET attempt = COALESCE((SELECT id FROM attempts WHERE chunk = chunks.number "
        "ORDER BY generation DESC, started_at DESC LIMIT 1), '')"
    )


def _events() -> None:
    op.create_table(
        "event_inbox",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("esp", sa.String(length=40), nullable=False),
        _time("received_at", known=True),
        sa.Column("fault", sa.Text(), nullable=False, server_default=_EMPTY),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_event_inbox")),
        sqlite_autoincrement=True,
    )
    _index_some("ix_event_inbox_fault", "event_inbox", ["number"], "fault != ''")
    op.create_table(
        "event_queue",
        sa.Column("report", _NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["report"], ["event_inbox.number"], name=op.f("fk_event_queue_report")),
        sa.PrimaryKeyConstraint("report", name=op.f("pk_event_queue")),
    )
    op.create_table(
        "events",
        _time("at", known=True),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("esp", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mailing", _NUMBER),
        sa.Column("n", sa.Integer()),
        sa.Column("attempt", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False, server_default=sa.false()),
        _time("recorded_at", known=True),
        sa.PrimaryKeyConstraint("at", "id", name=op.f("pk_events")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_events_mailing", "events", ["mailing", "n"])
    rare = "'complained', 'dropped', 'hard bounce', 'soft bounce', 'unknown', 'unsubscribed'"
    _index_some("ix_events_rare", "events", ["kind", "at", "id"], f"kind IN ({rare})")


def _index_some(name: str, table: str, columns: list[str], condition: str) -> None:
    which = sa.text(condition)
    op.create_index(name, table, columns, postgresql_where=which, sqlite_where=which)


def _what_became_of_it() -> None:
    op.create_table(
        "fates",
        sa.Column("mailing", _NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _time("at", known=True),
        sa.PrimaryKeyConstraint("mailing", "n", name=op.f("pk_fates")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link_clicks",
        sa.Column("mailing", _NUMBER, nullable=False),
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("machines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mailing"], ["mailings.number"], name=op.f("fk_link_clicks_mailing")),
        sa.PrimaryKeyConstraint("mailing", "url_hash", name=op.f("pk_link_clicks")),
    )
    op.create_table(
        "esp_suppressions",
        sa.Column("esp", sa.String(length=40), nullable=False),
        sa.Column("identity_hash", sa.String(length=32), nullable=False),
        _time("at", known=True),
        _time("told_at"),
        sa.PrimaryKeyConstraint("esp", "identity_hash", name=op.f("pk_esp_suppressions")),
        sqlite_with_rowid=False,
    )


def _drop_keys() -> None:
    """Looked up for each row, they take four fifths of the time in which a mailing is planned (tables.py says more)."""
    keys = {
        "deliveries": ("mailing", "subscriber"),
        "delivery_outcomes": ("mailing",),
        "issue_readers": ("mailing", "subscriber"),
    }
    for table, columns in keys.items():
        for column in columns:
            op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")
