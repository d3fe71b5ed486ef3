"""[segments]: a part of the readers as a table of newsletter.toml says it (docs/segments.md).

All that stands in one table must hold. Whether it can be meant is looked at in segment_faults.py, what it comes to is
said by segment_trees.py.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_serializer

from newsletter.model.tag import tag_name
from newsletter.settings.attributes import as_imported
from newsletter.settings.section import FieldName, Language, Line, Name, Section

if TYPE_CHECKING:
    from collections.abc import Callable

#: the years in which readers join
_YEARS = range(1970, 2200)
#: values or tags of which one is enough
_MOST_ENTRIES = 1000


def _day(value: object) -> object:
    """Only a date of TOML, or one written in quotes: pydantic would also take seconds since 1970."""
    if isinstance(value, str):
        with suppress(ValueError):
            value = date.fromisoformat(value.strip())
    if not isinstance(value, date) or isinstance(value, datetime) or value.year not in _YEARS:
        raise ValueError("this is not a day on which somebody can have joined | Write a date such as 2026-12-01.")
    return value


def _tag(text: str) -> str:
    try:
        return tag_name(text)
    except ValueError as why:
        raise ValueError(f"{why} | Correct the tag.") from None


def _slug(text: str) -> str:
    if "/" in text:
        raise ValueError("the name of an issue has no / in it | Write only the name of its folder in issues/.")
    return text


Value = Annotated[str | int | float | bool, BeforeValidator(as_imported)]
Day = Annotated[date, BeforeValidator(_day)]
Tag = Annotated[str, AfterValidator(_tag)]
Slug = Annotated[Line, Field(min_length=1, max_length=200), AfterValidator(_slug)]


def _for_editors(schema: dict[str, Any]) -> None:
    """TOML has no null, and a table says something."""
    for key in schema["properties"].values():
        kinds = [kind for kind in key.pop("anyOf", ()) if kind != {"type": "null"}]
        key.update(kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {})
        key.pop("default", None)
    schema["minProperties"] = 1
    asking = ("equals", "one_of", "at_least", "at_most", "before", "after", "known")
    schema["dependentRequired"] = {key: ["attribute"] for key in asking}
    schema["dependentSchemas"] = {"attribute": {"anyOf": [{"required": [key]} for key in asking]}}


class Segment(Section):
    """Readers for whom all of this holds. What is not known of a reader does not hold."""

    model_config = ConfigDict(json_schema_extra=_for_editors)

    attribute: FieldName | None = Field(default=None, description="Which attribute is looked at (from [attributes]).")
    equals: Value | None = Field(default=None, description="The attribute has exactly this value.")
    one_of: tuple[Value, ...] | None = Field(
        default=None, min_length=1, max_length=_MOST_ENTRIES, description="The attribute has one of these values."
    )
    at_least: Value | None = Field(default=None, description="The number or date is this one, or greater or later.")
    at_most: Value | None = Field(default=None, description="The number or date is this one, or less or earlier.")
    before: Value | None = Field(default=None, description="The date is earlier than this day.")
    after: Value | None = Field(default=None, description="The date is later than this day.")
    known: bool | None = Field(default=None, description="Whether the attribute is known at all.")
    tag: Tag | None = Field(default=None, description="Readers with this tag.")
    any_tag: tuple[Tag, ...] | None = Field(
        default=None, min_length=1, max_length=_MOST_ENTRIES, description="Readers with at least one of these tags."
    )
    all_tags: tuple[Tag, ...] | None = Field(
        default=None, min_length=1, description="Readers with every one of these tags."
    )
    list: Name | None = Field(default=None, description="Readers who are subscribed to this list.")
    language: Language | None = Field(
        default=None, description="Readers of this language: de is German of any country, de-AT only that of Austria."
    )
    joined_before: Day | None = Field(default=None, description="Joined before this day.")
    joined_after: Day | None = Field(default=None, description="Joined after this day.")
    sent: Slug | None = Field(default=None, description="Was sent this issue.")
    not_mailed_for_days: int | None = Field(
        default=None, ge=1, le=3650, description="Was in no mailing for so many days."
    )
    opened: Slug | None = Field(default=None, description="Opened this issue, and agrees to tracking.")
    clicked: Slug | None = Field(default=None, description="Clicked in this issue, and agrees to tracking.")
    segment: Name | None = Field(default=None, description="Readers of another segment.")
    all: tuple[Segment, ...] | None = Field(default=None, min_length=1, description="Every one of these holds.")
    any: tuple[Segment, ...] | None = Field(default=None, min_length=1, description="At least one of these holds.")
    not_: Segment | None = Field(default=None, alias="not", description="This does not hold, or is not known.")

    @model_serializer(mode="wrap")
    def _as_written(self, handler: Callable[[Segment], dict[str, Any]]) -> dict[str, Any]:
        """Only what is said, under the keys of the file."""
        said = {key: value for key, value in handler(self).items() if value is not None}
        return {"not" if key == "not_" else key: value for key, value in said.items()}
