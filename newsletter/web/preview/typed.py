"""What somebody types in about a reader -> values as an import would store them, and the variant that such a reader gets."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.subscriber import SUBSCRIBER_FIELDS
from newsletter.settings.schema import AttributeType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.importing import AttributeValue
    from newsletter.model.rendered import Rendered
    from newsletter.settings import Settings
    from newsletter.settings.schema import Attribute, Segment

_KINDS = {AttributeType.DATE: "date"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that can be known of a reader, and how it is asked for: by `choices`, or by an input of this `kind`."""

    name: str
    kind: str = "text"
    choices: tuple[str, ...] = ()


def fields_of(settings: Settings) -> tuple[Field, ...]:
    """What a merge tag or a segment may ask of a reader."""
    own = (_field(name, attribute) for name, attribute in _own(settings).items())
    return (*(Field(name=name) for name in SUBSCRIBER_FIELDS), *own)


def attribute_values(texts: Mapping[str, str], settings: Settings) -> dict[str, AttributeValue]:
    """The attributes among these texts, read as an import reads them.

    Raises:
        ValueError: one does not fit the type of its attribute; the words say which, and why.
    """
    from newsletter.subscribers.values import attribute_reader

    values: dict[str, AttributeValue] = {}
    for name, attribute in _own(settings).items():
        if name not in texts:
            continue
        try:
            values[name] = attribute_reader(attribute)(texts[name])
        except ValueError as why:
            raise ValueError(f"{name}: {why}.") from None
    return values


def variant_of(
    values: Mapping[str, AttributeValue], variants: Sequence[Rendered], segments: Mapping[str, Segment]
) -> Rendered | None:
    """The variant for readers with these attributes who are on no list; None where there is none."""
    named = {name for one in variants for members in one.readers for name in members}
    held = frozenset(name for name in named & segments.keys() if _is_in(values, segments[name]))
    return next((one for one in variants if any(frozenset(members) == held for members in one.readers)), None)


def _own(settings: Settings) -> dict[str, Attribute]:
    """The attributes that can be asked for: one never shadows a field."""
    return {name: one for name, one in settings.attributes.items() if name not in SUBSCRIBER_FIELDS}


def _field(name: str, attribute: Attribute) -> Field:
    choices = ("yes", "no") if attribute.type is AttributeType.YES_NO else attribute.choices
    return Field(name=name, kind=_KINDS.get(attribute.type, "text"), choices=choices)


def _is_in(values: Mapping[str, AttributeValue], segment: Segment) -> bool:
    """As store/segments.py asks the database: of one type, and equal to the letter."""
    value, wanted = values.get(segment.attribute), segment.equals
    if isinstance(value, str) and isinstance(wanted, str):
        return unicodedata.normalize("NFC", value) == wanted
    return isinstance(value, bool) == isinstance(wanted, bool) and value is not None and value == wanted
