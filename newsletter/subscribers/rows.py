"""One record of a CSV file -> a Person, or a Rejection with everything that is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.identity import identity
from newsletter.model.importing import Person, Rejection
from newsletter.subscribers.columns import ADDRESS
from newsletter.subscribers.values import PADDING, refuse_hostile

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from newsletter.model.importing import AttributeValue
    from newsletter.subscribers.columns import Columns
    from newsletter.subscribers.records import Record


def read_row(record: Record, columns: Columns, identity_hash: Callable[[str], str]) -> Person | Rejection:
    fault = record.fault or _too_wide(record, columns)
    if fault:
        return Rejection(line=record.line, reason=fault)
    fields, attributes, reasons = _values(record.cells, columns)
    address = fields.pop(ADDRESS, "")
    person = _identity(address, reasons) if address else ""
    if reasons or not person:
        return Rejection(line=record.line, reason="; ".join(reasons) or "there is no address in this row")
    hashed = identity_hash(person)
    return Person(line=record.line, address=address, identity_hash=hashed, attributes=attributes, **fields)


def _too_wide(record: Record, columns: Columns) -> str:
    if not any(cell.strip() for cell in record.cells[columns.width :]):
        return ""
    return (
        f"the row has {len(record.cells)} cells and the header {columns.width}; put a text that has the separator in "
        "it into quotes"
    )


def _values(cells: list[str], columns: Columns) -> tuple[dict[str, Any], dict[str, AttributeValue], list[str]]:
    """Fields, attributes, and what is wrong. Empty cells say nothing; a short row is one with empty cells at its end."""
    fields: dict[str, Any] = {}
    attributes: dict[str, AttributeValue] = {}
    reasons = []
    for column in columns.known:
        cell = cells[column.index].strip(PADDING) if column.index < len(cells) else ""
        if not cell:
            continue
        try:
            refuse_hostile(cell)
            (attributes if column.is_attribute else fields)[column.field] = column.read(cell)
        except ValueError as why:
            reasons.append(f"{column.heading}: {why}")
    return fields, attributes, reasons


def _identity(address: str, reasons: list[str]) -> str:
    try:
        return identity(address)
    except ValueError:
        reasons.append("the part of the address after the @ is not a domain name")
        return ""
