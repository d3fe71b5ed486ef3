"""What separates the columns of a text file? Told by its first line (`sep=;`, as Excel writes it), or by the header."""

from __future__ import annotations

import csv
import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SEPARATORS = ",;\t|"
_SAID = re.compile(r'"?sep=(\\t|[^"\w\r\n])"?[,;\s]*', re.IGNORECASE)
_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def given_separator(text: str) -> str:
    """The separator that a person names by itself or by its name.

    Raises:
        ValueError: nothing can be separated by it.
    """
    separator = _WORDS.get(text.strip().casefold(), text)
    if len(separator) != 1 or separator in '"\r\n\0':
        raise ValueError(f"`{text[:20]}` cannot separate columns; name one character, or tab")
    return separator


def said_separator(line: str) -> str | None:
    """The separator that a line says and says nothing else."""
    said = _SAID.fullmatch(line.strip("\ufeff"))
    return _WORDS.get(said[1], said[1]) if said else None


def separator_of(header: str, following: Sequence[str] = ()) -> str:
    """The separator that cuts the header into most columns; where lines below it are cut into as many counts more."""

    def fits(separator: str) -> tuple[int, int]:
        width = len(_cells(header, separator))
        alike = sum(len(_cells(line, separator)) == width for line in following) if width > 1 else 0
        return (2 * alike > len(following)), width

    return max(SEPARATORS, key=fits)


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(islice(csv.reader([line], delimiter=separator), 1), [])
    except csv.Error:  # longer than any field may be
        return []
