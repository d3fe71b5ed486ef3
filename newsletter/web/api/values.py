"""Values of a request, checked as staff's are: by the types of the settings. A mistake says where it stands."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TypeVar

from newsletter.model.identity import identity
from newsletter.settings.schema import AttributeType
from newsletter.subscribers.addresses import checked_address
from newsletter.subscribers.columns.values import (
    PADDING,
    attribute_reader,
    language_value,
    refuse_hostile,
    text_value,
    zone_value,
)
from newsletter.subscribers.editing import Edit
from newsletter.web.api.problems import Kind, Mistake, Problem, at, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model.importing import AttributeValue
    from newsletter.model.subscriber import Subscriber
    from newsletter.settings.schema import Attribute

_T = TypeVar("_T")
_READERS: Mapping[str, Callable[[str], str]] = {
    "first_name": text_value,
    "last_name": text_value,
    "language": language_value,
    "timezone": zone_value,
}
_NOT_AN_ADDRESS = "This is not an address that mail can be sent to."


def address_of(text: str) -> str:
    """Raises:
    Problem: it is no address that we can send to.
    """
    address = unicodedata.normalize("NFC", text).strip(PADDING)
    try:
        refuse_hostile(address)
        checked_address(address)
        identity(address)
    except ValueError:
        raise invalid(_NOT_AN_ADDRESS, "/email") from None
    return address


def edit_of(
    fields: Mapping[str, str | None],
    values: Mapping[str, AttributeValue | None],
    attributes: Mapping[str, Attribute],
) -> Edit:
    """None forgets.

    Raises:
        Problem: with everything that cannot be used.
    """
    read = _Reading()
    said = {name: read.value(text or "", _READERS[name], at(name)) for name, text in fields.items()}
    kept: dict[str, AttributeValue | None] = {
        name: read.attribute(name, value, attributes) for name, value in values.items() if value is not None
    }
    if read.mistakes:
        raise Problem(Kind.INVALID, errors=read.mistakes)
    return Edit(
        fields={name: text or "" for name, text in said.items()},
        attributes={name: value for name, value in kept.items() if value is not None},
        forgotten=frozenset(name for name, value in values.items() if value is None),
    )


class _Reading:
    """Values read one after the other, and what is wrong with them."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def value(self, text: str, read: Callable[[str], _T], pointer: str) -> _T | None:
        """None for one that is empty, or cannot be used."""
        cell = unicodedata.normalize("NFC", text).strip(PADDING)
        if not cell:
            return None
        try:
            refuse_hostile(cell)
            return read(cell)
        except ValueError as why:
            # these are our own words for what does not fit (subscribers/columns/values.py)
            self._note(f"This {why}." if str(why).startswith(("has ", "is ")) else f"{why}.", pointer)
            return None

    def attribute(self, name: str, value: AttributeValue, attributes: Mapping[str, Attribute]) -> AttributeValue | None:
        pointer = at("attributes", name)
        if name not in attributes:
            self._note("newsletter.toml has no such attribute.", pointer)
            return None
        kind = attributes[name].type
        if isinstance(value, bool) and kind is AttributeType.YES_NO:
            return value
        if isinstance(value, str):
            return self.value(value, attribute_reader(attributes[name]), pointer)
        if kind is AttributeType.NUMBER and not isinstance(value, bool):
            return self.value(str(value), attribute_reader(attributes[name]), pointer)
        self._note(f"This attribute is of the type {kind.value}.", pointer)
        return None

    def _note(self, message: str, pointer: str) -> None:
        self.mistakes.append(Mistake(message=message, pointer=pointer))


def changed_names(before: Subscriber, after: Subscriber) -> list[str]:
    """The names of what is different, without the values."""
    fields = [name for name in _READERS if getattr(before, name) != getattr(after, name)]
    both = sorted({*before.attributes, *after.attributes})
    return fields + [f"attributes.{name}" for name in both if before.attributes.get(name) != after.attributes.get(name)]
