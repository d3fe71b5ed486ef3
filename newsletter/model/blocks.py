"""The typed blocks: their names, attributes and what may stand inside. Reading, checking and documentation share this table."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Content(StrEnum):
    #: any Markdown
    MARKDOWN = "markdown"
    #: one line of text: a label, a caption
    LABEL = "label"


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

    @property
    def attributes(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)


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
    )
}
