"""What an export tells of a person, as cells of a table and as JSON; `import` reads the cells back unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from newsletter.subscribers.exporting.guarding import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from newsletter.model.exporting import Exported
    from newsletter.model.subscriber import SubscriptionStatus

Cell = str | int | float
_FIELDS = ("email", "first_name", "last_name", "language", "timezone")
_FACTS = ("tags", "joined_at", "known_since", "tracking", "suppressed")
#: of the one list that was asked for; of several, `list:news` and `list:news since`
_STATUS, _SINCE = "status", "status_since"
_TAKEN = frozenset({*_FIELDS, *_FACTS, _STATUS, _SINCE})


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns: fields, attributes, facts, then how they stand with each list."""

    attributes: tuple[str, ...]
    lists: tuple[str, ...]
    #: only one list was asked for
    one_list: bool

    @property
    def headings(self) -> tuple[str, ...]:
        names = (f"attribute {name}" if name in _TAKEN else name for name in self.attributes)
        return (*_FIELDS, *names, *_FACTS, *self._list_headings())

    def _list_headings(self) -> Iterable[str]:
        if self.one_list:
            return (_STATUS, _SINCE)
        return (heading for name in self.lists for heading in (f"list:{name}", f"list:{name} since"))

    def cells(self, one: Exported) -> list[Cell]:
        """Texts that no spreadsheet runs as a formula, and plain numbers."""
        person = one.subscriber
        return [
            *(guarded(text) for text in (person.address, person.first_name, person.last_name)),
            person.language,
            person.timezone,
            *(_cell(person.attributes.get(name, "")) for name in self.attributes),
            guarded(", ".join(one.tags)),
            _second(one.joined_at),
            _second(one.known_since),
            _yes_no(person.tracking),
            one.suppressed or "",
            *(cell for name in self.lists for cell in _standing(one.lists.get(name))),
        ]


def layout_of(known: Sequence[str], stored: Iterable[str], lists: Sequence[str], *, one_list: bool) -> Layout:
    """`known` are the attributes of newsletter.toml, in its order; what else is stored comes behind them."""
    others = sorted(set(stored) - set(known))
    return Layout(attributes=(*known, *others), lists=tuple(lists), one_list=one_list)


def as_json(one: Exported) -> dict[str, Any]:
    person = one.subscriber
    return {
        "email": person.address,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language": person.language,
        "timezone": person.timezone,
        "attributes": dict(person.attributes),
        "tags": list(one.tags),
        "joined_at": _moment(one.joined_at) or None,
        "known_since": _moment(one.known_since),
        "tracking": person.tracking,
        "suppressed": one.suppressed,
        "lists": {name: {"status": status, "since": _moment(since)} for name, (status, since) in one.lists.items()},
    }


def _cell(value: str | float | bool) -> Cell:
    if isinstance(value, bool):
        return _yes_no(value)
    return guarded(value) if isinstance(value, str) else value


def plain(cell: Cell) -> str:
    """The cell as text; a number without an exponent, which an import does not take for one."""
    if isinstance(cell, float) and "e" in (short := repr(cell)):
        return format(Decimal(short), "f")
    return str(cell)


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _second(moment: datetime | None) -> str:
    """To the second, rounded up: of two times of joining an import keeps the earlier one, which is then the stored one."""
    if moment is None:
        return ""
    return _moment(moment.replace(microsecond=0) + timedelta(seconds=moment.microsecond > 0))


def _standing(entry: tuple[SubscriptionStatus, datetime] | None) -> tuple[str, str]:
    return (entry[0], _second(entry[1])) if entry else ("", "")
