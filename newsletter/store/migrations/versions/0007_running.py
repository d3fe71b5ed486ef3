"""running: who signs off, versions of an issue, the audit log, schedules, what cron does"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_EMPTY = sa.text("''")


def _time(name: str, *, known: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not known)


def _short(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default=_EMPTY)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=_EMPTY)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    _sign_off()
    _audit_log()
    _schedules()
    _duties()


def _sign_off() -> None:
    op.create_table(
        "staff",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        _words("roles"),
        _words("passphrase"),
        _time("created_at", known=True),
        _time("removed_at"),
        sa.Column("failed", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _time("failed_at"),
        sa.PrimaryKeyConstraint("number", name="pk_staff"),
        sa.UniqueConstraint("key", name="uq_staff_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "versions",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("issue", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sources_digest", sa.String(length=64), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        _short("commit_id", 64),
        sa.Column("waivers", sa.JSON(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        _time("created_at", known=True),
        sa.PrimaryKeyConstraint("number", name="pk_versions"),
        sa.UniqueConstraint("fingerprint", name="uq_versions_fingerprint"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_versions_issue", "versions", ["issue"])
    op.create_table(
        "version_variants",
        sa.Column("version", _NUMBER, nullable=False),
        sa.Column("variant", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.number"], name="fk_version_variants_version"),
        sa.ForeignKeyConstraint(["fingerprint"], ["rendered.fingerprint"], name="fk_version_variants_fingerprint"),
        sa.PrimaryKeyConstraint("version", "variant", name="pk_version_variants"),
    )
    op.create_table(
        "source_texts",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_source_texts"),
    )
    op.create_table(
        "approvals",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("version", _NUMBER, nullable=False),
        sa.Column("staff", _NUMBER, nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        _words("comment"),
        _time("at", known=True),
        _time("withdrawn_at"),
        _words("withdrawn_why"),
        sa.ForeignKeyConstraint(["version"], ["versions.number"], name="fk_approvals_version"),
        sa.ForeignKeyConstraint(["staff"], ["staff.number"], name="fk_approvals_staff"),
        sa.PrimaryKeyConstraint("number", name="pk_approvals"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approvals_version", "approvals", ["version"])


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_log"),
        sa.UniqueConstraint("hash", name="uq_audit_log_hash"),
    )
    op.create_index("ix_audit_log_subject", "audit_log", ["subject"])
    for step in guards("audit_log", op.get_bind().dialect.name):
        op.execute(step)


def guards(table: str, dialect: str) -> tuple[str, ...]:
    """What makes the database itself refuse to change or delete entries."""
    never = "the audit log is never changed"
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_is_not_{done} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{never}'); END"
            for event, done in (("UPDATE", "changed"), ("DELETE", "deleted"))
        )
    raises = f"$$ BEGIN RAISE EXCEPTION '{never}'; END $$"
    changes = f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    return (
        f"CREATE OR REPLACE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS {raises}",
        f"CREATE TRIGGER {table}_stays {changes} FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()",
    )


def _schedules() -> None:
    for column in (
        sa.Column("version", _NUMBER),
        _time("due_at"),
        _time("start_by"),
        _short("local_time", 30),
        _words("scheduled_by"),
        _words("held"),
        _flag("approved_version"),
        _flag("may_differ"),
        sa.Column("recurrence", _NUMBER),
    ):
        op.add_column("mailings", column)
    op.add_column("deliveries", _time("due_at"))
    op.create_table(
        "recurrences",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("to", sa.JSON(), nullable=False),
        sa.Column("excepted", sa.JSON(), nullable=False),
        _flag("local"),
        _words("made_by"),
        _time("created_at", known=True),
        _time("ended_at"),
        sa.PrimaryKeyConstraint("number", name="pk_recurrences"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "occurrences",
        sa.Column("recurrence", _NUMBER, nullable=False),
        _time("due_at", known=True),
        sa.Column("mailing", _NUMBER),
        _words("said"),
        _time("at", known=True),
        sa.ForeignKeyConstraint(["recurrence"], ["recurrences.number"], name="fk_occurrences_recurrence"),
        sa.PrimaryKeyConstraint("recurrence", "due_at", name="pk_occurrences"),
    )


def _duties() -> None:
    op.create_table(
        "duties",
        sa.Column("name", sa.String(length=40), nullable=False),
        _words("owner"),
        _time("began_at"),
        _time("held_until"),
        _time("ended_at"),
        _time("succeeded_at"),
        sa.Column("failed_in_a_row", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _words("fault"),
        _time("told_at"),
        sa.PrimaryKeyConstraint("name", name="pk_duties"),
    )
