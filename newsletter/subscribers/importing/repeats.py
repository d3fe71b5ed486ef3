"""May this be a second row of its person? Told from 16 MB, whatever the file: sure when it says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: hex digits of a hash that are looked at, a byte for each of their values
_DIGITS = 6


class Repeats:
    def __init__(self) -> None:
        self._seen = bytearray(16**_DIGITS)

    def cells_of(self, hashes: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        """The cells of each row that may be a repeated one, empty for the others.

        A repeated row is rejected when it is found out for sure, and then has to be written down as it stands.
        """
        seen = self._seen
        kept: list[Sequence[str]] = [()] * len(hashes)
        for place, identity_hash in enumerate(hashes):
            slot = int(identity_hash[:_DIGITS], 16)
            if seen[slot]:
                kept[place] = rows[place]
            else:
                seen[slot] = 1
        return kept
