"""Labels of sources -> names of files inside the zip: safe on every system, and no two alike."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from newsletter.pipeline.sources import IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER = "sources/"
_NOT_IN_NAMES = re.compile(r"[^\w.()\[\] +-]+")
#: the beginning of a label -> the folder and the ending of its file
_KINDS = {
    "reference ": ("references/", ".json"),
    "disclaimer ": ("disclaimers/", ".txt"),
    "newsletter.toml ": ("settings/", ".txt"),
}
_LONGEST = 120


def names_of(labels: Iterable[str]) -> dict[str, str]:
    """Label -> the name of its file; images lie in a folder of their own and are left out."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for label in sorted(labels):
        if label.startswith(IMAGE):
            continue
        names[label] = free(_name(label), taken)
    return names


def safe(part: str) -> str:
    """One part of a name: of letters that every system takes, and never `..`."""
    return _NOT_IN_NAMES.sub("-", part).strip(". ")[:_LONGEST].strip(". ") or "unnamed"


def _name(label: str) -> str:
    for begins, (folder, ending) in _KINDS.items():
        if label.startswith(begins):
            return f"{_FOLDER}{folder}{safe(label.removeprefix(begins))}{ending}"
    return _FOLDER + "/".join(safe(part) for part in label.split("/"))


def free(name: str, taken: set[str]) -> str:
    """With a number before its ending where that name is taken, whatever its capitals; it is taken from then on."""
    path, number, found = PurePosixPath(name), 1, name
    while found.casefold() in taken:
        number += 1
        found = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
    taken.add(found.casefold())
    return found
