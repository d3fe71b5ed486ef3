"""One row of a file -> a Row, or everything that is wrong with it. Thorough and slow: quick_rows.py is the fast way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.model.identity import identity
from newsletter.model.importing import UNSAID, Row, moment_text
from newsletter.subscribers.columns import Kind
from newsletter.subscribers.columns.values import PADDING, about, refuse_hostile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from newsletter.model.importing import AttributeValue
    from newsletter.subscribers.columns import Columns

_NAMES = (Kind.FIRST_NAME, Kind.LAST_NAME)
_TEXTS = (*_NAMES, Kind.LANGUAGE, Kind.TIMEZONE, Kind.IP)


class RowRefused(Exception):
    """Why a row is not imported, in words."""


def read_row(
    line: int, cells: Sequence[str], columns: Columns, identity_hash: Callable[[str], str], now: datetime
) -> Row:
    """What a row says. Empty cells say nothing; a short row is one with empty cells at its end.

    Raises:
        RowRefused: it cannot be imported.
    """
    if any(cell.strip() for cell in cells[columns.width :]):
        raise RowRefused(
            f"the row has {len(cells)} cells and the header {columns.width}; put a text that has the separator in it into "
            "quotes"
        )
    found, attributes, reasons = _values(cells, columns)
    address = found.get(Kind.ADDRESS, "")
    person = _identity(address, reasons) if address else ""
    mark = _mark(cells, columns, reasons)
    if reasons or not person:
        raise RowRefused("; ".join(reasons) or "there is no address in this row")
    if names := found.get(Kind.FULL_NAME):
        found |= zip(_NAMES, names, strict=True)
    return Row(
        identity_hash=identity_hash(person),
        line=line,
        address=address,
        **{kind.value: found.get(kind, "") for kind in _TEXTS},
        attributes=attributes_text(attributes),
        tags=found.get(Kind.TAGS, ()),
        mark=mark,
        joined_at=past_text(found.get(Kind.JOINED_AT), now),
        left_at=past_text(found.get(Kind.LEFT_AT), now),
        cells=cells,
    )


def attributes_text(attributes: Mapping[str, AttributeValue]) -> str:
    import orjson

    return orjson.dumps(attributes).decode() if attributes else "{}"


def past_text(moment: datetime | None, now: datetime) -> str:
    """What lies in the future is not known."""
    return moment_text(moment) if moment is not None and moment <= now else ""


def _values(cells: Sequence[str], columns: Columns) -> tuple[dict[Kind, Any], dict[str, AttributeValue], list[str]]:
    """Fields, attributes, and what is wrong."""
    found: dict[Kind, Any] = {}
    attributes: dict[str, AttributeValue] = {}
    reasons = []
    for column in columns.known:
        cell = cells[column.index].strip(PADDING) if column.index < len(cells) else ""
        if not cell or column.kind is Kind.STATUS:
            continue
        try:
            refuse_hostile(cell)
            value = column.read(cell)
        except ValueError as why:
            reasons.append(about(column.heading, str(why)))
            continue
        match column.kind:
            case Kind.ATTRIBUTE:
                attributes[column.field] = value
            case Kind.ATTRIBUTES:
                attributes = {**value, **attributes}
            case kind:
                found[kind] = value
    return found, attributes, reasons


def _identity(address: str, reasons: list[str]) -> str:
    try:
        return identity(address)
    except ValueError:
        reasons.append("the part of the address after the @ is not a domain name")
        return ""


def _mark(cells: Sequence[str], columns: Columns, reasons: list[str]) -> str:
    if columns.mark is None:
        return UNSAID
    try:
        return columns.mark(cells).word
    except ValueError as why:
        reasons.append(str(why))
        return UNSAID
