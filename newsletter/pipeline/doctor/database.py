"""Does the database open, and is it the right one? `newsletter db check` looks much deeper, and takes longer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look
    from newsletter.store.database import Store

AREA = "database"
_say = Findings(AREA)
_OLD_BACKUP = timedelta(days=2)


def findings(look: Look) -> Iterator[Finding]:
    store = look.store
    if store is None:
        yield _unopened(look)
        return
    if store.replaced:
        yield _say.wrong(
            "database-replaced",
            "this is not the database that was used last: a copy was put in its place, and nothing is written to it",
            "If it comes from a backup, say so: newsletter db restore --here. If not, put the right file back.",
        )
    yield from _damage(store)
    yield _revision(store)
    if not is_current(store):
        return
    yield from _secret(look, store)
    yield from _backups(look, store)
    yield from _restored(store)


def is_current(store: Store) -> bool:
    """Whether its tables are those that the other areas ask."""
    from newsletter.store.upgrade import HEAD

    return store.revision() == HEAD


def _unopened(look: Look) -> Finding:
    if look.store_fault:
        return _say.wrong(
            "database-unopened",
            f"it cannot be opened: {look.store_fault}",
            "Put this right; database.url in newsletter.toml says where it is. A backup: newsletter db restore FILE",
        )
    return _say.careful(
        "database-none", "there is none yet", "It is made with the first list: newsletter lists add NAME."
    )


def _damage(store: Store) -> Iterator[Finding]:
    from newsletter.store.standing import quick_check, size

    found = quick_check(store)
    if found:
        yield _say.wrong(
            "database-damaged",
            f"it is damaged: {found[0]}",
            "Stop `newsletter serve` and cron, keep the file, and restore the last backup: newsletter db restore FILE",
        )
    else:
        bytes_ = size(store)
        large = f" ({bytes_ / 1_000_000:,.1f} MB)" if bytes_ is not None else ""
        yield _say.ok("database-opens", f"{store.label} opens and is whole{large}")


def _revision(store: Store) -> Finding:
    from newsletter.store.upgrade import HEAD

    revision = store.revision()
    if revision == HEAD:
        return _say.ok("database-current", f"its schema is current ({HEAD})")
    return _say.careful(
        "database-old",
        f"its schema is {revision or 'empty'}, this program's is {HEAD}; more was not looked at",
        "Run: newsletter db upgrade",
    )


def _secret(look: Look, store: Store) -> Iterator[Finding]:
    from newsletter.store import facts

    with store.read() as connection:
        stored = facts.get(connection, facts.SUPPRESSION_KEY)
    if not stored:
        return
    if look.keys is None:
        yield _say.wrong(
            "secret-lost",
            "this database was made with a secret, and none is in the environment or .env",
            "Set NEWSLETTER_SECRET to the one that was used first; without it links and suppressions do not work.",
        )
    elif look.keys.fingerprint != stored:
        yield _say.wrong(
            "secret-differs",
            "NEWSLETTER_SECRET is not the one that this database was made with",
            "Restore the one that was used first (.env); an older one goes into NEWSLETTER_OLD_SECRETS.",
        )
    else:
        yield _say.ok("secret-fits", "the secret is the one that it was made with")


def _backups(look: Look, store: Store) -> Iterator[Finding]:
    from newsletter.store import facts, standing

    with store.read() as connection:
        taken = facts.moment(facts.get(connection, facts.BACKUP))
        readers = standing.readers(connection)
    advice = "Make one each night, and after each mailing: newsletter db backup. Keep copies on another machine."
    if taken is None:
        if readers:
            yield _say.careful("backup-never", f"no backup was ever taken, and {readers:,} readers are in it", advice)
        return
    age = look.now - taken
    if age > _OLD_BACKUP:
        yield _say.careful("backup-old", f"the last backup is {age.days} days old", advice)
    else:
        yield _say.ok("backup", "a backup was taken in the last two days")


def _restored(store: Store) -> Iterator[Finding]:
    from newsletter.store.upkeep import restored

    with store.read() as connection:
        known = restored.get(connection)
    if known and not known.checked_at:
        yield _say.wrong(
            "database-restored",
            "a backup was restored, and no new mailing begins until somebody has looked what went out after it was taken",
            "Ask your provider what went out. Then: newsletter db restore --checked",
        )
