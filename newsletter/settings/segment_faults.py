"""What is wrong with [segments] beyond the types of its keys, told together with what pydantic finds.

The tables are looked at as they stand in the file, so that no mistake hides another. What is of a wrong type is passed
over here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails

from newsletter.settings.segment_reuse import MOST_LEVELS, reuse_faults
from newsletter.settings.segment_values import value_faults
from newsletter.settings.segment_walk import all_tables, levels, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import ValidationInfo
    from pydantic_core import ErrorDetails

    from newsletter.settings.segment_walk import Fault, Table
    from newsletter.settings.segments import Segment

#: keys that people try, and what there is instead
_INSTEAD = {
    "tags": "Write any_tag = [...] for readers with at least one of them, all_tags = [...] for those with every one.",
    "lists": 'Write list = "..."; for several any = [{ list = "..." }, { list = "..." }], or all.',
    "languages": 'Write language = "..."; for several any = [{ language = "de" }, { language = "fr" }].',
    "and": "All that stands in one table must hold anyway; for several tables write all = [{ ... }, { ... }].",
    "or": "Write any = [{ ... }, { ... }].",
    "except": "Write not = { ... }.",
    "joined_since": "Write joined_after with the day before.",
    "is": "Write equals = ...",
    "in": "Write one_of = [...].",
    "between": "Write at_least = ... and at_most = ...; both take in the value itself.",
}
#: keys that take several, and how these are written
_SEVERAL = {
    **{key: f'Write {key} = ["...", "..."].' for key in ("one_of", "any_tag", "all_tags")},
    **{
        key: f"Write {key} = [{{ ... }}, {{ ... }}], or each part as a section with double brackets: [[segments.NAME.{key}]]."
        for key in ("all", "any")
    },
}
#: keys that take one value, and what takes several where that is not `any`
_SINGLE = {
    **dict.fromkeys(("list", "language", "sent", "opened", "clicked", "segment"), ""),
    "tag": "Write any_tag = [...] for readers with at least one of them, all_tags = [...] for those with every one.",
    "equals": "Write one_of = [...].",
}


def checked(raw: Any, handler: Callable[[Any], dict[str, Segment]], info: ValidationInfo) -> dict[str, Segment]:  # noqa: ANN401
    """The segments of the file.

    Raises:
        ValidationError: with all mistakes of all of them.
    """
    if not isinstance(raw, dict):
        return handler(raw)
    if deep := list(_too_deep(raw)):
        raise _failure(deep)  # nobody goes down into them
    faults = [*_unsaid(raw), *reuse_faults(raw)]
    if "attributes" in info.data:  # else they have mistakes of their own, which are told
        faults += value_faults(raw, info.data["attributes"])
    others: list[ErrorDetails] = []
    try:
        segments = handler(raw)
    except ValidationError as why:
        told = {path for path, _ in faults}
        others = [one for one in why.errors() if one["loc"] not in told and not _only_looks_empty(one)]
    if faults or others:
        raise _failure(faults, others)
    return segments


def _too_deep(raw: Table) -> Iterator[Fault]:
    for name, segment in raw.items():
        if any(levels(path) > MOST_LEVELS for path, _ in tables(name, segment)):
            fix = "Name an inner part as a segment of its own, and leave out levels that say nothing."
            yield (name,), f"conditions stand more than {MOST_LEVELS} levels deep in each other | {fix}"


def _unsaid(raw: Table) -> Iterator[Fault]:
    """Where a table says nothing, or says it in words that are not ours."""
    for path, table in all_tables(raw):
        if not table:
            yield path, 'there is no condition in it | Write one, such as tag = "vip" or language = "de".'
        for key, value in table.items():
            if key in _INSTEAD:
                yield (*path, key), f"a segment has no `{key}` | {_INSTEAD[key]}"
            elif key in _SINGLE and isinstance(value, list | tuple):
                fix = _SINGLE[key] or f'For several write any = [{{ {key} = "..." }}, {{ {key} = "..." }}].'
                yield (*path, key), f"it takes one, not a list | {fix}"
            elif key in _SEVERAL and not isinstance(value, list | tuple):
                yield (*path, key), f"it takes a list | {_SEVERAL[key]}"
            elif key == "not" and not isinstance(value, dict):
                fix = (
                    'Write a condition in braces, such as not = { tag = "vip" }; for several not = { any = [{ ... }] }.'
                )
                yield (*path, key), f"it takes a condition | {fix}"


def _only_looks_empty(one: ErrorDetails) -> bool:
    """pydantic counts a list after it took out what has mistakes, which are told."""
    return one["type"] == "too_short" and bool(one["input"])


def _failure(faults: list[Fault], others: list[ErrorDetails] | None = None) -> ValidationError:
    """Places of `faults` and `others` are within [segments]; pydantic puts that before them."""
    kept = [
        InitErrorDetails(type=one["type"], loc=one["loc"], input=one["input"], ctx=one.get("ctx", {}))
        for one in others or ()
    ]
    ours = [
        InitErrorDetails(type="value_error", loc=path, input=None, ctx={"error": ValueError(words)})
        for path, words in faults
    ]
    return ValidationError.from_exception_data("segments", [*kept, *ours])
