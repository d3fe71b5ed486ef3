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
    _events()
    _what_became_of_it()


def _columns() -> None:
    op.add_column("mailings", _time("latest_at"))
    op.add_column("chunks", sa.Column("tracked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("chunks", _time("due_at"))
    op.add_column("deliveries", sa.Column("tracked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("attempts", sa.Column("size", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("attempts", sa.Column("settled_by", sa.String(length=20), nullable=False, server_default=_EMPTY))
    op.create_index("ix_attempts_started_at", "attempts", ["started_at"])
    op.add_column("notices", sa.Column("fate", sa.String(length=20), nullable=False, server_default=_EMPTY))


def _events() -> None:
    op.create_table(
        "event_inbox",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("esp", sa.String(length=40), nullable=False),
        _time("received_at", known=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _time("handled_at"),
        sa.Column("fault", sa.Text(), nullable=False, server_default=_EMPTY),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_event_inbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_event_inbox_handled_at"), "event_inbox", ["handled_at"])
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
        sa.PrimaryKeyConstraint("esp", "identity_hash", name=op.f("pk_esp_suppressions")),
        sqlite_with_rowid=False,
    )
