"""Dates as PubMed, RIS and EndNote write them -> CSL's `date-parts`. What is not understood keeps at least its year."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from newsletter.references.dates import month_of

_PUBMED = re.compile(
    r"(\d{4})(?:\s+([A-Za-z]{3,9})\.?(?:\s+(\d{1,2}))?)?"
    r"(?:\s*[-/]\s*(?:(\d{4})\b)?\s*(?:([A-Za-z]{3,9})\.?)?\s*(\d{1,2})?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SLASHED = re.compile(r"(\d{4})\s*[/-]\s*(\d{1,2})?(?:\s*[/-]\s*(\d{1,2})?)?(?:[/T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s+([A-Za-z]{3,9})\.?(?:,?\s+(\d{4}))?")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?(?:\s+(\d{1,2}))?(?:,?\s+(\d{4}))?")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


def pubmed_date(text: str) -> dict[str, Any] | None:
    """`2012`, `2012 Apr`, `2012 Apr 16`, `2012 Spring`, `2012 Nov-Dec`, `2012-2013`, `2012 Dec-2013 Jan`, `20120127`."""
    text = text.strip()[:60]
    if match := _COMPACT.fullmatch(text):
        return _date(_parts(match[1], int(match[2]), match[3]))
    match = _PUBMED.fullmatch(text)
    if not match:
        return _year_in(text)
    year, month, day, last_year, last_month, last_day = match.groups()
    first = _parts(year, _month(month), day)
    end_month = _month(last_month) or (_month(month) if last_day and not last_month else None)
    last = _parts(last_year or year, end_month, last_day)
    is_range = last > first and (last_year or len(last) == len(first))
    return _date(first, last if is_range else None)


def ris_date(text: str, year: str = "") -> dict[str, Any] | None:
    """`2012/04/16/`, `2012/04//`, `2012///Spring`, `16 Apr 2012`, `April 16, 2012`; the year may stand elsewhere: `Apr 16`."""
    text = text.strip()[:60]
    if match := _SLASHED.fullmatch(text):
        return _date(_parts(match[1], int(match[2] or 0), match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return _date(_parts(match[3] or year, _month(match[2]), match[1]))
    if match := _MONTH_FIRST.fullmatch(text):
        return _date(_parts(match[3] or year, _month(match[1]), match[2]))
    return pubmed_date(text)


def year_of_text(text: str) -> str:
    """The first number that can be a year."""
    match = _YEAR.search(text[:60])
    return match[1] if match else ""


def _year_in(text: str) -> dict[str, Any] | None:
    return _date([int(year)]) if (year := year_of_text(text)) else None


def _month(name: str | None) -> int | None:
    """None for a season as well."""
    return month_of(name) if name else None


def _parts(year: str, month: int | None, day: str | None) -> list[int]:
    """As much of the date as there can be: February 31 is February."""
    if not year_of_text(year):
        return []
    parts = [int(year), month or 0, int(day or 0)]
    while 0 in parts or not _exists(parts):
        parts.pop()
    return parts


def _exists(parts: list[int]) -> bool:
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return len(parts) == 1
    return True


def _date(first: list[int], last: list[int] | None = None) -> dict[str, Any] | None:
    if not first:
        return None
    return {"date-parts": [first, last] if last else [first]}
