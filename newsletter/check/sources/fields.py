"""The fields of a record: its texts, its people, and what its dates can mean. Whatever has no known shape counts as missing."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.reference import Reference

#: where the names of a source stand
PEOPLE = ("author", "editor", "translator", "director", "recipient", "interviewer")
#: the formatting that CSL-JSON allows within texts
_TAG = re.compile(r"</?(?:i|em|b|strong|sub|sup|span)(?: [^<>]{0,60})?>")
_FORTHCOMING = re.compile(
    r"\b(?:in press|forthcoming|accepted|to appear|im druck|en prensa|sous presse)\b", re.IGNORECASE
)


def text(reference: Reference, name: str) -> str:
    value = reference.csl.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def words(reference: Reference, name: str) -> str:
    """The text without its formatting."""
    return " ".join(_TAG.sub("", text(reference, name)).split())


def has(reference: Reference, *names: str) -> bool:
    """Whether it has one of these texts."""
    return any(text(reference, name) for name in names)


def kind(reference: Reference) -> str:
    return text(reference, "type")


def can_be_looked_up(reference: Reference) -> bool:
    """A reader finds it by one click, whatever else is missing."""
    return has(reference, "DOI", "PMID", "PMCID")


def people(reference: Reference, field: str) -> list[Mapping[str, Any]]:
    names = reference.csl.get(field)
    return [name for name in names if isinstance(name, dict)] if isinstance(names, list | tuple) else []


def part(name: Mapping[str, Any], which: str) -> str:
    value = name.get(which)
    return value.strip() if isinstance(value, str) else ""


def span(reference: Reference, name: str) -> tuple[date, date] | None:
    """The first and the last day that a date can mean: all of 2019 for `2019`."""
    value = reference.csl.get(name)
    parts = value.get("date-parts") if isinstance(value, dict) else None
    try:
        return (_first(parts[0]), _last(parts[-1])) if parts else None
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return None


def _first(parts: list[int]) -> date:
    year, month, day = (*parts, *(1, 1)[len(parts) - 1 :])
    return date(year, month, day)


def _last(parts: list[int]) -> date:
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])


def is_forthcoming(reference: Reference) -> bool:
    """It says itself that it is not out yet: "in press"."""
    issued = reference.csl.get("issued")
    literal = issued.get("literal") if isinstance(issued, dict) else ""
    return any(_FORTHCOMING.search(str(said)[:200]) for said in (literal, text(reference, "status")))
