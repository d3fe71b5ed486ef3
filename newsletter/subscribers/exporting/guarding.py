"""Cells that a spreadsheet would run as formulas, made harmless by an apostrophe in front, and read back.

Everything that such a program may take for the beginning of a formula counts: `=`, `+`, `-`, `@`, a tab or a line break,
also in their wide forms, also behind spaces, quotes and apostrophes. A plain number such as -3 stays one. Where a
semicolon separates columns (German, Spanish), a text falls apart at it: what follows one is guarded alike.

`unguarded(guarded(cell)) == cell` for every text, those that really begin with an apostrophe included.
"""

from __future__ import annotations

import re

_GUARD = "'"
#: = + - @ as such, as full-width, small and mathematical forms
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
#: what spreadsheets skip or drop before a formula
_SKIPPED = "\\s\"'\u200b-\u200f\u2060\ufeff"
_RUNS = re.compile(f"[{_SKIPPED}]*[{_SIGNS}]|[{_SKIPPED}]*[\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def guarded(cell: str) -> str:
    """The text for a cell of a CSV file or a sheet."""
    if ";" not in cell:
        return _guard(cell)
    return ";".join(_guard(part) for part in cell.split(";"))


def unguarded(cell: str) -> str:
    """The text of a cell as it was before `guarded`, or before another program (Ghost, Papa Parse) did the same."""
    if _GUARD not in cell:
        return cell
    return ";".join(_unguard(part) for part in cell.split(";"))


def _guard(part: str) -> str:
    if not _RUNS.match(part) or _NUMBER.fullmatch(part):
        return part
    return _GUARD + part


def _unguard(part: str) -> str:
    return part[1:] if part.startswith(_GUARD) and _RUNS.match(part[1:]) else part
