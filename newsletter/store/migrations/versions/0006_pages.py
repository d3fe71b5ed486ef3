"""pages: lists that are offered and shown, notices that wait, corrections, reasons, what was shown before, keys of the API"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_EMPTY = sa.text("''")


def _time(name: str, *, known: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not known)


def _short(name: str, length: int, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default=sa.text(f"'{default}'"))


def upgrade() -> None:
    op.add_column("lists", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("lists", _short("archive", 10, "hidden"))
    _notices()
    _what_readers_see()
    _api()


def _notices() -> None:
    op.add_column("notices", _short("language", 35))
    op.add_column("notices", sa.Column("about", sa.JSON()))
    op.add_column("notices", sa.Column("tries", sa.Integer(), nullable=False, server_default=sa.text("0")))
    for name in ("not_before", "held_until", "used_at"):
        op.add_column("notices", _time(name))
    op.add_column("notices", _short("attempt", 32))
    op.add_column("notices", _short("sender", 40))
    op.add_column("notices", sa.Column("provider_id", sa.Text(), nullable=False, server_default=_EMPTY))
    op.create_index("ix_notices_state", "notices", ["state", "not_before"])


def _what_readers_see() -> None:
    op.create_table(
        "corrections",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("issue", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _time("at", known=True),
        _time("withdrawn_at"),
        sa.PrimaryKeyConstraint("number", name="pk_corrections"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_issue", "corrections", ["issue"])
    op.create_table(
        "leaving_reasons",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("subscriber", _NUMBER, nullable=False),
        sa.Column("mailing", _NUMBER),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _time("at", known=True),
        sa.ForeignKeyConstraint(["subscriber"], ["subscribers.number"], name="fk_leaving_reasons_subscriber"),
        sa.ForeignKeyConstraint(["mailing"], ["mailings.number"], name="fk_leaving_reasons_mailing"),
        sa.PrimaryKeyConstraint("number", name="pk_leaving_reasons"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_leaving_reasons_subscriber", "leaving_reasons", ["subscriber"])
    op.create_table(
        "former_fields",
        sa.Column("subscriber", _NUMBER, nullable=False),
        _time("until", known=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber"], ["subscribers.number"], name="fk_former_fields_subscriber"),
        sa.PrimaryKeyConstraint("subscriber", "until", name="pk_former_fields"),
    )
    op.create_index("ix_former_fields_until", "former_fields", ["until"])


def _api() -> None:
    op.create_table(
        "api_keys",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        _time("created_at", known=True),
        _time("expires_at"),
        _time("revoked_at"),
        _time("used_at"),
        sa.PrimaryKeyConstraint("number", name="pk_api_keys"),
        sa.UniqueConstraint("prefix", name="uq_api_keys_prefix"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_replays",
        sa.Column("api_key", _NUMBER, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _time("at", known=True),
        sa.ForeignKeyConstraint(["api_key"], ["api_keys.number"], name="fk_api_replays_api_key"),
        sa.PrimaryKeyConstraint("api_key", "key", name="pk_api_replays"),
    )
    op.create_index("ix_api_replays_at", "api_replays", ["at"])
