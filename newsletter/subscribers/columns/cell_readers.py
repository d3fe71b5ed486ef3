"""For each field the function that reads its cells."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from newsletter.subscribers.addresses import checked_address
from newsletter.subscribers.columns import Kind
from newsletter.subscribers.columns.headings import word_of
from newsletter.subscribers.columns.moments import moment_value
from newsletter.subscribers.columns.names import split_name
from newsletter.subscribers.columns.tag_cells import tags_value
from newsletter.subscribers.columns.values import (
    PADDING,
    attribute_reader,
    language_value,
    refuse_hostile,
    text_value,
    zone_value,
)
from newsletter.subscribers.exporting.guarding import unguarded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model.importing import AttributeValue
    from newsletter.settings.schema import Attribute

    Read = Callable[[str], Any]


def ip_value(text: str) -> str:
    """An address of the internet; anything else says nothing."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


_READ: Mapping[Kind, Read] = {
    Kind.ADDRESS: checked_address,
    Kind.FIRST_NAME: text_value,
    Kind.LAST_NAME: text_value,
    Kind.FULL_NAME: split_name,
    Kind.LANGUAGE: language_value,
    Kind.TIMEZONE: zone_value,
    Kind.TAGS: tags_value,
    Kind.JOINED_AT: moment_value,
    Kind.LEFT_AT: moment_value,
    Kind.IP: ip_value,
    Kind.STATUS: str,
}


def reader_of(
    kind: Kind, field: str, attributes: Mapping[str, Attribute], *, lenient: bool, guarded: bool
) -> Callable[[str], Any]:
    """`lenient`: another system's word for a language or a zone, which it often guessed itself, rejects nobody.

    `guarded`: an apostrophe stands before what a spreadsheet would run as a formula.
    """
    if kind is Kind.ATTRIBUTE:
        read: Read = attribute_reader(attributes[field])
    elif kind is Kind.ATTRIBUTES:
        read = _map_reader(attributes)
    else:
        read = _READ[kind]
    if lenient and kind in {Kind.LANGUAGE, Kind.TIMEZONE}:
        read = _lenient(read)
    return _after_unguarding(read) if guarded else read


def _lenient(read: Read) -> Read:
    def read_if_known(text: str) -> object:
        try:
            return read(text)
        except ValueError:
            return ""

    return read_if_known


def _after_unguarding(read: Read) -> Read:
    return lambda text: read(unguarded(text))


def _map_reader(attributes: Mapping[str, Attribute]) -> Callable[[str], dict[str, AttributeValue]]:
    """A JSON map; what is in it and no attribute of this workspace is left out, and so is what is no plain value."""
    readers = {name: attribute_reader(attribute) for name, attribute in attributes.items()}

    def read(text: str) -> dict[str, AttributeValue]:
        found: dict[str, AttributeValue] = {}
        for key, value in _loaded(text).items():
            name = word_of(key)
            plain = _plain(value)
            if plain and name in readers:
                refuse_hostile(plain)
                found[name] = _named(name, readers[name], plain)
        return found

    return read


def _loaded(text: str) -> dict[str, Any]:
    import orjson

    try:
        loaded = orjson.loads(text)
    except ValueError:
        raise ValueError("is not a JSON map") from None
    return loaded if isinstance(loaded, dict) else {}


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip(PADDING) if isinstance(value, str | int | float) else ""


def _named(name: str, read: Callable[[str], AttributeValue], text: str) -> AttributeValue:
    try:
        return read(text)
    except ValueError as why:
        raise ValueError(f"{name}: {why}") from None
