"""What somebody types in about a reader -> values as an import would store them, and the variant that such a reader gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.address.belonging import belongs
from newsletter.model.segment import Engaged, HasTag, Joined, MailedSince, OnList, WasSent, leaves_of
from newsletter.model.subscriber import SUBSCRIBER_FIELDS
from newsletter.settings.schema import AttributeType
from newsletter.settings.segment_trees import Trees

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.address.belonging import Facts
    from newsletter.model.importing import AttributeValue
    from newsletter.model.rendered import Rendered
    from newsletter.model.segment import Condition
    from newsletter.settings import Settings
    from newsletter.settings.schema import Attribute

_KINDS = {AttributeType.DATE: "date"}
#: who is typed in was never mailed, so it does not matter how long ago
_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
#: what conditions ask that nobody types in
_NOT_TYPED: dict[type, str] = {
    OnList: "lists",
    HasTag: "tags",
    Joined: "the date of joining",
    WasSent: "earlier letters",
    MailedSince: "earlier letters",
    Engaged: "opens and clicks",
}


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
    from newsletter.subscribers.columns.values import attribute_reader

    values: dict[str, AttributeValue] = {}
    for name, attribute in _own(settings).items():
        if name not in texts:
            continue
        try:
            values[name] = attribute_reader(attribute)(texts[name])
        except ValueError as why:
            raise ValueError(f"{name}: {why}.") from None
    return values


def variant_of(reader: Facts, variants: Sequence[Rendered], settings: Settings) -> Rendered | None:
    """The variant for readers of whom this is known, and who are on no list; None where there is none."""
    held = frozenset(name for name, one in _asked(variants, settings).items() if belongs(one, reader))
    return next((one for one in variants if any(frozenset(members) == held for members in one.readers)), None)


def not_known(variants: Sequence[Rendered], settings: Settings) -> str:
    """Words where the variants depend on more than can be typed in; else nothing."""
    leaves = (leaf for condition in _asked(variants, settings).values() for leaf in leaves_of(condition))
    missing = sorted({_NOT_TYPED[type(leaf)] for leaf in leaves if type(leaf) in _NOT_TYPED})
    if not missing:
        return ""
    return f"What is typed in says nothing of {_listed(missing)}, which this letter depends on: shown as to somebody with none."


def _asked(variants: Sequence[Rendered], settings: Settings) -> dict[str, Condition]:
    """Segments and lists that the variants name. Numbers of lists are made up: a reader who was typed in is on none."""
    numbers: dict[str, int] = {}
    trees = Trees(
        segments=settings.segments,
        number_of=lambda name: numbers.setdefault(name, len(numbers)),
        zone=ZoneInfo(settings.newsletter.timezone),
        now=_ANY_MOMENT,
    )
    named = {name for one in variants for members in one.readers for name in members}
    lists: dict[str, Condition] = {name: OnList(list=trees.number_of(name)) for name in named}
    return lists | {name: trees.of(settings.segments[name]) for name in named & settings.segments.keys()}


def _listed(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _own(settings: Settings) -> dict[str, Attribute]:
    """The attributes that can be asked for: one never shadows a field."""
    return {name: one for name, one in settings.attributes.items() if name not in SUBSCRIBER_FIELDS}


def _field(name: str, attribute: Attribute) -> Field:
    choices = ("yes", "no") if attribute.type is AttributeType.YES_NO else attribute.choices
    return Field(name=name, kind=_KINDS.get(attribute.type, "text"), choices=choices)
