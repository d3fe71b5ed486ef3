"""A telephone number as people write it -> what a telephone needs of it, for `tel:` links."""

from __future__ import annotations

import re

_SPOKEN_ZERO = re.compile(r"(\+\s?\d{1,3}\s?)\(0\)")
#: it ends where words begin, such as the hours at which somebody answers
_NUMBER = re.compile(r"[+*\d](?:[\d\s().\-\u2010-\u2015/]*\d)?")


def dialled(phone: str) -> str:
    """`+44 (0)20 7946 0123 (Mon-Fri 9-5)` -> `+442079460123`; "" where there is no number."""
    number = _NUMBER.search(_SPOKEN_ZERO.sub(r"\1", phone))
    return re.sub(r"[^\d+*]", "", number[0]) if number else ""
