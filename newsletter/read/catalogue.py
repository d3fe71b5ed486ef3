"""All disclaimers: the shipped ones, and those of the workspace, where a file of the same name replaces ours."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error
from newsletter.read.disclaimers import read_disclaimer
from newsletter.read.source import decode

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.problem import Problem
    from newsletter.settings import Settings

#: every mail carries them, and Gmail shows 102 KB of a mail
_LARGEST = 100_000


def load_disclaimers(
    folders: tuple[Path, ...], settings: Settings | None = None
) -> tuple[list[Disclaimer], list[Problem]]:
    """Every disclaimer of every language. `folders` are template folders that come before the shipped one.

    With settings, merge tags such as `{{ sender.phone }}` are put in.
    """
    chosen: dict[str, Traversable] = {}
    for folder in (files("newsletter.templates"), *reversed(folders)):
        place = folder / "disclaimers"
        if place.is_dir():
            chosen.update({entry.name: entry for entry in place.iterdir() if entry.name.endswith(".md")})
    disclaimers: list[Disclaimer] = []
    problems: list[Problem] = []
    for _, entry in sorted(chosen.items()):
        text, found = _text(entry)
        problems += found
        if text is None:
            continue
        disclaimer, found = read_disclaimer(text, str(entry), settings)
        problems += found
        if disclaimer:
            disclaimers.append(disclaimer)
    return disclaimers, problems


def _text(entry: Traversable) -> tuple[str | None, list[Problem]]:
    content = entry.read_bytes()
    if len(content) <= _LARGEST:
        return decode(content, str(entry))
    what = f"this disclaimer has {len(content) // 1000:,} KB; it may have {_LARGEST // 1000}"
    fix = "Put the long form on a web page, and check that this is the right file."
    return None, [error("file-too-large", Place(file=str(entry)), what, fix)]
