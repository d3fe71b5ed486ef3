"""The headings of a table -> which column holds what of a subscriber, and how its cells are read.

What a person says wins, then what is known of the system that wrote the file, then the headings, then the cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from newsletter.subscribers.columns.values import PADDING, refuse_hostile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.model.importing import Mark
    from newsletter.settings.schema import Attribute
    from newsletter.subscribers.formats import Format


class Kind(StrEnum):
    """What a column says of a person, and what `Column.read` makes of a cell that is not empty."""

    #: -> str
    ADDRESS = "email"
    #: -> str
    FIRST_NAME = "first_name"
    #: -> str
    LAST_NAME = "last_name"
    #: -> (first name, last name); only where no column holds one of these alone
    FULL_NAME = "name"
    #: -> str; empty where another system's word is no language
    LANGUAGE = "language"
    #: -> str; empty where another system's word is no time zone
    TIMEZONE = "timezone"
    #: -> tuple of tag names
    TAGS = "tags"
    #: -> aware datetime in UTC, or None where the text cannot be told for sure
    JOINED_AT = "joined_at"
    LEFT_AT = "left_at"
    #: -> str, empty where it is no address of the internet
    IP = "ip"
    #: told by `Columns.mark`; not to be read
    STATUS = "status"
    #: `Column.field` is the name of an attribute -> its value
    ATTRIBUTE = "attribute"
    #: a JSON map -> dict of the attributes of this workspace that are in it
    ATTRIBUTES = "attributes"


ADDRESS = Kind.ADDRESS.value


class Unclear(ValueError):
    """What a column holds must be said by a person; the message says how."""


class How(StrEnum):
    """Why a column is taken for what it is."""

    GIVEN = "given"
    FORMAT = "format"
    NAMED = "named"
    #: by its cells
    CELLS = "cells"


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """`heading` as it stands in the file, `field` as a subscriber has it. `read` raises ValueError with a reason."""

    heading: str
    field: str
    index: int
    kind: Kind
    read: Callable[[str], Any]
    how: How = How.NAMED

    @property
    def is_attribute(self) -> bool:
        return self.kind is Kind.ATTRIBUTE


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    #: by their place in the file; each kind at most once, but for ATTRIBUTE (each attribute at most once) and STATUS
    known: tuple[Column, ...]
    #: headings of columns that are left out
    ignored: tuple[str, ...]
    width: int
    headings: tuple[str, ...] = ()
    #: how the person of a row stands, by its cells; None when the file does not say. It raises ValueError when the row
    #: must not be imported; the message says why
    mark: Callable[[Sequence[str]], Mark] | None = None
    #: the system whose export this is: its name in FORMATS, or empty
    format: str = ""
    #: sentences for whoever imports: what was recognised, and what to look at
    described: tuple[str, ...] = ()
    #: the file has no header: its first line is a reader, too (Table.batches(first_line_too=True))
    headless: bool = False


#: characters of a heading that are shown and compared
_LONGEST = 200
_LINE_BREAKS = re.compile(r"[\r\n\t]+")


def columns_of(
    headings: Sequence[str],
    attributes: Mapping[str, Attribute],
    *,
    given: Mapping[str, str] | None = None,
    sample: Sequence[Sequence[str]] = (),
    format_: Format | None = None,
    name: str = "",
    consented: bool = True,
) -> Columns:
    """What each column is for. A field wins over an attribute of the same name, an attribute over a synonym.

    `given` says it for some columns: a heading, or the number of a column from 1 -> the name of a kind or an attribute, or
    `-` for nothing; and `*` -> how everybody in the file stands (giving.py). `sample` are rows (Table.sample), for columns
    that their cells tell. `format_` is the system that wrote the file, None to recognise it; `name` is the file's
    (Table.name). With `consented` people are to be subscribed, so a column that may say who did not agree must be clear.

    Raises:
        OptionUnusable: `given` names what is not there, or the file is no export of the `format_`.
        Unclear: what a column holds must be said.
        ValueError: the header cannot be used; the message says why and what to do.
    """
    from newsletter.subscribers.columns.mapping import mapped
    from newsletter.subscribers.formats import format_of

    cleaned = tuple(_LINE_BREAKS.sub(" ", heading.strip(PADDING + "\ufeff"))[:_LONGEST] for heading in headings)
    for heading in cleaned:
        _refuse_hostile_heading(heading)
    return mapped(cleaned, attributes, given or {}, sample, format_ or format_of(cleaned), name, consented=consented)


def _refuse_hostile_heading(heading: str) -> None:
    try:
        refuse_hostile(heading)
    except ValueError as why:
        raise ValueError(f"its first line is not a header: a heading {why}") from None
