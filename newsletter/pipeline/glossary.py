"""The workspace's glossary: its own words and phrases, one on a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.problem import Place, warning

if TYPE_CHECKING:
    from newsletter.model.problem import Problem
    from newsletter.settings import Workspace

#: ten thousand words are a tenth of it
_LARGEST = 1_000_000
_LONGEST_LINE = 200


def words_of(workspace: Workspace) -> tuple[frozenset[str], list[Problem]]:
    """The words as they are written there; `#` begins a remark. Without a file there are none."""
    path = workspace.folder / workspace.settings.prose.glossary
    at = Place(file=str(path))
    try:
        if not path.is_file():
            return frozenset(), _missing(workspace, at)
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as why:
        return frozenset(), [_unreadable(at, f"it cannot be read ({why.strerror})", "Make the file readable.")]
    if len(content) > _LARGEST:
        return frozenset(), [_unreadable(at, "it is larger than 1 MB", "Check that it is the right file.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        place = Place(file=at.file, line=content.count(b"\n", 0, why.start) + 1, column=1)
        return frozenset(), [_unreadable(place, "it is not UTF-8 text", "Save it as UTF-8.")]
    lines = (" ".join(line.partition("#")[0].split())[:_LONGEST_LINE] for line in text.splitlines())
    return frozenset(line for line in lines if line), []


def _missing(workspace: Workspace, at: Place) -> list[Problem]:
    """Only a file that the settings name has to be there."""
    if "glossary" not in workspace.settings.prose.model_fields_set:
        return []
    return [_unreadable(at, "there is no such file", "Make it, or correct `glossary` in newsletter.toml.")]


def _unreadable(at: Place, why: str, fix: str) -> Problem:
    return warning("glossary-unreadable", at, f"the glossary of the workspace is not used: {why}", fix)
