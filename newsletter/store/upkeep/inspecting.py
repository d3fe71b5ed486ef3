"""Is the database in order? Each finding is a line with what to do about it; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.store import facts, upgrade
from newsletter.store.upkeep import restored
from newsletter.store.upkeep.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the database is compared with."""

    #: of the secret, where one is at hand
    fingerprint: str | None
    #: hashes of the people who were erased
    erasures: Collection[str]
    #: the sender that writes files writes them here
    outbox: Path
    #: files with secrets or readers' data beside the database
    private_files: tuple[Path, ...] = ()


def inspect(store: Store, known: Known) -> Iterator[Finding]:
    """Everything that is wrong, and what is worth knowing. The store was opened as it is."""
    from newsletter.store.upkeep import (
        inspecting_events,
        inspecting_ledger,
        inspecting_people,
        inspecting_place,
        inspecting_strays,
    )

    if store.replaced:
        yield Finding(
            code="database-replaced",
            message="this is not the database that was used last: a copy was put in its place",
            fix="If it comes from a backup, say so: newsletter db restore --here. If not, put the right file back.",
        )
    yield from inspecting_place.findings(store, known.private_files)
    if store.revision() != upgrade.HEAD:
        yield Finding(
            code="schema-old",
            message=f"its schema is {store.revision() or 'empty'}, this program's is {upgrade.HEAD}; the rest was not looked at",
            fix="Run: newsletter db upgrade",
        )
        return
    with store.read() as connection:
        yield from _schema(connection)
        yield from _secret(connection, known.fingerprint)
        yield from inspecting_ledger.findings(connection, known.outbox)
        yield from inspecting_people.findings(connection, known.erasures)
        yield from inspecting_strays.findings(connection)
        yield from inspecting_events.findings(connection)
        yield from _backups(connection)
        yield from _restored(connection)


def _schema(connection: Connection) -> Iterator[Finding]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from newsletter.store.tables import keys_are_made, metadata

    def is_made(item: Any, name: str | None, kind: str, reflected: bool, compared: object) -> bool:  # noqa: ANN401
        """Some of our keys are only made in SQLite."""
        if kind == "foreign_key_constraint" and not reflected:
            return keys_are_made(item.table, connection.dialect.name)
        return _is_ours(item, name, kind, reflected, compared)

    context = MigrationContext.configure(connection, opts={"include_object": is_made})
    for difference in compare_metadata(context, metadata):
        what, *names = difference if isinstance(difference, tuple) else difference[0]
        named = " ".join(str(getattr(name, "name", name)) for name in names if name is not None)
        yield Finding(
            code="schema-differs",
            message=f"the tables are not what the migrations make ({what}: {named})",
            fix="Undo what was changed by hand, or restore a backup: newsletter db restore FILE",
        )


def _is_ours(item: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    """Tables of others may stand beside ours in a server."""
    del item, name
    return not (kind == "table" and reflected and compared is None)


def _secret(connection: Connection, fingerprint: str | None) -> Iterator[Finding]:
    stored = facts.get(connection, facts.SUPPRESSION_KEY)
    if stored and fingerprint and stored != fingerprint:
        yield Finding(
            code="secret-differs",
            message="NEWSLETTER_SECRET is not the one that this database was made with",
            fix="Restore the secret that was used first (.env); an older one goes into NEWSLETTER_OLD_SECRETS.",
        )
    if stored and not fingerprint:
        yield Finding(
            code="secret-missing",
            message="NEWSLETTER_SECRET is not set, so nobody can tell whether it fits this database",
            fix="Set it in the environment or in the workspace's .env file.",
        )


def _backups(connection: Connection) -> Iterator[Finding]:
    taken = facts.get(connection, facts.BACKUP)
    last = f"the last backup was taken at {taken}" if taken else "`newsletter db backup` was never run here"
    yield Finding(code="backup", message=last, fix="Make one each night, and after each mailing.", wrong=False)


def _restored(connection: Connection) -> Iterator[Finding]:
    known = restored.get(connection)
    if known and not known.checked_at:
        yield Finding(
            code="restored",
            message=f"a backup was restored at {known.at.isoformat()}; no new mailing begins until somebody has looked what "
            "went out after the backup",
            fix="Ask your provider what went out. Then: newsletter db restore --checked",
            wrong=False,
        )
