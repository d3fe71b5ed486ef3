"""`newsletter approvals show`: who signed what of an issue, what is missing, and what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.approvals.words import (
    approval_json,
    approval_lines,
    change_lines,
    changes_json,
    short,
    sign_off_json,
    version_json,
)
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.errors import IssueNotFound
from newsletter.signoff.rules import is_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline import Prepared
    from newsletter.pipeline.signing_record import Record, Signed
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@click.command("show")
@click.argument("issue")
@json_option
def show_(issue: str, json_: bool) -> None:
    """Show who signed an issue, what is still missing, and what changed since it was signed.

    Each signature is under one version. If a file of the issue was changed afterwards, the lines that changed are shown.

    \b
    Example:
      newsletter approvals show open-day
    """
    from newsletter.pipeline.signing_record import record_of

    place = workspace(near=issue)
    slug, prepared = _prepared(place, issue)
    store = open_store(place)
    record = record_of(store, place, slug, prepared, now())
    if prepared is None and not record.signed:
        from newsletter.read import find_issue

        find_issue(place.folder, issue)  # raises, with the nearest name
    if json_:
        show.as_json(_as_json(record, place))
        return
    for line in (*_lines(record, place), *_planned(store, record, place)):
        click.echo(line)


def _planned(store: Store, record: Record, place: Workspace) -> Iterator[str]:
    """What is scheduled of it, and what would hold that."""
    from newsletter.cli.schedule.words import when_of
    from newsletter.pipeline.running.obstacles import foreseen
    from newsletter.store import scheduled

    with store.read() as connection:
        mailing = scheduled.of_issue(connection, record.issue)
    if mailing is None or mailing.version is None:
        return
    zone = ZoneInfo(place.settings.newsletter.timezone)
    line = f"Mailing {mailing.number}, {when_of(mailing, zone)}, sends version {mailing.version}."
    if found := foreseen(store, place, mailing, now()):
        line += f" As it is now, it will be held: {found.why}."
    yield show.folded(show.clean(line))


def _prepared(place: Workspace, name: str) -> tuple[str, Prepared | None]:
    """An issue that was sent may be gone from the workspace."""
    from newsletter import pipeline
    from newsletter.read import find_issue

    try:
        path = find_issue(place.folder, name)
    except IssueNotFound:
        if "/" in name:
            raise
        return name, None
    prepared = pipeline.prepare(place, path, now())
    return prepared.slug, prepared


def _lines(record: Record, place: Workspace) -> Iterator[str]:
    yield show.folded(_headline(record, place))
    for signed in record.signed:
        yield ""
        yield from _version(signed, place, is_current=signed is record.current)
    if record.changes:
        yield ""
        yield f"Changed since version {record.signed[0].version.number} was signed:"
        yield from (f"  {line}" for line in change_lines(record.changes))
    yield ""
    yield from _next(record)


def _headline(record: Record, place: Workspace) -> str:
    zone = ZoneInfo(place.settings.newsletter.timezone)
    slug = record.issue
    if not record.is_here:
        return f"{slug} is not in this workspace any more; this is the record."
    if record.is_broken:
        return f"{slug} cannot be read as it is now: newsletter check {slug}."
    if record.sign_off.holds and record.current:
        until = record.sign_off.valid_until
        return f"{slug} is signed off" + (f" until {show.moment(until, zone)}." if until else ".")
    if not is_asked(place.settings.policy):
        return f"{slug}: nobody has to sign it (policy.approvals is 0)."
    return f"{slug} is not signed off as it is now: {'; '.join(record.sign_off.missing)}."


def _version(signed: Signed, place: Workspace, *, is_current: bool) -> Iterator[str]:
    zone, version = ZoneInfo(place.settings.newsletter.timezone), signed.version
    state = ", as the files are now" if is_current else ""
    yield f"Version {version.number} ({short(version.fingerprint)}){state}"
    for line in approval_lines(signed.sign_off, signed.given, place.settings.policy, zone):
        yield show.folded(f"  {line}", " " * 6)
    yield from (f"  {line}" for line in show.waiver_lines(version.waivers))


def _next(record: Record) -> Iterator[str]:
    if not record.is_here or record.is_broken:
        return
    if record.current and record.sign_off.holds:
        yield f"To send it: newsletter send {record.issue} --to LIST, or at a time: newsletter schedule {record.issue}"
        return
    yield f"To sign it: newsletter approve {record.issue} --as NAME"
    if record.goes_anyway:
        yield (
            f"To send what was signed, version {record.goes_anyway.number}: "
            f"newsletter send {record.issue} --to LIST --approved-version"
        )


def _as_json(record: Record, place: Workspace) -> dict[str, object]:
    return {
        "issue": record.issue,
        "asked": is_asked(place.settings.policy),
        "holds": record.current is not None and record.sign_off.holds,
        "version": record.current.version.number if record.current else None,
        "sign_off": sign_off_json(record.sign_off),
        "changes": changes_json(record.changes),
        "approved_version": record.goes_anyway.number if record.goes_anyway else None,
        "versions": [
            version_json(one.version)
            | {"approvals": [approval_json(given) for given in one.given], "sign_off": sign_off_json(one.sign_off)}
            for one in record.signed
        ],
    }
