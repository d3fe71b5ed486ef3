"""The name that someone typed -> the issue file. A name is a slug, a folder or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import IssueNotFound
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

ISSUE_FILE = "issue.md"


def find_issue(workspace_folder: Path, name: str) -> Path:
    """A slug is looked for in the workspace; a folder or file in the current folder, then in the workspace.

    Raises:
        IssueNotFound: with the nearest slug, if one is near.
    """
    found = (
        next((path for path in _candidates(workspace_folder, name) if _is_file(path)), None) if name.strip() else None
    )
    if found is None:
        raise IssueNotFound(name, nearest(slug_of(Path(name)), slugs(workspace_folder)))
    return found


def slug_of(path: Path) -> str:
    """The name of the folder of an issue.md, else the name of the file without its ending."""
    absolute = path.absolute()
    return absolute.parent.name if absolute.name == ISSUE_FILE else absolute.stem


def slugs(workspace_folder: Path) -> list[str]:
    """The slugs of all issues in the workspace."""
    folder = workspace_folder / "issues"
    found = {path.parent.name for path in folder.glob(f"*/{ISSUE_FILE}")} | {path.stem for path in folder.glob("*.md")}
    return sorted(found)


def _candidates(workspace_folder: Path, name: str) -> Iterator[Path]:
    issues = workspace_folder / "issues"
    name = name.rstrip("/") if name.strip("/") else name
    if "/" not in name and "\\" not in name and name not in {".", ".."}:
        yield issues / name / ISSUE_FILE
        yield issues / f"{name}.md"
    for folder in (Path(), workspace_folder):
        yield folder / name
        yield folder / name / ISSUE_FILE


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long or has a NUL
        return False
