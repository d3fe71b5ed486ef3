"""`newsletter diff`: what readers would get now, beside what they would have got at an earlier commit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace
from newsletter.errors import BadSettings, IssueNotFound, WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from newsletter.pipeline import Prepared
    from newsletter.pipeline.comparing import Comparison
    from newsletter.probe.git import Commit
    from newsletter.settings import Workspace

#: so many issues take long enough for a bar
_BAR_FROM = 4


@click.command()
@click.argument("issues", nargs=-1, metavar="[ISSUE]...")
@click.option(
    "--against",
    default="HEAD",
    show_default=True,
    metavar="REV",
    help="A commit, branch or tag; `origin/main...` is where your branch began.",
)
@click.option("--text", "text_only", is_flag=True, help="Of the mail's two parts, show only the text.")
@click.option("--html", "html_only", is_flag=True, help="Of the mail's two parts, show only the HTML.")
@json_option
def diff(issues: tuple[str, ...], against: str, text_only: bool, html_only: bool, json_: bool) -> int:
    """Show what changed in the mail of an issue since a commit.

    Both sides are rendered, each with the references, images, templates and settings of its time; on both, the
    disclaimers are those in force today. Without ISSUE it shows every issue that a changed file belongs to. Nothing in
    your files or in git is touched. Exit code 1 when there are new errors.

    \b
    Example:
      newsletter diff running-after-hip-resurfacing
      newsletter diff --against origin/main...
    """
    from newsletter.cli.diff.lines import as_json, lines_of
    from newsletter.pipeline.mail_facts import Part
    from newsletter.probe.git import find_commit

    place = workspace(near=issues[0] if issues else None)
    commit = find_commit(place.folder, against)
    found, notes = compare_all(place, commit, issues, now(), quiet=json_)
    if text_only is not html_only:
        found = [one.only(Part.TEXT if text_only else Part.HTML) for one in found]
    if json_:
        show.as_json(as_json(found, commit, notes))
    else:
        for line in lines_of(found, commit, notes, whole_html=html_only):
            click.echo(line)
    return 1 if any(one.has_new_errors for one in found) else 0


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """An issue's file as it is, and its path in the workspace as it was; None where it is not there."""

    slug: str
    now: Path | None
    then: PurePosixPath | None

    def needs(self, path: PurePosixPath) -> bool:
        """Whether its earlier state depends on a file: on all but those of other issues."""
        return self.then is not None and (path.parts[0] != "issues" or self.then.parent in path.parents)


def compare_all(
    place: Workspace, commit: Commit, names: Sequence[str], moment: datetime, *, quiet: bool = True
) -> tuple[list[Comparison], Sequence[str]]:
    """Each named issue compared, without names each that a changed file belongs to; and notes about the earlier state.

    Raises:
        IssueNotFound: there is no such issue, neither now nor then.
    """
    from newsletter.pipeline import prepare
    from newsletter.pipeline.comparing import compare
    from newsletter.probe.past import stored_files, written

    files = stored_files(place.folder, commit)
    then = {one.path for one in files}
    pairs = [_named(place, commit, name, then) for name in names] if names else _touched(place, commit, then)
    pairs = [*dict.fromkeys(pairs)]
    found = []
    with (
        written([one for one in files if any(pair.needs(one.path) for pair in pairs)], place.folder) as past,
        show.progress(pairs, "Comparing", quiet=quiet or len(pairs) < _BAR_FROM) as going,
    ):
        for pair in going:
            before = _earlier(past.folder, place, pair, moment)
            after = prepare(place, pair.now, moment) if pair.now else None
            found.append(compare(before, after, pair.slug, place.settings))
    return found, past.notes


def _earlier(folder: Path, place: Workspace, pair: _Pair, moment: datetime) -> Prepared | None:
    """The issue as it was; what stands in today's .env holds for it as well. Settings that were broken are its problems."""
    from newsletter.pipeline import Prepared, prepare
    from newsletter.pipeline.comparing import relocated
    from newsletter.settings import load

    if pair.then is None:
        return None
    path = folder / pair.then
    try:
        earlier = load(folder, os.environ, place.folder / ".env")
        prepared = prepare(earlier, path, moment)
    except WorkspaceNotFound:
        return None
    except BadSettings as why:
        prepared = Prepared(slug=pair.slug, path=path, problems=why.problems)
    return relocated(prepared, folder, place.folder)


def _named(place: Workspace, commit: Commit, name: str, then: AbstractSet[PurePosixPath]) -> _Pair:
    from newsletter.read import find_issue, slug_of

    try:
        return _pair(place, commit, find_issue(place.folder, name), then)
    except IssueNotFound:
        slug = slug_of(Path(name))
        gone = next((path for path in _usual_paths(slug) if path in then), None)
        if gone is None:
            raise
        return _Pair(slug=slug, now=None, then=gone)


def _pair(place: Workspace, commit: Commit, path: Path, then: AbstractSet[PurePosixPath]) -> _Pair:
    """Its earlier path is the same, or the one that git knows it was renamed from, or the other usual one of its slug."""
    from newsletter.probe.git import former_name
    from newsletter.read import slug_of

    slug, whole = slug_of(path), path.parent.resolve() / path.name
    candidates = _usual_paths(slug)
    if whole.is_relative_to(place.folder):
        inside = PurePosixPath(whole.relative_to(place.folder).as_posix())
        former = former_name(place.folder, commit, inside) if inside not in then else None
        candidates = [inside, *([former] if former else []), *candidates]
    return _Pair(slug=slug, now=path, then=next((path for path in candidates if path in then), None))


def _touched(place: Workspace, commit: Commit, then: AbstractSet[PurePosixPath]) -> list[_Pair]:
    """Of all issues those that a changed file belongs to, and those that are gone."""
    from newsletter.probe.git import changed_files
    from newsletter.read import slug_of, touched_issues

    files = changed_files(place.folder, commit)
    touched = touched_issues(place, [place.folder / file for file in files])
    pairs = [_pair(place, commit, path, then) for path in touched]
    known = {pair.then for pair in pairs}
    gone = (file for file in files if file in {*_usual_paths(slug_of(Path(file)))} & {*then} - known)
    pairs += [
        _Pair(slug=slug_of(Path(file)), now=None, then=file) for file in gone if not (place.folder / file).exists()
    ]
    return sorted(pairs, key=lambda pair: pair.slug)


def _usual_paths(slug: str) -> list[PurePosixPath]:
    return [PurePosixPath("issues", slug, "issue.md"), PurePosixPath("issues", f"{slug}.md")]
