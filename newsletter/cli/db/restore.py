"""`newsletter db restore`."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import actor, json_option, now, workspace
from newsletter.cli.schedule.words import when_of
from newsletter.errors import SecretChanged, SecretMissing
from newsletter.model.mailing import MailingState, Outcome
from newsletter.pipeline.mailing_facts import mailing_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace
    from newsletter.store.upkeep.restoring import Circumstances, Contents, Restored


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--here", is_flag=True, help="The database in place is a backup that you put there by hand.")
@click.option("--checked", is_flag=True, help="You have looked what went out meanwhile: new mailings may begin.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def restore(file: Path | None, here: bool, checked: bool, yes: bool, json_: bool) -> None:
    """Put a backup in the place of the database, and pause everything that could send from it.

    The database that was there is kept aside. Stop `newsletter serve` and cron first. What happened after the backup
    was taken is not in it: mailings that went out, people who left. You are told what to do about that. Until you say
    that it is done (--checked), no new mailing begins.

    \b
    Example:
      newsletter db restore backups/newsletter-20261201T030000Z.db
      newsletter db restore --here
      newsletter db restore --checked
    """
    from newsletter.cli.db.checked import confirm
    from newsletter.store.upkeep import restore as putting
    from newsletter.wiring import SECRET

    if [file is not None, here, checked].count(True) != 1:
        msg = (
            "Name the backup; or say --here when you put it in place by hand; or --checked when new mailings may begin."
        )
        raise click.UsageError(msg)
    place = workspace()
    if checked:
        confirm(place, ask=not yes, json_=json_)
        return
    zone = place.settings.newsletter.timezone
    circumstances = _circumstances(place)
    kept = None
    if file is None:
        if not yes:
            _ask(f"Take {_label(place)} for a restored backup: pause what is not finished, and go on from there?")
        try:
            done = putting.adopt(place.database_url, circumstances)
        except SecretChanged:
            if not circumstances.fingerprint:
                raise SecretMissing(SECRET) from None
            raise
    else:
        file = file.expanduser().absolute()
        contents = putting.look(place.database_url, file)
        _refuse_without_secret(contents, circumstances)
        if not yes:
            _ask(f"Put {_described(file, contents, zone)} in the place of {_label(place)}?")
        done, kept = putting.restore(place.database_url, file, circumstances)
    _note_head(place)
    if json_:
        show.as_json(_json(place, done, file, kept))
        return
    for line in _lines(done, file, kept, zone):
        click.echo(line)


def _note_head(place: Workspace) -> None:
    """From here on the log goes on from an older state, which its first new entry tells."""
    from newsletter import wiring
    from newsletter.cli.db import heads

    with closing(wiring.open_store(place)) as store:
        heads.note(store, place)


def _circumstances(place: Workspace) -> Circumstances:
    from newsletter import wiring
    from newsletter.store.people import erasures
    from newsletter.store.upkeep.restoring import Circumstances

    keys = wiring.keys_at_hand(place)
    return Circumstances(
        fingerprint=keys.fingerprint if keys else None,
        erasures=erasures.read(place.erasures),
        is_alive=wiring.may_be_alive,
        now=now(),
        actor=actor(),
    )


def _refuse_without_secret(contents: Contents, circumstances: Circumstances) -> None:
    from newsletter.wiring import SECRET

    if contents.fingerprint and not circumstances.fingerprint:
        raise SecretMissing(SECRET)


def _ask(question: str) -> None:
    """Exit code 2, as for any command that was not carried out, unless the answer is yes."""
    if not sys.stdin.isatty():
        msg = "Nothing was restored: nobody can be asked here. Add --yes to restore without being asked."
        raise click.UsageError(msg)
    if not click.confirm(question, err=True):
        click.echo("Nothing was restored.", err=True)
        raise click.exceptions.Exit(2)


def _label(place: Workspace) -> str:
    from newsletter.store.engines import checked_url

    url = checked_url(place.database_url)
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _described(file: Path, contents: Contents, zone: str) -> str:
    taken = (
        f"taken at {show.moment(contents.taken_at, ZoneInfo(zone))}" if contents.taken_at else "taken nobody knows when"
    )
    if contents.readers is None:
        return f"{file} ({taken})"
    people = f"{show.number(contents.readers)} {show.plural(contents.readers, 'reader')}"
    return f"{file} ({taken}, {people}, {contents.mailings} {show.plural(contents.mailings or 0, 'mailing')})"


def _json(place: Workspace, done: Restored, file: Path | None, kept: str | None) -> dict[str, Any]:
    return {
        "database": _label(place),
        "restored": str(file) if file else None,
        "kept": kept,
        "taken_at": done.taken_at.isoformat() if done.taken_at else None,
        "paused": [mailing_json(mailing, tally) for mailing, tally in done.paused],
        "scheduled": [{"mailing": one.number, "issue": one.issue, "state": one.state.value} for one in done.scheduled],
        "uncertain": done.uncertain,
        "erasures": done.erasures,
        "erased_again": done.erased_again,
        "forgotten": list(done.forgotten),
        "compared": done.compared,
    }


def _lines(done: Restored, file: Path | None, kept: str | None, zone: str) -> Iterator[str]:
    """What was done, and what only people can find out."""
    taken = show.moment(done.taken_at, ZoneInfo(zone)) if done.taken_at else "a time that it does not tell"
    yield f"Restored {file}: the state of {taken}." if file else f"The database in place is ours: the state of {taken}."
    if kept:
        yield f"What was there before is kept: {kept}. It holds readers' data; delete it when all is well."
    for mailing, tally in done.paused:
        yield f"Paused mailing {mailing.number}: {_of(mailing)}, audience {show.number(tally.audience)}."
    for mailing in done.scheduled:
        yield f"Mailing {mailing.number}: {_of(mailing)}, {_still(mailing, ZoneInfo(zone))}."
    if not (done.paused or done.scheduled):
        yield "No mailing was unfinished."
    people = show.plural(done.erasures, "person") if done.erasures == 1 else "people"
    yield (
        f"Erased again: {show.number(done.erased_again)}, of {show.number(done.erasures)} {people} in the erasures file."
        if done.erasures
        else "Nobody is in the erasures file. If people were erased, look whether the file is where settings say it is."
    )
    yield "What happened after that moment is not in it. Before you send again:"
    yield from (f"  {number}. {step}" for number, step in enumerate(_steps(done), 1))


def _still(mailing: Mailing, zone: ZoneInfo) -> str:
    """Of one that was scheduled."""
    if mailing.state is MailingState.SCHEDULED:
        return f"{when_of(mailing, zone)}, begins only after the last step below"
    at = f" of {show.moment(mailing.due_at, zone)}" if mailing.due_at else ""
    return f"counts as missed: its time{at} had come, and it may have gone out. Look, before you send it"


def _steps(done: Restored) -> Iterator[str]:
    for mailing, tally in done.paused:
        if doubtful := tally[Outcome.UNCERTAIN]:
            yield (
                f"{show.number(doubtful)} {show.plural(doubtful, 'reader')} of mailing {mailing.number} may have got it "
                "meanwhile. Wait for the provider's reports first, if they come here: they settle who has it. For the rest ask "
                f"the provider, then: newsletter mailings resolve {mailing.number} --accepted (or --not-sent)"
            )
    yield (
        "Whoever left, complained or could not be reached since: with SendGrid, newsletter suppressions sync; else export the "
        "suppressions of your provider, then: newsletter suppressions import FILE. Look for replies of people who wanted to "
        "leave."
    )
    if done.forgotten:
        yield (
            f"These issues went out, and the backup does not know it: {', '.join(done.forgotten)}. Do not send them again: "
            "everybody who has them would get them a second time. Take them out of cron."
        )
    if not done.compared:
        yield (
            "No database that was used before was there to read, so issues that went out since are unknown here. Compare "
            "`newsletter mailings list` with your provider; do not send an issue again that went out."
        )
    yield "Import what was imported since. Look: newsletter db check"
    yield "No new mailing begins until you say that you have looked: newsletter db restore --checked"


def _of(mailing: Mailing) -> str:
    return f"{mailing.issue} to {', '.join(mailing.lists)}"
