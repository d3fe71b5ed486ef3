"""The files of an issue as they are now -> an edition of it, or words for why there is none. Runs in the worker thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import BadSettings, FileUnreadable, IssueNotFound, NewsletterError, WorkspaceNotFound
from newsletter.model.problem import Level
from newsletter.web.guard import log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.pipeline import Prepared
    from newsletter.settings import Workspace

#: beginnings of the codes of errors after which what was rendered is not what the author means
_BROKEN = ("file-", "front-matter-syntax", "front-matter-unclosed", "front-matter-missing", "front-matter-too-large")
_BROKEN_TEMPLATE = ("template-syntax", "template-error")


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An issue as its files were at one moment."""

    at: datetime
    workspace: Workspace
    prepared: Prepared


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why the files as they are now cannot be shown: a sentence, what to do, and the problems that tell where."""

    what: str
    fix: str
    at: datetime
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, kw_only=True)
class Made:
    """`edition` beside a `trouble` is makeshift: something can be shown, but not what the author means."""

    edition: Edition | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, kw_only=True)
class Maker:
    """Makes editions. Whatever goes wrong comes back as a Trouble; nothing is raised."""

    load: Callable[[], Workspace]
    find: Callable[[str], Path]
    clock: Callable[[], datetime]

    def make(self, slug: str) -> Made:
        at = self.clock()
        try:
            workspace = self.load()
            prepared = _prepare(workspace, self.find(slug), at)
        except NewsletterError as why:
            return Made(trouble=_told(why, at))
        except Exception as failure:  # noqa: BLE001 - the preview must outlive whatever a file does to it
            log_failure("rendering failed", failure)
            return Made(trouble=_failed(failure, at))
        return _judged(Edition(at=at, workspace=workspace, prepared=prepared))


def _prepare(workspace: Workspace, path: Path, now: datetime) -> Prepared:
    from newsletter import pipeline

    return pipeline.prepare(workspace, path, now)


def _judged(edition: Edition) -> Made:
    """Whether the edition is what its author means."""
    prepared = edition.prepared
    errors = [one for one in prepared.problems if one.level is Level.ERROR]
    broken = [one for one in errors if one.code.startswith(_BROKEN) and one.place.file == str(prepared.path)]
    template = [one for one in errors if one.code.startswith(_BROKEN_TEMPLATE)]
    if not (broken or template or not prepared.variants):
        return Made(edition=edition)
    what = "A template has a mistake" if template and not broken else "The issue's file cannot be read as it is"
    trouble = Trouble(
        what=what,
        fix="Mend the first problem in the list and save; the preview goes on by itself.",
        at=edition.at,
        problems=tuple(dict.fromkeys([*broken, *template, *prepared.problems])),
    )
    return Made(edition=edition if prepared.variants else None, trouble=trouble)


def _told(why: NewsletterError, at: datetime) -> Trouble:
    match why:
        case BadSettings():
            what, fix = "newsletter.toml has mistakes", "Mend them and save; the preview goes on by itself."
        case WorkspaceNotFound():
            what, fix = "newsletter.toml is gone", "Put it back; the preview goes on by itself."
        case IssueNotFound():
            what, fix = "The issue's file is gone", "Put it back, or choose another issue in the list of all issues."
        case FileUnreadable():
            what, fix = f"A file cannot be read ({why.why})", "Mend this; the preview goes on by itself."
        case _:
            what, fix = str(why), "Mend this and save; the preview goes on by itself."
    return Trouble(what=what, fix=fix, at=at, problems=tuple(getattr(why, "problems", ())))


def _failed(failure: Exception, at: datetime) -> Trouble:
    """The kind of the failure only: its words may quote a reader."""
    what = f"Rendering failed by a fault of ours ({type(failure).__name__})"
    fix = "Please report it, with what you changed last. Undo that change, and the preview goes on by itself."
    return Trouble(what=what, fix=fix, at=at)
