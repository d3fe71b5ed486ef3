"""The tables of conditions as they stand in the file, before anything is known to be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]
Table = dict[str, Any]
#: where it is, and `what is wrong | what to do`
Fault = tuple[Path, str]


def tables(name: str, segment: Any) -> Iterator[tuple[Path, Table]]:  # noqa: ANN401 - whatever the file says
    """Those of one segment, itself first; without recursion, since they may stand ever so deep in each other."""
    waiting: list[tuple[Path, Any]] = [((name,), segment)]
    while waiting:
        path, table = waiting.pop()
        if isinstance(table, dict):
            yield path, table
            waiting += reversed(list(_parts(path, table)))


def all_tables(segments: Table) -> Iterator[tuple[Path, Table]]:
    for name, segment in segments.items():
        yield from tables(name, segment)


def levels(path: Path) -> int:
    """How deep a table stands, 1 for the segment itself."""
    return sum(isinstance(step, str) for step in path)


def _parts(path: Path, table: Table) -> Iterator[tuple[Path, Any]]:
    for key in ("all", "any"):
        if isinstance(table.get(key), list | tuple):
            yield from (((*path, key, place), part) for place, part in enumerate(table[key]))
    if "not" in table:
        yield (*path, "not"), table["not"]
