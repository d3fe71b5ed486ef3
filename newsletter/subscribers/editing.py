"""What staff type about one person -> what is kept. Decides only."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from newsletter.model.subscriber import as_text
from newsletter.subscribers.columns.values import (
    PADDING,
    about,
    attribute_reader,
    language_value,
    refuse_hostile,
    text_value,
    zone_value,
)
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from newsletter.model.importing import AttributeValue
    from newsletter.model.subscriber import Subscriber
    from newsletter.settings.schema import Attribute

_T = TypeVar("_T")
#: of an attribute in newsletter.toml
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_FIELDS: Mapping[str, Callable[[str], str]] = {
    "first_name": text_value,
    "last_name": text_value,
    "language": language_value,
    "timezone": zone_value,
}


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Fields to fill or (empty) to empty, attributes to set and to forget. What is not named stays."""

    fields: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    forgotten: frozenset[str] = frozenset()

    def applied(self, person: Subscriber) -> Subscriber:
        kept = {name: value for name, value in person.attributes.items() if name not in self.forgotten}
        changed: dict[str, Any] = {**self.fields, "attributes": {**kept, **self.attributes}}
        return replace(person, **changed)

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


def read_edit(
    typed: Mapping[str, str | None], set_: Iterable[str], unset: Iterable[str], attributes: Mapping[str, Attribute]
) -> Edit:
    """`typed` are fields by name (None: not given), `set_` are `name=value`, `unset` are names.

    Raises:
        ValueError: a name or value cannot be used; the message says which and why.
    """
    given = {name: text for name, text in typed.items() if text is not None}
    values: dict[str, AttributeValue] = {}
    for entry in set_:
        name, equals, text = entry.partition("=")
        if not equals or not text.strip(PADDING):
            raise ValueError(f"`{entry[:60]}` sets nothing; write name=value, or --unset {name or 'name'}")
        if _known(name, attributes) in _FIELDS:
            given[name] = text
        else:
            values[name] = _read(name, text, attribute_reader(attributes[name]))
    forgotten = frozenset(unset)
    emptied = {name: "" for name in forgotten if name in _FIELDS}
    read = {name: _read(name, text, _FIELDS[name]) if text.strip(PADDING) else "" for name, text in given.items()}
    if both := forgotten & {*values, *given}:
        raise ValueError(f"{', '.join(sorted(both))} cannot be set and unset at once")
    return Edit(fields=read | emptied, attributes=values, forgotten=forgotten - emptied.keys())


def differences(before: Subscriber, after: Subscriber) -> Iterator[tuple[str, str, str]]:
    """(what, before, after) of everything that an edit changed."""
    told = {"address": "address", **{name: name.replace("_", " ") for name in _FIELDS}, "timezone": "time zone"}
    for name, words in told.items():
        if (old := getattr(before, name)) != (new := getattr(after, name)):
            yield words, old, new
    for name in sorted({*before.attributes, *after.attributes}):
        old, new = (as_text(one.attributes[name]) if name in one.attributes else "" for one in (before, after))
        if old != new:
            yield name, old, new


def _known(name: str, attributes: Mapping[str, Attribute]) -> str:
    if name in _FIELDS or name in attributes:
        return name
    known = [*_FIELDS, *attributes]
    near = nearest(name, known)
    meant = f"did you mean {near}?" if near else f"there are: {', '.join(known)}."
    shown = name.lower() if _NAME.fullmatch(name.lower()) else "name"
    add = f'To add one, write under [attributes] there: `{shown} = {{ type = "text" }}`'
    raise ValueError(f"there is no attribute `{name[:60]}` in newsletter.toml; {meant} {add}")


def _read(name: str, text: str, read: Callable[[str], _T]) -> _T:
    cell = unicodedata.normalize("NFC", text).strip(PADDING)
    try:
        refuse_hostile(cell)
        return read(cell)
    except ValueError as why:
        raise ValueError(about(name, str(why))) from None
