"""All disclaimers: the shipped ones, and those of the workspace, where a file of the same name replaces ours."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from newsletter.read.disclaimers import read_disclaimer
from newsletter.read.source import decode

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.problem import Problem
    from newsletter.settings import Settings


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
        text, found = decode(entry.read_bytes(), str(entry))
        problems += found
        if text is None:
            continue
        disclaimer, found = read_disclaimer(text, str(entry), settings)
        problems += found
        if disclaimer:
            disclaimers.append(disclaimer)
    return disclaimers, problems
