"""Public ids for people whose rows come in the order of their hashes: random, and in ascending order as well.

So the index of public ids is filled from left to right like that of the hashes (runs.py). The first byte is drawn from as
small a range as that of the hashes, moved by a distance that is random for each import and then forgotten.
"""

from __future__ import annotations

import os

#: bytes, the first aside, and the hex digits that they are
_BYTES = 15
_TAIL = 2 * _BYTES


class PublicIds:
    def __init__(self) -> None:
        self._distance = os.urandom(1)[0]

    def ascending(self, count: int, first: int, last: int) -> list[str]:
        """So many for hashes whose first byte is from `first` to `last`. Their own first bytes ascend, from a random one."""
        width = last - first + 1
        heads = [first + byte % width for byte in sorted(os.urandom(count), key=lambda byte: byte % width)]
        digits = os.urandom(_BYTES * count).hex()
        moved = [f"{(byte + self._distance) % 256:02x}" for byte in range(256)]
        return [
            moved[head] + digits[at : at + _TAIL]
            for head, at in zip(heads, range(0, _TAIL * count, _TAIL), strict=True)
        ]
