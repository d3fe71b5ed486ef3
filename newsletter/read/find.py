"""The name that someone typed -> the issue file. A name is a slug, a folder or a file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from newsletter.errors import IssueNotFound
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.settings import Workspace

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


def find_issues(place: Workspace, names: Iterable[str]) -> list[Path]:
    """The issues that these names stand for, each once. A file beside an issue stands for it, settings and templates for all.

    Raises:
        IssueNotFound: for the first name that stands for nothing.
    """
    found: dict[Path, None] = {}
    for name in names:
        path = find_issue(place.folder, name)
        in_issues = _within(place.folder, path).parts[:1] == ("issues",)
        alone = [] if in_issues and path.suffix != ".md" else [path]
        found |= dict.fromkeys(touched_issues(place, [path]) or alone)
    return list(found)


def touched_issues(place: Workspace, files: Iterable[Path]) -> list[Path]:
    """The issues that a change of any of these files is a change of; a file may be gone, its issue may not."""
    settings = place.settings
    words, claims = settings.prose.glossary, settings.claims.rules
    of_all = {"newsletter.toml", settings.theme.logo, words, claims, *settings.checks.rules}
    found: dict[Path, None] = {}
    for file in files:
        inside = _within(place.folder, file)
        shared = inside.parts[:1] in {("templates",), ("styles",)} or inside.is_relative_to(settings.references.folder)
        if shared or str(inside) in of_all:
            return every_issue(place.folder)
        found |= dict.fromkeys(_issues_beside(place.folder / "issues", inside))
    return list(found)


def _issues_beside(folder: Path, inside: PurePosixPath) -> Iterable[Path]:
    """The issue whose folder a file lies in; directly in issues/ each Markdown file is one, and others belong to all of these."""
    match inside.parts:
        case ("issues", slug, _, *_):
            paths = [folder / slug / ISSUE_FILE]
        case ("issues", name):
            paths = [folder / name] if inside.suffix == ".md" else sorted(folder.glob("*.md"))
        case _:
            paths = []
    return [path for path in paths if _is_file(path)]


def _within(workspace_folder: Path, file: Path) -> PurePosixPath:
    """The path within the workspace, the whole one for a file elsewhere."""
    path = file.parent.resolve() / file.name
    home = workspace_folder.resolve()
    return PurePosixPath((path.relative_to(home) if path.is_relative_to(home) else path).as_posix())


def slug_of(path: Path) -> str:
    """The name of the folder of an issue.md, else the name of the file without its ending."""
    absolute = path.absolute()
    return absolute.parent.name if absolute.name == ISSUE_FILE else absolute.stem


def slugs(workspace_folder: Path) -> list[str]:
    """The slugs of all issues in the workspace."""
    folder = workspace_folder / "issues"
    found = {path.parent.name for path in folder.glob(f"*/{ISSUE_FILE}")} | {path.stem for path in folder.glob("*.md")}
    return sorted(found)


def every_issue(workspace_folder: Path) -> list[Path]:
    """The files of all issues in the workspace, by slug."""
    return [find_issue(workspace_folder, slug) for slug in slugs(workspace_folder)]


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
