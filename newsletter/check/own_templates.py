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
    wanted = re.compile(pattern, re.IGNORECASE)
    return next((found for path in own_templates(issue) if (found := _in_file(path, wanted))), None)


def own_templates(issue: Issue, names: str = "*.j2") -> list[Path]:
    """The workspace's mail templates that are called so, by name."""
    folder = workspace_of(issue)
    root = folder / "templates" / "email" if folder else None
    return sorted(path for path in root.rglob(names) if path.is_file()) if root and root.is_dir() else []


def text_of(path: Path) -> str:
    """Of a template; empty where it cannot be read, which is told elsewhere."""
    try:
        return path.read_text(encoding="utf-8")[:_MOST]
    except (OSError, UnicodeDecodeError):
        return ""


def _in_file(path: Path, wanted: re.Pattern[str]) -> Place | None:
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if found := wanted.search(line):
            return Place(file=str(path), line=number, column=found.start() + 1)
    return None
