"""An entry of the audit log, for people and for programs."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsletter.cli import show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from newsletter.model.audit import Entry

#: hashes are cut so far for people
_HASH, _SHOWN = 64, 12
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*\+00:00")


def entry_json(one: Entry) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "actor": one.actor,
        "action": one.action,
        "subject": one.subject,
        "facts": _facts(one),
        "hash": one.hash,
    }


def entry_lines(one: Entry, zone: tzinfo) -> Iterator[str]:
    who, what = show.clean(one.actor), show.clean(one.subject)
    yield f"{one.number:>6}  {show.moment(one.at, zone)}  {who}  {show.clean(one.action)}: {what}"
    if told := _told(_facts(one), zone):
        yield show.folded(f"        {show.clean(told)}", "        ")


def _told(facts: dict[str, Any], zone: tzinfo) -> str:
    try:
        return "; ".join(
            f"{name.replace('_', ' ')}: {_said(value, zone)}" for name, value in facts.items() if _says(value)
        )
    except RecursionError:
        return "unreadable"


def _facts(one: Entry) -> dict[str, Any]:
    """Those of a damaged entry may be anything."""
    try:
        found = json.loads(one.facts)
    except (ValueError, RecursionError):
        return {"unreadable": one.facts}
    return found if isinstance(found, dict) else {"unreadable": one.facts}


def _says(value: object) -> bool:
    return value not in (None, "", [], {}, False)


def _said(value: object, zone: tzinfo) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(one, zone)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_said(one, zone) for one in value)
    if value is True:
        return "yes"
    if isinstance(value, int):
        return show.number(value)
    text = str(value)
    if _MOMENT.fullmatch(text):
        return _at(text, zone)
    return f"{text[:_SHOWN]}..." if len(text) == _HASH and text.isalnum() else text


def _at(text: str, zone: tzinfo) -> str:
    """A moment by the same clocks as those of the entries; one that is none as it stands."""
    try:
        return show.moment(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        return text
