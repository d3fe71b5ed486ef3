"""`newsletter evidence verify FILE`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, workspace
from newsletter.errors import BadSettings, EvidenceDamaged, FileUnreadable, NewsletterError, WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.keys import Keys
    from newsletter.pipeline.evidence.comparing import Compared
    from newsletter.settings import Workspace
    from newsletter.signoff.evidence.reading import Looked
    from newsletter.store.database import Store


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
def verify(file: Path, json_: bool) -> None:
    """Check a file of evidence: that nothing in it was changed, taken out or put in.

    That works on any machine, without a workspace. In the workspace that made the file it is also compared with the audit
    log, and its seal is checked, which finds a file that somebody made anew as a whole. Exit code 1 when something is wrong;
    every file that is changed, missing or added is named.

    \b
    Example:
      newsletter evidence verify mailing-3-evidence.zip
    """
    from newsletter.pipeline.evidence.comparing import compare
    from newsletter.signoff.evidence.reading import look

    try:
        with file.open("rb") as stream:
            looked = look(stream)
    except OSError as why:
        raise FileUnreadable(file, why.strerror or str(why)) from None
    place, remarks = _place(file)
    keys, store = _keys(place), _store(place, remarks)
    try:
        compared = compare(looked, keys, store)
    finally:
        if store:
            store.close()
    if findings := [*looked.findings, *compared.findings]:
        raise EvidenceDamaged(file, _counted(len(findings)), [str(one) for one in findings])
    remarks += compared.remarks
    if json_:
        show.as_json(_json(file, looked, compared, remarks))
        return
    for line in _lines(file, looked, compared, remarks):
        click.echo(line)


def _counted(count: int) -> str:
    return "one thing is wrong" if count == 1 else f"{show.number(count)} things are wrong"


def _place(file: Path) -> tuple[Workspace | None, list[str]]:
    """The workspace at hand, if any. One that was named has to be there."""
    try:
        return workspace(near=str(file)), []
    except WorkspaceNotFound:
        if click.get_current_context().find_root().obj:
            raise
        return None, []
    except BadSettings:
        return None, ["The settings of the workspace have mistakes, so only the hashes were checked: newsletter check"]


def _keys(place: Workspace | None) -> Keys | None:
    from newsletter import wiring

    return wiring.keys_at_hand(place) if place else None


def _store(place: Workspace | None, remarks: list[str]) -> Store | None:
    """The database as it is: checking a file makes none, and changes none."""
    if place is None:
        return None
    from newsletter.store import upgrade
    from newsletter.store.database import Store
    from newsletter.store.engines import checked_url
    from newsletter.store.upkeep.sqlite_file import file_of

    try:
        url = checked_url(place.database_url)
        if (path := file_of(url)) and not path.exists():
            return None
        store = Store(url, as_it_is=True)
    except NewsletterError as why:
        remarks.append(f"The audit log could not be asked: {why}")
        return None
    if store.revision() != upgrade.HEAD:
        store.close()
        remarks.append(
            "The audit log could not be asked: the database is of another version. See: newsletter db upgrade"
        )
        return None
    return store


def _lines(file: Path, looked: Looked, compared: Compared, remarks: list[str]) -> Iterator[str]:
    from newsletter.pipeline.evidence.comparing import Logged, Seal
    from newsletter.signoff.evidence.packing import Packing

    manifest = looked.manifest
    facts, count = (manifest.facts, len(manifest.files)) if manifest else ({}, 0)
    yield show.folded(
        show.clean(
            f"{file} is whole: {count} files about mailing {facts.get('mailing')} (issue {facts.get('issue')}), "
            f"made {_clock(facts.get('made_at'))}."
        ),
        "  ",
    )
    yield f"  manifest  {looked.manifest_sha256}"
    if looked.packing is Packing.AGAIN:
        yield show.folded("  zip       packed again by somebody; every file in it is as it was made", " " * 12)
    yield f"  seal      {_SEALS[compared.seal.name]}"
    yield f"  log       {_LOGS[compared.log.name]}"
    if compared.seal is Seal.UNCHECKED and compared.log is Logged.UNCHECKED:
        yield show.folded(
            "Only the hashes could be checked: they show that the files belong together. Whether somebody made all of it anew "
            "shows in the workspace that it comes from, or by comparing the number above with one that was written down."
        )
    yield from (show.folded(show.clean(remark), "  ") for remark in remarks)


def _clock(made_at: object) -> str:
    """As it stands in the file, which may come from anywhere; to the minute."""
    try:
        return show.moment(datetime.fromisoformat(str(made_at)), UTC)
    except (ValueError, OverflowError):
        return str(made_at)


_SEALS = {"OURS": "made by this workspace", "NOT_OURS": "not ours", "UNCHECKED": "not checked: the key is not here"}
_LOGS = {
    "KNOWN": "the audit log knows it",
    "UNKNOWN": "not in the audit log",
    "UNCHECKED": "not compared: no audit log is here",
}


def _json(file: Path, looked: Looked, compared: Compared, remarks: list[str]) -> dict[str, Any]:
    facts = dict(looked.manifest.facts) if looked.manifest else {}
    return {
        "file": str(file),
        "whole": True,
        "manifest_sha256": looked.manifest_sha256,
        "files": len(looked.manifest.files) if looked.manifest else 0,
        "facts": facts,
        "packing": looked.packing.value,
        "seal": compared.seal.value,
        "log": compared.log.value,
        "remarks": remarks,
    }
