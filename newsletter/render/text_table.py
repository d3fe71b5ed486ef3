"""A table in plain text: in columns where it fits on a line, else row by row as `head: cell`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.document import Align
from newsletter.render.text_wrap import columns, prefixed, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = list[str]
_GAP = "  "


def table_text(header: Row, rows: list[Row], align: Sequence[Align | None], width: int) -> str:
    """Cells are plain text, not wrapped yet."""
    flat = [[cell.replace("\n", " ") for cell in row] for row in (header, *rows)]
    sizes = [max(columns(row[index]) for row in flat) for index in range(len(header))]
    if sum(sizes) + len(_GAP) * (len(sizes) - 1) > width:
        return "\n\n".join(_listed(flat[0], row, width) for row in flat[1:])
    lines = [_line(row, sizes, align) for row in flat]
    lines.insert(1, _GAP.join("-" * size for size in sizes))
    return "\n".join(lines)


def _line(row: Row, sizes: list[int], align: Sequence[Align | None]) -> str:
    cells = (_padded(cell, size, side) for cell, size, side in zip(row, sizes, align, strict=True))
    return _GAP.join(cells).rstrip()


def _padded(cell: str, size: int, align: Align | None) -> str:
    spare = size - columns(cell)
    before = {Align.RIGHT: spare, Align.CENTER: spare // 2}.get(align or Align.LEFT, 0)
    return " " * before + cell + " " * (spare - before)


def _listed(header: Row, row: Row, width: int) -> str:
    pairs = (f"{head}: {cell}" if head else cell for head, cell in zip(header, row, strict=True) if cell)
    return "\n".join(prefixed(wrapped(pair, width - 2), "", "  ") for pair in pairs)
