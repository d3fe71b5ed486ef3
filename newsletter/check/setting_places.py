"""Where a setting stands in the newsletter.toml of an issue's workspace: its line, or its section's, or the file as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.own_templates import workspace_of
from newsletter.model.problem import Place
from newsletter.settings.load import FILE_NAME
from newsletter.settings.toml_places import toml_places

if TYPE_CHECKING:
    from newsletter.model.issue import Issue


def place_of_setting(issue: Issue, *keys: str) -> Place:
    """A value that comes from the environment has the place of its section."""
    folder = workspace_of(issue)
    if folder is None:
        return Place(file=FILE_NAME)
    path = folder / FILE_NAME
    try:
        places = toml_places(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return Place(file=FILE_NAME)
    for length in range(len(keys), 0, -1):
        if found := places.get(keys[:length]):
            return Place(file=str(path), line=found[0], column=found[1])
    return Place(file=str(path))
