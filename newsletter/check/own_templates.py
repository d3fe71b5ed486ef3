"""Where a piece of a mail stands in the workspace's own templates: file, line and column, found by looking for its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.errors import WorkspaceNotFound
from newsletter.model.problem import Place
from newsletter.settings import find_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.issue import Issue

#: a template is a few kilobytes; what is larger is none
_MOST = 500_000


def workspace_of(issue: Issue) -> Path | None:
    """The folder of the newsletter that the issue's file lies in."""
    try:
        return find_workspace(issue.path.absolute().parent)
    except WorkspaceNotFound:
        return None


def place_in_templates(issue: Issue, pattern: str) -> Place | None:
    """The first place of the workspace's mail templates that the pattern matches; None where it is not from there."""
    folder = workspace_of(issue)
    root = folder / "templates" / "email" if folder else None
    if root is None or not root.is_dir():
        return None
    wanted = re.compile(pattern, re.IGNORECASE)
    for path in sorted(path for path in root.rglob("*.j2") if path.is_file()):
        if found := _in_file(path, wanted):
            return found
    return None


def _in_file(path: Path, wanted: re.Pattern[str]) -> Place | None:
    try:
        text = path.read_text(encoding="utf-8")[:_MOST]
    except (OSError, UnicodeDecodeError):
        return None
    for number, line in enumerate(text.splitlines(), 1):
        if found := wanted.search(line):
            return Place(file=str(path), line=number, column=found.start() + 1)
    return None
