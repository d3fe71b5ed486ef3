"""One row of a file, or the reason why it could not be read."""

from __future__ import annotations

from typing import NamedTuple


class Record(NamedTuple):
    """`fault` says why the line could not be read; there are no cells then."""

    line: int
    cells: list[str]
    fault: str = ""
