"""The typed blocks: their names, attributes and what may stand inside. Reading, rendering and documentation share this table."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Content(StrEnum):
    #: any Markdown
    MARKDOWN = "markdown"
    #: one line of text: a label, a caption
    LABEL = "label"
    #: any Markdown, or nothing
    OPTIONAL = "optional"
    #: `column` blocks and nothing else
    COLUMNS = "columns"
    #: one Markdown table
    TABLE = "table"
    #: one list, each item beginning with a link
    LINKS = "links"
    #: nothing: it is made from the issue
    NOTHING = "nothing"


class Form(StrEnum):
    """How the value of an attribute is written, where it is neither a text nor a link."""

    #: an ISO date, with or without a time: model/moments.py
    MOMENT = "moment"
    #: a share of the width: model/shares.py
    SHARE = "share"
    #: segments or lists: model/audiences.py
    AUDIENCE = "audience"


@dataclass(frozen=True, kw_only=True)
class BlockKind:
    """A block that authors can write. An attribute in `choices` takes one of the listed words, the first is the default."""

    name: str
    content: Content
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: attributes that are links
    links: tuple[str, ...] = ()
    #: attributes whose values have a form of their own
    forms: dict[str, Form] = field(default_factory=dict)
    #: the only block that it may stand in, directly
    inside: str = ""
    #: a mail has it once at most
    once: bool = False

    @property
    def attributes(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)


#: the levels of headings that a `contents` block lists
LISTED_LEVELS = (2, 3)

#: what stands in them is for some readers only
CHOICES = ("only", "except")

KINDS: dict[str, BlockKind] = {
    kind.name: kind
    for kind in (
        BlockKind(
            name="button",
            content=Content.LABEL,
            required=("href",),
            optional=("style",),
            choices={"style": ("primary", "secondary")},
            links=("href",),
        ),
        BlockKind(
            name="callout",
            content=Content.MARKDOWN,
            optional=("title", "style"),
            choices={"style": ("note", "warning")},
        ),
        BlockKind(
            name="figure",
            content=Content.LABEL,
            required=("src", "alt"),
            optional=("width", "credit", "href"),
            links=("href",),
        ),
        BlockKind(name="quote", content=Content.MARKDOWN, optional=("attribution", "href"), links=("href",)),
        BlockKind(name="columns", content=Content.COLUMNS),
        BlockKind(
            name="column",
            content=Content.MARKDOWN,
            optional=("width",),
            forms={"width": Form.SHARE},
            inside="columns",
        ),
        BlockKind(name="table", content=Content.TABLE, optional=("caption",)),
        BlockKind(name="contents", content=Content.NOTHING, optional=("title",), once=True),
        BlockKind(
            name="event",
            content=Content.OPTIONAL,
            required=("title", "start"),
            optional=("end", "place", "href"),
            links=("href",),
            forms={"start": Form.MOMENT, "end": Form.MOMENT},
        ),
        BlockKind(
            name="author",
            content=Content.OPTIONAL,
            required=("name",),
            optional=("role", "src", "alt", "href"),
            links=("href",),
        ),
        BlockKind(name="related", content=Content.LINKS, optional=("title",)),
        *(
            BlockKind(
                name=name,
                content=Content.MARKDOWN,
                required=("audience",),
                forms={"audience": Form.AUDIENCE},
            )
            for name in CHOICES
        ),
    )
}
