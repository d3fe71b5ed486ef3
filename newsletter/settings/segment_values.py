"""What segments ask of attributes: whether there is such an attribute, and whether anybody can have what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.settings.attributes import AttributeType, as_imported, why_never
from newsletter.settings.segment_walk import all_tables
from newsletter.settings.segments import Segment
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.settings.attributes import Attribute
    from newsletter.settings.segment_walk import Fault, Path, Table

#: keys that say all that can be asked, and those that are one end of a range
_WHOLE, _LOWER, _UPPER = ("equals", "one_of", "known"), ("at_least", "after"), ("at_most", "before")
_ASKING = (*_WHOLE, *_LOWER, *_UPPER)
#: so many attributes are not all compared with each unknown name
_MANY = 500
_ORDERED = {AttributeType.NUMBER, AttributeType.DATE}
_KEYS = {field.alias or key for key, field in Segment.model_fields.items()}
_BOTH = "Keep one; where both are meant write all = [{ ... }, { ... }], where one is enough any = [{ ... }, { ... }]."


def value_faults(segments: Table, attributes: Mapping[str, Attribute]) -> Iterator[Fault]:
    for path, table in all_tables(segments):
        unknown = table.keys() - _KEYS
        yield from _named_as_keys(path, unknown & attributes.keys(), attributes)
        asked = [key for key in _ASKING if key in table]
        name = table.get("attribute")
        if name is None:
            for key in asked:
                yield (*path, key), 'which attribute is meant? | Add attribute = "..." beside it.'
            continue
        if asked or not unknown:  # else the unknown key is what was meant to ask, and that is told
            yield from _one_question((*path, "attribute"), asked)
        if isinstance(name, str):
            yield from _answers(path, table, name.strip(), attributes)


def _named_as_keys(path: Path, names: set[str], attributes: Mapping[str, Attribute]) -> Iterator[Fault]:
    for name in sorted(names):
        ask = "equals = true" if attributes[name].type is AttributeType.YES_NO else "equals = ..."
        yield (*path, name), f'it is an attribute, not a key | Write attribute = "{name}" and, beside it, {ask}'


def _one_question(at: Path, asked: list[str]) -> Iterator[Fault]:
    if not asked:
        yield at, f"what should it be? | Add beside it one of: {', '.join(_ASKING)}."
    whole = [key for key in asked if key in _WHOLE]
    for keys in (asked,) if whole else (_LOWER, _UPPER):
        both = [key for key in keys if key in asked]
        if len(both) > 1:
            yield (*at[:-1], both[1]), f"it stands beside `{both[0]}`, and only one of the two is understood | {_BOTH}"


def _answers(path: Path, table: Table, name: str, attributes: Mapping[str, Attribute]) -> Iterator[Fault]:
    attribute = attributes.get(name)
    if attribute is None:
        guess = nearest(name, attributes) if len(attributes) < _MANY else None
        fix = f"Did you mean `{guess}`? Else add" if guess else "Correct the name, or add"
        yield (*path, "attribute"), f"`{name[:60]}` is not in [attributes] | {fix} it there with its type."
        return
    faults = [fault for key in _ASKING if key in table for fault in _answer((*path, key), table[key], name, attribute)]
    yield from faults or _between(path, table)


def _answer(path: Path, raw: object, name: str, attribute: Attribute) -> Iterator[Fault]:
    """Whether the value of one key can be the attribute's; its type is told by pydantic."""
    key = path[-1]
    if key == "known":
        return
    if key not in _WHOLE and attribute.type not in _ORDERED:
        yield path, f"{name} has no less and no more, being of type {attribute.type} | Use equals or one_of."
        return
    if key in {"before", "after"} and attribute.type is not AttributeType.DATE:
        yield path, f"{name} is a number, not a date | Use at_least or at_most; both take in the number itself."
        return
    if (key, str(raw).strip()) in {("before", "0001-01-01"), ("after", "9999-12-31")}:
        yield path, "there is no such day | Write another date."
        return
    if (key == "one_of") != isinstance(raw, list | tuple):
        return  # one where there should be several or the other way round, which is told
    entries = enumerate(raw) if isinstance(raw, list | tuple) else [("", raw)]
    for place, entry in entries:
        if wanted := _wanted(entry, attribute):
            where = path if place == "" else (*path, place)
            yield where, f"it asks for {name} = {_short(entry)}, which nobody can have | Give {wanted}."


def _wanted(entry: object, attribute: Attribute) -> str:
    try:
        return why_never(attribute, as_imported(entry))
    except ValueError:
        return ""


def _between(path: Path, table: Table) -> Iterator[Fault]:
    """Whether anything lies between the two ends."""
    low, high = (next((key for key in ends if key in table), None) for ends in (_LOWER, _UPPER))
    if low is None or high is None:
        return
    try:
        least, most = as_imported(table[low]), as_imported(table[high])
    except ValueError:
        return
    is_open = low == "after" or high == "before"
    if least > most or (is_open and least == most):  # type: ignore[operator] # both are of the attribute's type
        yield (*path, high), f"nothing lies between `{low}` and `{high}` | Swap the two, or correct one."


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
