"""`newsletter db`."""

from __future__ import annotations

import re
import sys
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import actor, json_option, note_upgrade, now, workspace
from newsletter.cli.db import heads
from newsletter.cli.db.restore import restore
from newsletter.errors import ServiceMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.upkeep.findings import Finding
    from newsletter.store.upkeep.inspecting import Known

#: as the store notes one
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00")
_NOT_IN_IT = (
    "Not in it: .env with the secret, {erasures}, {heads}, and what is in git (issues, templates, settings). Keep these "
    "too."
)


@click.group()
def db() -> None:
    """Upgrade, check, back up and restore the database.

    \b
    Example:
      newsletter db backup
      newsletter db check
    """


db.add_command(restore)


@db.command()
@click.option("--no-copy", is_flag=True, help="Keep no copy of the file as it was (SQLite).")
@json_option
def upgrade(no_copy: bool, json_: bool) -> None:
    """Bring the database up to date with this version of the program.

    Any command does that when it opens the database; here you see it done, and choose when. Of an SQLite file with
    readers in it a copy is kept (newsletter.db.before-0007).

    \b
    Example:
      newsletter db upgrade
    """
    place = workspace()
    with closing(_as_it_is(place)) as store:
        done = store.upgrade(keep_copy=not no_copy)
        before, copy = done.before, done.copy
        if before and before != done.after:
            note_upgrade(store, done)
        if json_:
            facts = {"database": store.label, "from": before, "to": done.after, "upgraded": before != done.after}
            show.as_json(facts | {"copy": str(copy) if copy else None})
            return
    if before == done.after:
        click.echo(f"The database is current (schema {done.after}).")
        return
    click.echo(f"Upgraded the database from {before or 'nothing'} to {done.after}.")
    if copy:
        click.echo(f"A copy of what it was: {copy}. Delete it when all is well; it holds readers' data.")


@db.command()
@json_option
def check(json_: bool) -> int:
    """Look whether the database is in order; nothing is changed. Exit code 1 when something is wrong.

    \b
    Example:
      newsletter db check
    """
    from newsletter.pipeline.auditing import log_findings
    from newsletter.store.upkeep import inspecting

    place = workspace()
    with closing(_as_it_is(place)) as store:
        found = list(inspecting.inspect(store, _known(place)))
        revision = store.revision()
        found += log_findings(store, place)
    wrong = [finding for finding in found if finding.wrong]
    if json_:
        facts = [{"code": one.code, "message": one.message, "fix": one.fix, "wrong": one.wrong} for one in found]
        show.as_json({"database": store.label, "schema": revision, "ok": not wrong, "findings": facts})
        return 1 if wrong else 0
    for finding in sorted(found, key=lambda one: not one.wrong):
        for line in _finding_lines(finding, ZoneInfo(place.settings.newsletter.timezone)):
            click.echo(line)
    count = f"{len(wrong)} {show.plural(len(wrong), 'thing')} wrong" if wrong else "in order"
    click.echo(f"{store.label} (schema {revision}): {count}.")
    return 1 if wrong else 0


@db.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@json_option
def backup(file: Path | None, json_: bool) -> None:
    """Write all that the database holds into one file, also while mail is being sent.

    Without FILE it goes into the folder backups beside the database. An existing file is never replaced.

    \b
    Example:
      newsletter db backup
      newsletter db backup /mnt/safe/letters.db
    """
    from newsletter.store.upkeep import backup as taking

    place, moment = workspace(), now()
    with closing(_as_it_is(place)) as store:
        if store.revision() is None:
            raise ServiceMissing("the database", f"{store.label} has nothing in it yet")
        target = (file or _next_backup(place, store, moment)).expanduser().absolute()
        if target.exists():
            msg = f"{target} is there already; name a file that is not."
            raise click.UsageError(msg)
        with _progress(quiet=json_) as advance:
            done = taking.take(store, target, moment, advance)
        heads.note(store, place)
    if json_:
        facts = {"path": str(done.path), "taken_at": done.taken_at.isoformat(), "bytes": done.size}
        show.as_json({"database": store.label} | facts | {"readers": done.readers, "mailings": done.mailings})
        return
    people = f"{show.number(done.readers)} {show.plural(done.readers, 'reader')}"
    sent = f"{show.number(done.mailings)} {show.plural(done.mailings, 'mailing')}"
    click.echo(f"Wrote {done.path}: {people}, {sent}, {_megabytes(done.size)}; read again and found whole.")
    click.echo(_NOT_IN_IT.format(erasures=place.erasures.name, heads=place.audit_heads.name))
    click.echo(
        "It holds readers' data: keep it as safe as the database. To put it in place: newsletter db restore FILE"
    )


def _as_it_is(place: Workspace) -> Store:
    """The database without an upgrade; a file that is not there is not made.

    Raises:
        ServiceMissing: there is none.
    """
    from sqlalchemy.engine import make_url

    from newsletter.store.database import Store
    from newsletter.store.upkeep.sqlite_file import file_of

    if (
        place.database_url.startswith("sqlite")
        and (file := file_of(make_url(place.database_url)))
        and not file.exists()
    ):
        raise ServiceMissing("the database", f"{file} does not exist yet; the first `newsletter lists add` makes it")
    store = Store(place.database_url, as_it_is=True)
    store.actor = actor()
    if sys.stderr.isatty():
        click.echo(f"Database: {store.label}", err=True)
    return store


def _known(place: Workspace) -> Known:
    from newsletter import wiring
    from newsletter.store.people import erasures
    from newsletter.store.upkeep.inspecting import Known

    keys = wiring.keys_at_hand(place)
    return Known(
        fingerprint=keys.fingerprint if keys else None,
        erasures=erasures.read(place.erasures),
        outbox=place.folder / "outbox",
        private_files=(place.folder / ".env", place.erasures),
    )


def _finding_lines(finding: Finding, zone: ZoneInfo) -> Iterator[str]:
    message = _MOMENT.sub(lambda found: show.moment(datetime.fromisoformat(found[0]), zone), finding.message)
    yield f"{'wrong' if finding.wrong else 'note '}  {show.clean(message)} ({finding.code})"
    yield f"       {show.clean(finding.fix)}"


def _next_backup(place: Workspace, store: Store, moment: datetime) -> Path:
    from newsletter.store.upkeep import private, sqlite_file
    from newsletter.store.upkeep.inspecting_place import backups_beside

    file = sqlite_file.file_of(store.url)
    folder = backups_beside(file) if file else place.folder / "backups"
    private.make_folder(folder)
    return folder / f"newsletter-{moment:%Y%m%dT%H%M%SZ}.{'db' if file else 'dump'}"


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; the number of pages is known with the first of them."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    with click.progressbar(length=1, label="Copying", file=sys.stderr) as bar:

        def advance(done: int, all_: int) -> None:
            bar.length = max(all_, 1)
            bar.update(done - bar.pos)

        yield advance


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
