"""Dates of sources: from the many spellings of exports to CSL's `date-parts` (year, month, day) or a `literal`."""

from __future__ import annotations

import re
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from newsletter.references.text import imported

if TYPE_CHECKING:
    from collections.abc import Mapping

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: CSL numbers seasons 13-16 or 21-24 in the place of the month
_SEASONS = frozenset({13, 14, 15, 16, 21, 22, 23, 24})
#: how exports write that they know no date
_NO_DATE: tuple[object, ...] = ([], [None], [0], [""], None)
#: and how they write that they know no month or day
_UNKNOWN: tuple[object, ...] = (None, 0, "", "0", "00")


class NotADate(ValueError):
    """what is written is not a date"""


def date_of(value: Any) -> dict[str, Any] | None:  # noqa: ANN401 - whatever a file holds
    """CSL-JSON's date with valid parts, None when it is empty.

    Raises:
        NotADate: a date that cannot be.
    """
    if value in (None, "", {}):
        return None
    match value:
        case bool():
            raise NotADate
        case date():
            # YAML reads 2026-11-02 as one
            return _from_text(value.isoformat())
        case str() | int():
            return _from_text(str(value))
        case {"date-parts": [*parts]}:
            known = [_parts(part) for part in parts[:2] if part not in _NO_DATE]
            return {"date-parts": known} if known else None
        case {"literal": str(text)} | {"raw": str(text)}:
            return _from_text(text)
        case _:
            raise NotADate


def _from_text(text: str) -> dict[str, Any] | None:
    """`2012`, `2012-04`, `2012-04-16`, a range `2011/2013`; anything else stays as it is: "in press"."""
    text = imported(text)
    ends = [_ISO.fullmatch(end) for end in text.split("/")]
    if len(ends) <= 2 and all(ends):
        return {"date-parts": [_parts([part for part in end.groups() if part]) for end in ends if end]}
    return {"literal": text} if text else None


def _parts(parts: Any) -> list[int]:  # noqa: ANN401 - whatever a file holds
    if not isinstance(parts, list | tuple) or not 1 <= len(parts) <= 3:
        raise NotADate
    # exports write a month or day that they do not know as 0 or as nothing
    numbers = [_number(part) for part in takewhile(lambda part: part not in _UNKNOWN, parts)]
    if not numbers or not 1 <= numbers[0] <= 2999:
        raise NotADate
    if len(numbers) > 1 and numbers[1] in _SEASONS:
        return numbers[:1]
    try:
        date(*[*numbers, 1, 1][:3])
    except (ValueError, OverflowError):
        raise NotADate from None
    return numbers


def _number(part: Any) -> int:  # noqa: ANN401 - whatever a file holds
    if isinstance(part, int) and not isinstance(part, bool):
        return part
    if isinstance(part, str) and part.strip().isdecimal() and len(part) < 10:
        return int(part)
    raise NotADate


def month_of(text: str) -> int | None:
    """The month of a BibTeX field: `apr`, `April`, `4`."""
    text = text.strip().lower()
    if text.isdecimal() and len(text) < 3 and 1 <= int(text) <= 12:
        return int(text)
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else None


def year_of(csl: Mapping[str, Any]) -> int | None:
    """The year in which a checked record was issued."""
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    return parts[0][0] if parts and parts[0] else None
