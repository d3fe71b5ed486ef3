"""How much a file of references may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.problem import error

if TYPE_CHECKING:
    from newsletter.model.problem import Place, Problem

MOST_ENTRIES = 10_000


def too_many_entries(name: str, count: int, written_at: Place) -> Problem | None:
    """What to tell of a file with so many entries, if that is too many."""
    if count <= MOST_ENTRIES:
        return None
    return too_large(f"`{name}` has {count:,} entries; {MOST_ENTRIES:,} are allowed", written_at)


def too_large(what: str, written_at: Place) -> Problem:
    """A file that would take too long to read."""
    fix = "Export only the references that the issue cites."
    return error("reference-file-too-large", written_at, what, fix)
